"""The folder of results (`placements.json`, `placements.csv`, models, `project.difffit`): all of it or nothing."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.io.models import write_model
from difffit_core.io.tables import write_json_atomic, write_placements_csv
from difffit_core.project.build import write_fit_project

SCHEMA = 1
_PLACED = re.compile(r"placement_\d+\.cif")


def check_folder(folder: Path) -> None:
    """Refuse a results folder that could not be written, before any work is done.

    Raises
    ------
    UserError
        If it is a file, or neither it nor the nearest folder above it can be written.
    """
    nearest = folder.absolute()
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        raise UserError(f"{folder}: out must be a folder that can be written, got a path through the file {nearest}")
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise UserError(f"{folder}: out must be a folder that can be written, got: {os.strerror(error.errno or 0)}") from None


def write_results(
    folder: Path,
    request: FitRequest,
    result: FitResult,
    *,
    timing: Mapping[str, float],
    details: Mapping[str, Any],
    command: str,
    evidence: Sequence[str],
    save: int,
) -> list[Path]:
    """Write everything a fit found; `placements.json` last, so that where it is, all is.

    ``details`` are the request's own figures, which stand beside the settings. Placed models of an earlier run are removed.

    Raises
    ------
    UserError
        If something cannot be written; what was written by then is taken away again.
    """
    made = _make_folder(folder)
    placed = [folder / f"placement_{one.rank:03d}.cif" for one in result.placements[:save]]
    project, csv, table = folder / "project.difffit", folder / "placements.csv", folder / "placements.json"
    written = [*placed, project, csv, table]
    try:
        for path, placement in zip(placed, result.placements, strict=False):
            write_model(path, request.model, placement.pose)
        write_fit_project(project, request, result, command=command, evidence=evidence)
        write_placements_csv(csv, result.placements)
        document = {
            "schema": SCHEMA,
            "map": str(request.density_map.path),
            "model": str(request.model.path),
            "settings": {**details, **request.settings.model_dump(mode="json")},
            "device": result.device,
            "timing": {name: round(seconds, 4) for name, seconds in timing.items()},
            "placements": [placement.to_dict() for placement in result.placements],
        }
        write_json_atomic(table, document)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        for parent in made:
            parent.rmdir()
        raise
    for stale in folder.iterdir():
        if _PLACED.fullmatch(stale.name) and stale not in placed:
            stale.unlink()
    return written


def _make_folder(folder: Path) -> list[Path]:
    """Make the folder and those above it; return the ones made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: the folder cannot be made: {os.strerror(error.errno or 0)}") from None
    return missing
