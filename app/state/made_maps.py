"""Working maps that were made of maps that are open: from their recipes, as commands, and where the models of their steps stand."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from difffit_app.state.half_maps_kept import half_maps_of
from difffit_app.state.items import MapStatistics, OpenMap, OpenModel
from difffit_core.density_map import DensityMap
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import Crop, Step, Zone
from difffit_core.project.working_maps import WorkingMapRecord


class Opened(Protocol):
    """What is open, by id."""

    @property
    def maps(self) -> Mapping[str, OpenMap]: ...
    @property
    def models(self) -> Mapping[str, OpenModel]: ...


def is_complete(record: WorkingMapRecord, opened: Opened) -> bool:
    """Whether all is open that a working map is made from."""
    return all(one in opened.maps or one in opened.models for one in record.inputs)


def make_open_map(record: WorkingMapRecord, source: DensityMap, models: Mapping[str, OpenModel]) -> OpenMap:
    """Make a working map of its source, with all that is computed of a map. Takes a moment: not for the GUI thread.

    What its record says of it is kept: how a map was aligned is told by no recipe.

    Raises
    ------
    UserError
        If a step cannot be done to this map.
    """
    made = record.recipe.make(source, {(name, which): models[name].model for name, which in record.recipe.models()})
    return open_map_of(made.density_map, record.id, record.name, made.recipe, tuple(dict.fromkeys((*record.said, *made.said))))


def open_map_of(density: DensityMap, identifier: str, name: str, made: MapRecipe, said: tuple[str, ...]) -> OpenMap:
    """What is shown of a working map that was made. Takes a moment."""
    from difffit_app.geometry.overview import Overview
    from difffit_core.contour import suggest_level

    statistics, suggestion = MapStatistics.of(density.values), suggest_level(density)
    return OpenMap(identifier, name, density, statistics, suggestion, Overview.of(density), made=made, said=said)


def record_of(item: OpenMap) -> WorkingMapRecord | None:
    """How a project keeps a working map; None for a map that was read from a file."""
    if item.made is None:
        return None
    return WorkingMapRecord(id=item.id, name=item.name, recipe=item.made, said=item.said, half_maps=half_maps_of(item.density))


def file_of(item: OpenMap, opened: Opened) -> Path:
    """The file of a map; for a working map, under which name it is best written: ``emd_1234_low_pass_8.mrc`` beside its source."""
    if item.made is None:
        return item.density.path or Path("MAP")
    source = opened.maps[item.made.map].density.path or Path("map.mrc")
    words = re.sub(r"[^A-Za-z0-9.]+", "_", "_".join(step.tag for step in item.made.steps)).strip("_.").lower()
    return source.with_name(f"{source.name.split('.')[0]}_{words[:60]}.mrc")


def making_of(item: OpenMap, opened: Opened, out: Path | None = None) -> str:
    """The command that makes a working map as a file; empty for a map that was read from one."""
    if item.made is None:
        return ""
    files = {name: str(opened.models[name].model.path or "MODEL") for name, _ in item.made.models()}
    which = {name: opened.models[name].model.models for name in files}
    steps = tuple(_with_files(step, files, which) for step in item.made.steps)
    recipe = item.made.changed(map=str(opened.maps[item.made.map].density.path or "MAP"), steps=steps)
    return recipe.command("--out", str(out or file_of(item, opened)))


def after_making(item: OpenMap, opened: Opened, command: str) -> str:
    """A command that takes `file_of` a map, with what makes that file before it."""
    making = making_of(item, opened)
    return f"{making} && {command}" if making else command


def _with_files(step: Step, files: Mapping[str, str], which: Mapping[str, str]) -> Step:
    if not isinstance(step, (Crop, Zone)) or not step.around:
        return step
    around = tuple(one.model_copy(update={"model": files[one.model], "models": which[one.model]}) for one in step.around)
    return step.model_copy(update={"around": around})


def named_history(item: OpenMap, opened: Opened) -> str:
    """What was done to make it, in words, with models by their names; empty for a map that was read from a file."""
    return "" if item.made is None else ", then ".join(named_step(step, opened).done for step in item.made.steps)


def named_step(step: Step, opened: Opened) -> Step:
    """A step that says its models by their names, for its words."""
    around = step.around if isinstance(step, (Crop, Zone)) else ()
    names = {one.model: opened.models[one.model].name if one.model in opened.models else one.model for one in around}
    return _with_files(step, names, dict.fromkeys(names, ""))
