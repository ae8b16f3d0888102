"""Map files as packages of the field ship them: read, read with something to say, or refused in a sentence."""

from argparse import Namespace
from pathlib import Path

from cases import Absent
from report import Report

from difffit_core.errors import UserError
from difffit_core.io.files import suffix_of
from difffit_core.io.maps import MAP_SUFFIXES, read_map


def run(options: Namespace) -> Report:
    if options.files is None:
        raise Absent("no folder of map files was given by --files")
    report = Report(
        "Map files of packages",
        "Every .mrc, .map and .ccp4 file, packed or not, in the sources of packages that are laid side by side in one folder.",
        ["", "files", "read", "of these with a note", "refused"],
    )
    for folder in sorted(path for path in options.files.iterdir() if path.is_dir()):
        files = sorted(path for path in folder.rglob("*") if path.is_file() and suffix_of(path) in MAP_SUFFIXES)
        rows = [_read(path, folder) for path in files]
        if rows:
            refused = [row for row in rows if row["refused"]]
            read = len(rows) - len(refused)
            noted = sum(bool(row["notes"]) for row in rows)
            report.rows.append([folder.name, str(len(rows)), str(read), str(noted), str(len(refused))])
            report.notes += [f"{folder.name}, {row['file']}: {row['refused']}." for row in refused]
            report.raw += rows
    return report


def _read(path: Path, folder: Path) -> dict[str, object]:
    name = str(path.relative_to(folder))
    try:
        return {"file": name, "notes": list(read_map(path).notes), "refused": ""}
    except UserError as error:
        return {"file": name, "notes": [], "refused": str(error).replace(f"{path}: ", "")}
