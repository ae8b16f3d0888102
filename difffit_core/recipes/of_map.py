"""What a map carries from its archive's entry, where a command line leaves it out."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.recipes.words import Parameter, Spelling


class ResolutionOfMap(Spelling):
    """``--resolution``, or that of the maps' entries; of several the coarsest."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        (usual,) = super().parameters(name, info)
        help_text = f"{usual.help} Not needed for a map that difffit fetch has fetched."
        return (replace(usual, kind=float | None, default=None, help=help_text),)

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        if given[name] is not None:
            return given[name]
        maps = [Path(given["map"])] if "map" in given else [Path(given["fixed"]), *map(Path, given["moving"])]
        return max(resolution_beside(path) for path in maps)


def resolution_beside(map_path: Path) -> float:
    """The resolution in Å that the entry of a map gives.

    Raises
    ------
    UserError
        If the map is not there, or nothing is known.
    """
    from difffit_core.io.map_entries import read_entry

    if not map_path.is_file():
        raise UserError(f"{map_path}: no such file, and without one the resolution must be given, in Å (--resolution)")
    entry, told = read_entry(map_path)
    return known_resolution(str(map_path), entry.resolution if entry is not None else None, "" if entry is not None else told)


def known_resolution(name: str, resolution: float | None, told: str = "") -> float:
    """The resolution, if it is known; `UserError` if not."""
    if resolution is None:
        why = told or f"nothing beside {name} says what it is"
        raise UserError(f"resolution must be given, in Å (--resolution), as {why}")
    return resolution
