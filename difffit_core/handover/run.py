"""Writing a hand-over: model and map once, and beside them what each program reads."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from difffit_core import __version__
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.escaping.terminal import one_line
from difffit_core.handover.density import Prepared, prepare_map
from difffit_core.handover.handed import MAP, MODEL, PDB, REFERENCE, Handed, chains_of
from difffit_core.handover.names import with_plain_names
from difffit_core.handover.programs import PROGRAMS
from difffit_core.handover.subject import Subject
from difffit_core.io.files import atomic_write
from difffit_core.io.maps import write_map
from difffit_core.io.models import beyond_pdb, write_structure
from difffit_core.io.tables import write_json_atomic
from difffit_core.output import Place, write_together

README, DATA = "README.txt", "handover.json"
NAMES = "|".join([*(re.escape(name) for name in (MODEL, PDB, REFERENCE, MAP, README, DATA)), *(one.names for one in PROGRAMS.values())])
"""Names of the files of a hand-over."""
PADDING_A = 10.0


def write_handover(
    place: Place,
    subject: Subject,
    programs: Sequence[str] = tuple(PROGRAMS),
    *,
    padding: float = PADDING_A,
    normalise: bool = True,
    provenance: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write model, map and what each program reads into a folder.

    Parameters
    ----------
    place : a folder, made if it is not there; all of the files appear, or none
    programs : which of `PROGRAMS`
    padding : Å of the map kept around the model; infinite for all of it
    normalise : whether the map's values become multiples of its noise
    provenance : as `difffit_core.provenance.provenance` tells it

    Raises
    ------
    UserError
        If a program is not known, the level or the resolution are none of the map, the model does not lie in it, the place is in use,
        or something cannot be written.
    """
    for name in programs:
        if name not in PROGRAMS:
            raise UserError(f"a program to hand over to must be one of {', '.join(PROGRAMS)}, got {name}")
    subject.target.check()
    structure, reference, notes = with_plain_names(subject.structure, subject.reference)
    points = _points(subject)
    prepared = prepare_map(subject.target, points, padding, normalise=normalise)
    renamed = zip(subject.structure[0], structure[0], strict=True)
    copies = {after.name: subject.copies[before.name] for before, after in renamed if before.name in subject.copies}
    handed = Handed(
        subject.name, structure, reference, chains_of(structure), prepared.target, points.mean(axis=0),
        subject.half_maps, subject.predicted, copies,
    )  # fmt: skip
    writers: dict[str, Any] = {
        MODEL: partial(write_structure, structure=structure),
        MAP: partial(write_map, density_map=prepared.target.density_map),
    }
    notes = [*subject.notes, *notes, *prepared.notes]
    if reason := beyond_pdb(structure):
        notes.append(f"there is no {PDB}, since the PDB format holds {reason}")
    else:
        writers[PDB] = partial(write_structure, structure=structure)
    if reference is not None:
        writers[REFERENCE] = partial(write_structure, structure=reference)
    told = list(dict.fromkeys(programs))
    for name in told:
        for file, content in PROGRAMS[name].files(handed).items():
            writers[file] = partial(_write, content=content)
    notes += _doubts(handed, told)
    writers[README] = partial(_write, content=readme(handed, prepared, told, notes))
    writers[DATA] = partial(write_json_atomic, data=_document(handed, told, notes, list(writers), provenance))
    return write_together(place, writers, command="handover", names=NAMES)


def readme(handed: Handed, prepared: Prepared, programs: Sequence[str], notes: Sequence[str]) -> str:
    """What lies in the folder, and how to go on from it."""
    size = " x ".join(str(number) for number in prepared.target.density_map.shape_xyz)
    lines = [
        one_line(handed.name),
        "",
        f"{MODEL}: the model, in the map's frame",
        f"{MAP}: the map, {size} voxels; contour level {handed.target.level:.4g}, resolution {handed.target.resolution:g} A",
        *([] if handed.reference is None else [f"{REFERENCE}: the model before it was bent, whose geometry is the restraint"]),
        "",
        "How to go on, in this folder:",
        *(f"  {PROGRAMS[name].title}: {PROGRAMS[name].command}" for name in programs),
        "",
        *(["What to know:", *(f"  {one_line(note)}" for note in notes), ""] if notes else []),
        f"Made by difffit {__version__}.",
        "",
    ]
    return "\n".join(lines)


def _doubts(handed: Handed, programs: Sequence[str]) -> list[str]:
    notes = []
    if "servalcat" in programs and handed.half_maps is None:
        notes.append("ServalCat asks for half maps, whole and unsharpened; none are known here, so that its script takes the map")
    parts = [one.name for one in handed.chains if one.kind and not one.whole]
    if "cryoboltz" in programs and parts:
        notes.append(
            f"the sequences for CryoBoltz of chains {', '.join(parts)} are those of the atoms: add the residues that the model lacks"
        )
    if "cryoboltz" in programs and not any(one.kind for one in handed.chains):
        notes.append("no chain is a protein or nucleic acid, so that there is nothing for CryoBoltz")
    return notes


def _document(
    handed: Handed, programs: Sequence[str], notes: Sequence[str], files: Sequence[str], provenance: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "schema": 1,
        "what": handed.name,
        "resolution": handed.target.resolution,
        "level": handed.target.level,
        "half_maps": None if handed.half_maps is None else [str(one) for one in handed.half_maps],
        "predicted": handed.predicted,
        "chains": [{"name": one.name, "kind": one.kind or "other", "residues": len(one.sequence)} for one in handed.chains],
        "programs": {name: PROGRAMS[name].command for name in programs},
        "files": [*files, DATA],
        "notes": list(notes),
        **({} if provenance is None else {"provenance": dict(provenance)}),
    }


def _points(subject: Subject) -> Array:
    points = np.array([atom.pos.tolist() for chain in subject.structure[0] for residue in chain for atom in residue], np.float64)
    if not len(points):
        raise UserError(f"{subject.name}: there are no atoms to hand over")
    return points


def _write(path: Path, content: str | bytes) -> None:
    with atomic_write(path) as temporary:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode())
