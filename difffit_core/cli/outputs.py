"""The folder of results (`placements.json`, `placements.csv`, models, `project.difffit`): all of it or nothing."""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
    try:
        while not nearest.exists():
            nearest = nearest.parent
        if not nearest.is_dir():
            raise UserError(f"{folder}: out must be a folder that can be written, got a path through the file {nearest}")
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
    """Write everything a fit found beside its place, then move it there; `placements.json` last, so that where it is, all is.

    ``details`` are the request's own figures, which stand beside the settings. What an earlier run left in the folder is replaced, its
    placed models included, and stays as it was if this one fails. Runs that end in one folder at once take turns.

    Raises
    ------
    UserError
        If something cannot be written; nothing of it is left then.
    """
    made = _make_folder(folder)
    mark = f".{secrets.token_hex(4)}."
    placed = [f"placement_{one.rank:03d}.cif" for one in result.placements[:save]]
    names = [*placed, "project.difffit", "placements.csv", "placements.json"]
    unfinished = {name: folder / f"{mark}{name}" for name in names}
    document = {
        "schema": SCHEMA,
        "map": str(request.density_map.path),
        "model": str(request.model.path),
        "settings": {**details, **request.settings.model_dump(mode="json")},
        "device": result.device,
        "timing": {name: round(seconds, 4) for name, seconds in timing.items()},
        "placements": [placement.to_dict() for placement in result.placements],
    }
    try:
        for name, placement in zip(placed, result.placements, strict=False):
            write_model(unfinished[name], request.model, placement.pose)
        write_fit_project(unfinished["project.difffit"], request, result, command=command, evidence=evidence)
        write_placements_csv(unfinished["placements.csv"], result.placements)
        write_json_atomic(unfinished["placements.json"], document)
        with _alone_in(folder):
            _publish(folder, unfinished)
    except BaseException as error:
        for path in unfinished.values():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            for parent in made:
                parent.rmdir()
        if isinstance(error, UserError):
            raise UserError(str(error).replace(mark, "")) from error
        raise
    return [folder / name for name in names]


def _publish(folder: Path, unfinished: Mapping[str, Path]) -> None:
    (folder / "placements.json").unlink(missing_ok=True)
    for stale in folder.iterdir():
        if _PLACED.fullmatch(stale.name):
            stale.unlink()
    for name, path in unfinished.items():
        os.replace(path, folder / name)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder, where the system knows locks that end with their process and leave no file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> list[Path]:
    """Make the folder and those above it; return the ones made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: the folder cannot be made: {os.strerror(error.errno or 0)}") from None
    return missing
