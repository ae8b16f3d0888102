"""Examination of a map, and of a model beside it."""

from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import mass
from difffit_core.density_map import DensityMap
from difffit_core.doctor.finding import Finding
from difffit_core.doctor.header import examine_header
from difffit_core.doctor.model import examine_model
from difffit_core.doctor.placed import examine_placed
from difffit_core.doctor.values import examine_values
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import check_readable
from difffit_core.io.map_geometry import place
from difffit_core.io.map_period import note_of
from difffit_core.io.map_values import read_values
from difffit_core.io.maps import check_header, on_grid, read_header
from difffit_core.io.models import read_model
from difffit_core.target import Target, check_resolution


def examine(map_path: Path, model_path: Path | None = None, resolution: float | None = None, level: float | None = None) -> list[Finding]:
    """Look for everything known to spoil a fit; files that a fit refuses are examined as far as they go.

    Parameters
    ----------
    map_path : the map
    model_path : the model to fit into it
    resolution : of the map, in Å
    level : contour level to judge, in the map's units; without one the suggested level is used

    Raises
    ------
    UserError
        If a file is absent or may not be read, or the resolution or level is none; bad content is a finding, never an error.
    """
    if resolution is not None:
        check_resolution(resolution)
    if level is not None and not np.isfinite(level):
        raise UserError(f"level must be a finite number, got {level}")
    paths = [Path(map_path), *([] if model_path is None else [Path(model_path)])]
    for path in paths:
        _check_present(path)

    findings: list[Finding] = []
    density = _examine_map_file(paths[0], resolution, findings)
    model = _read_model(paths[1], findings) if len(paths) > 1 else None
    if density is not None:
        contour = examine_values(density, level, None if model is None else mass(model), findings)
        if model is not None:
            examine_model(model, density, contour, findings)
            if resolution is not None and contour is not None:
                examine_placed(model, Target(density, resolution, contour), findings)
    return findings


def _check_present(path: Path) -> None:
    try:
        check_readable(path)
    except FileFormatError:
        return  # an empty file is bad content, and becomes a finding


def _examine_map_file(path: Path, resolution: float | None, findings: list[Finding]) -> DensityMap | None:
    try:
        header = read_header(path)
        check_header(header)
        geometry = place(header)
    except FileFormatError as error:
        findings.append(Finding("error", "map file", f"{error}; a fit cannot read this map."))
        return None
    examine_header(header, geometry, resolution, findings)
    try:
        read = read_values(header, geometry)
        findings += [Finding(note.severity, note.topic, note.sentence) for note in read.notes]
        if not any(note.topic == "finite values" for note in read.notes):
            findings.append(Finding("ok", "finite values", "Every voxel is finite."))
        density = on_grid(header, geometry, read)
    except FileFormatError as error:
        findings.append(Finding("error", "map file", f"{error}; get the file anew."))
        return None
    if density.lattice is not None:
        note = note_of(density.lattice)
        findings.append(Finding(note.severity, note.topic, note.sentence))
    return density


def _read_model(path: Path, findings: list[Finding]) -> AtomicModel | None:
    try:
        return read_model(path)
    except FileFormatError as error:
        findings.append(Finding("error", "model file", f"{error}; a fit cannot read this model."))
        return None
