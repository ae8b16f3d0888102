"""Model files as packages of the field ship them: read, written and read again with the same atoms, or refused in a sentence."""

import tempfile
from argparse import Namespace
from pathlib import Path

import numpy as np
from cases import DATA, Absent
from report import Report

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.io.files import suffix_of
from difffit_core.io.models import MODEL_SUFFIXES, read_model, write_model
from difffit_core.pose import Pose


def run(options: Namespace) -> Report:
    if options.files is None:
        raise Absent("no folder of model files was given by --files")
    report = Report(
        "Model files of packages",
        "Every .pdb, .ent, .cif and .mmcif file, packed or not, in the domain library and in the sources of packages that are laid side by "
        "side in one folder: read, written as mmCIF, read again, and compared atom by atom.",
        ["", "files", "same again", "of these with a note", "refused", "other atoms"],
    )
    folders = [DATA / "domain_library", *sorted(path for path in options.files.iterdir() if path.is_dir())]
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and suffix_of(path) in MODEL_SUFFIXES)
        rows = [_read(path, folder) for path in files]
        if rows:
            refused, other = ([row for row in rows if row[what]] for what in ("refused", "other"))
            noted = sum(bool(row["notes"]) for row in rows)
            same = len(rows) - len(refused) - len(other)
            report.rows.append([folder.name, *map(str, (len(rows), same, noted, len(refused), len(other)))])
            report.notes += [f"{folder.name}, {row['file']}: {row['refused'] or row['other']}." for row in (*refused, *other)]
            report.raw += rows
    return report


def _read(path: Path, folder: Path) -> dict[str, object]:
    row: dict[str, object] = {"file": str(path.relative_to(folder)), "notes": [], "refused": "", "other": ""}
    try:
        model = read_model(path)
    except UserError as error:
        return row | {"refused": str(error).replace(f"{path}: ", "")}
    except Exception as error:  # noqa: BLE001 - a traceback is what is looked for
        return row | {"other": f"TRACEBACK {type(error).__name__}: {error}"}
    with tempfile.TemporaryDirectory() as scratch:
        try:
            write_model(Path(scratch) / "again.cif", model, Pose.identity())
            other = _difference(model, read_model(Path(scratch) / "again.cif"))
        except Exception as error:  # noqa: BLE001
            other = f"not written or not read again, {type(error).__name__}: {error}"
    return row | {"notes": list(model.notes), "other": other}


def _difference(before: AtomicModel, after: AtomicModel) -> str:
    if len(before) != len(after):
        return f"{len(before)} atoms before, {len(after)} after"
    if np.abs(before.coordinates - after.coordinates).max() > 2e-3:
        return "atoms in other places"
    names = ("atom_names", "residue_names", "chain_names", "residue_numbers", "atomic_numbers", "in_fit")
    return ", ".join(name for name in names if (getattr(before, name) != getattr(after, name)).any())
