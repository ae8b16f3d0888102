"""The density that a job works in: a map, its resolution, and the contour level above which there is density."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError


@dataclass(frozen=True, eq=False)
class Target:
    """A map and how it is read.

    Attributes
    ----------
    density_map : the map
    resolution : of it, in Å
    level : contour level in the map's units
    """

    density_map: DensityMap
    resolution: float
    level: float

    def check(self) -> None:
        """Refuse, by a `UserError`, a resolution that no map of molecules has, and a level with nothing above it."""
        check_resolution(self.resolution)
        check_level(self.density_map, self.level)

    def of(self, density_map: DensityMap) -> "Target":
        """Another map read in the same way, as what is left of this one."""
        return replace(self, density_map=density_map)


def check_resolution(resolution: float) -> None:
    """Refuse, by a `UserError`, a resolution in Å that no map of molecules has."""
    if not 0.5 <= resolution <= 100:
        raise UserError(f"resolution must lie between 0.5 and 100 Å, got {resolution:g}")


def check_level(density_map: DensityMap, level: float) -> None:
    """Refuse, by a `UserError`, a contour level with nothing above it."""
    highest = float(density_map.values.max())
    if not np.isfinite(level) or level >= highest:
        name = density_map.path or density_map.name
        raise UserError(f"{name}: level must lie below the map's maximum of {highest:.4g}, got {level:g}")


@dataclass(frozen=True, eq=False)
class InTarget:
    """The base of requests for work in a map; ``density_map``, ``resolution`` and ``level`` are those of its ``target``."""

    target: Target

    @property
    def density_map(self) -> DensityMap:
        """The map."""
        return self.target.density_map

    @property
    def resolution(self) -> float:
        """Of the map, in Å."""
        return self.target.resolution

    @property
    def level(self) -> float:
        """Contour level in the map's units."""
        return self.target.level

    @property
    def half_maps(self) -> tuple[str, str] | None:
        """The half maps of the map, by name."""
        return self.density_map.half_maps

    def in_map(self, density_map: DensityMap) -> Self:
        """The same in another map, read in the same way."""
        return replace(self, target=self.target.of(density_map))
