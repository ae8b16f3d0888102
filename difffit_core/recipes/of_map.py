"""What a map is known to have, where a command line leaves it out."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.map_resolution import MapResolution
from difffit_core.recipes.words import Parameter, Spelling


class ResolutionOfMap(Spelling):
    """``--resolution``, or what the maps' entries, headers or file names say; of several the coarsest."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        (usual,) = super().parameters(name, info)
        help_text = (
            f"{usual.help} Not needed for a map that difffit fetch has fetched, or whose header or file name says it, as in map_4A.mrc."
        )
        return (replace(usual, kind=float | None, default=None, help=help_text),)

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return given[name] if given[name] is not None else resolution_of_maps(given).value


def resolution_of_maps(given: Mapping[str, Any]) -> MapResolution:
    """The resolution of the map, or the coarsest of the maps, that a command line gave, as `resolution_beside`."""
    maps = [Path(given["map"])] if "map" in given else [Path(given["fixed"]), *map(Path, given["moving"])]
    return max((resolution_beside(path) for path in maps), key=lambda one: one.value)


def resolution_beside(map_path: Path) -> MapResolution:
    """The resolution that the entry, the header or the file name of a map gives.

    Raises
    ------
    UserError
        If the map is not there, or nothing is known.
    """
    from difffit_core.io.map_entries import read_entry
    from difffit_core.io.map_geometry import place
    from difffit_core.io.map_words import resolution_told
    from difffit_core.io.maps import read_header

    if not map_path.is_file():
        raise UserError(f"{map_path}: no such file, and without one the resolution must be given, in Å (--resolution)")
    entry, told = read_entry(map_path)
    if entry is not None and entry.resolution is not None:
        return MapResolution(entry.resolution, f"its entry {entry.accession}", True)
    header = read_header(map_path)
    found = resolution_told(map_path, header.labels, float(place(header).step.max()))
    return known_resolution(str(map_path), found, "" if entry is not None else told)


def known_resolution(name: str, resolution: MapResolution | None, told: str = "") -> MapResolution:
    """The resolution, if it is known; `UserError` if not."""
    if resolution is None:
        why = told or f"nothing beside {name} says what it is, nor its header or name"
        raise UserError(f"resolution must be given, in Å (--resolution), as {why}")
    return resolution
