"""A search for a map's symmetry as it is asked for."""

from typing import Annotated, ClassVar

from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Device, Level, MapName, Resolution, Seed, Threads
from difffit_core.settings import setting


class SymmetryRecipe(Recipe):
    """How to find the symmetry of a map; the same recipe of the same map on the same device gives the same answer, bit for bit."""

    job: ClassVar[str] = "symmetry"

    map: MapName
    resolution: Resolution
    level: Level = None
    impose: Annotated[bool, setting("Write the map averaged over its symmetry as well.")] = False
    seed: Seed = 0
    device: Device = "auto"
    threads: Threads = None
