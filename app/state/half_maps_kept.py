"""By which half maps a map goes, as a project keeps it, and going by them again."""

import os
from dataclasses import replace
from pathlib import Path

from difffit_app.state.items import OpenMap
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.project.base import HalfMapsRecord


def half_maps_of(density: DensityMap) -> HalfMapsRecord | None:
    """The half maps by which fits in a map go; None where they go without."""
    evidence = density.evidence
    if evidence is None or evidence.stated is None:
        return None
    return HalfMapsRecord(first=evidence.files[0], second=evidence.files[1], resolution=evidence.stated)


def going_by(item: OpenMap, kept: HalfMapsRecord | None, folder: Path, problems: list[str]) -> OpenMap:
    """The map with what its half maps say, or without if it went without; a sentence where they are not there any more.

    Parameters
    ----------
    item : a map that was read, or made of another, which it may have them from
    kept : by which it went
    folder : where they are looked for if they are not where they were
    problems : to which the sentence is added
    """
    if kept == half_maps_of(item.density):
        return item
    from difffit_core.contour import suggest_level
    from difffit_core.halves.attach import with_half_maps

    density = replace(item.density, evidence=None)
    if kept is not None:
        first, second = (one if os.path.isfile(one) else folder / one.name for one in map(Path, (kept.first, kept.second)))
        try:
            density = with_half_maps(density, first, second, kept.resolution)
        except (UserError, OSError) as error:
            problems.append(f"{item.name} goes without its half maps now: {error}.")
            return item
    return replace(item, density=density, suggestion=suggest_level(density))
