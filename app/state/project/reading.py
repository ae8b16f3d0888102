"""What the files worker does for an opened file: read it, and compute what the views need of it.

What is heavy to import is imported there too, so that the window is up before it.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from difffit_app.state.half_maps_kept import going_by
from difffit_app.state.items import MapStatistics, OpenMap, OpenModel
from difffit_app.state.made_maps import make_open_map
from difffit_app.state.saving import FileState
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import suffix_of
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.models import MODEL_SUFFIXES
from difffit_core.project.arrays import FitArrays
from difffit_core.project.inputs import Changed, Missing, Stamp, is_input, locate_inputs
from difffit_core.project.refinements import BentArrays
from difffit_core.project.schema import Project
from difffit_core.project.store import PROJECT_SUFFIX, open_bent, open_project

ALL_SUFFIXES = (*MAP_SUFFIXES, *MODEL_SUFFIXES, PROJECT_SUFFIX)


def is_project(path: Path) -> bool:
    return path.suffix.lower() == PROJECT_SUFFIX


def is_map(path: Path) -> bool:
    return suffix_of(path) in MAP_SUFFIXES


def is_model(path: Path) -> bool:
    return suffix_of(path) in MODEL_SUFFIXES


def check_kind(path: Path) -> None:
    """Refuse, by a `FileFormatError`, a name that is none of ours."""
    if not (is_project(path) or is_map(path) or is_model(path)):
        raise FileFormatError(f"{path}: the name of a map, model or project must end in {', '.join(ALL_SUFFIXES)}, got '{path.name}'")


def read_open_map(path: Path, identifier: str, name: str | None = None, stamp: Stamp | None = None) -> OpenMap:
    """A map with its histogram and suggested level; ``stamp`` if it is known already."""
    from difffit_app.geometry.overview import Overview
    from difffit_core.contour import suggest_level
    from difffit_core.io.maps import read_map

    density = read_map(path)
    statistics, suggestion = MapStatistics.of(density.values), suggest_level(density)
    return OpenMap(identifier, name or path.name, density, statistics, suggestion, Overview.of(density), stamp or Stamp.of(path))


def read_open_model(path: Path, identifier: str, name: str | None = None, stamp: Stamp | None = None, models: str = "") -> OpenModel:
    """A model with its cartoon; ``stamp`` if it is known already, ``models`` which of those in the file."""
    from difffit_app.geometry.build import build_model_mesh
    from difffit_core.io.models import read_model

    model = read_model(path, models)
    return OpenModel(identifier, name or path.name, model, build_model_mesh(model), stamp or Stamp.of(path))


def state_of(path: Path) -> FileState:
    """What a file is like now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@dataclass(frozen=True, eq=False)
class LocatedProject:
    """A project file that was read, and where its inputs lie."""

    path: Path
    seen: FileState
    project: Project
    arrays: Mapping[str, FitArrays]
    bent: Mapping[str, BentArrays]
    inputs: Mapping[str, Path | Missing | Changed]

    @property
    def lost(self) -> list[Missing | Changed]:
        return [place for place in self.inputs.values() if not isinstance(place, Path)]


def locate_project(path: Path, unpack_to: Path | None = None) -> LocatedProject:
    """Read a project and look for its inputs; those found only in it are unpacked, if it is said where to."""
    seen = state_of(path)
    project, arrays = open_project(path)
    return LocatedProject(path, seen, project, arrays, open_bent(path, project), locate_inputs(project, path, unpack_to))


@dataclass(frozen=True, eq=False)
class ReadProject:
    """A project with those of its inputs that could be read, the maps made of these, and a sentence for each that could not."""

    located: LocatedProject
    maps: tuple[OpenMap, ...]
    models: tuple[OpenModel, ...]
    problems: tuple[str, ...]
    made: tuple[OpenMap, ...] = ()


def read_project_inputs(located: LocatedProject, found: Mapping[str, Path], cancel: threading.Event) -> ReadProject:
    """Read every input; those in ``found`` (by id) were pointed out by the user, and must be the recorded file too."""
    maps: list[OpenMap] = []
    models: list[OpenModel] = []
    problems: list[str] = []
    for entry in located.project.inputs:
        if cancel.is_set():
            break
        place = found.get(entry.id, located.inputs[entry.id])
        if not isinstance(place, Path):
            problems.append(str(place))
            continue
        try:
            if entry.id in found and not is_input(entry, place):
                problems.append(f"{place} is not {entry.name} as this project was made with: its content is another.")
                continue
            stamp = Stamp(place, entry.size, entry.sha256)
            if entry.kind == "map":
                maps.append(going_by(read_open_map(place, entry.id, entry.name, stamp), entry.half_maps, place.parent, problems))
            else:
                models.append(read_open_model(place, entry.id, entry.name, stamp, entry.models))
        except (UserError, OSError) as error:
            problems.append(str(error))
    made = _make_again(located, maps, models, problems, cancel)
    return ReadProject(located, tuple(maps), tuple(models), tuple(problems), made)


def _make_again(
    located: LocatedProject, maps: Sequence[OpenMap], models: Sequence[OpenModel], problems: list[str], cancel: threading.Event
) -> tuple[OpenMap, ...]:
    """The working maps, of those inputs that are there."""
    sources, there = {item.id: item.density for item in maps}, {item.id: item for item in models}
    made: list[OpenMap] = []
    for record in located.project.working_maps:
        if cancel.is_set() or not sources.keys() | there.keys() >= set(record.inputs):
            continue
        try:
            source = sources[record.recipe.map]
            item = make_open_map(record, source, there)
            folder = source.path.parent if source.path is not None else Path()
            is_told = "half_maps" in record.model_fields_set
            made.append(going_by(item, record.half_maps, folder, problems) if is_told else item)
        except UserError as error:
            problems.append(f"The working map {record.name} could not be made again: {error}.")
    return tuple(made)
