"""Fields that several recipes have, each written once."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from difffit_core.number_bounds import MOST_THREADS
from difffit_core.recipes.of_map import ResolutionOfMap
from difffit_core.recipes.words import Automatic, Positional, Several, Spelling, Two
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap
    from difffit_core.recipes.base import Recipe
    from difffit_core.target import Target

MODEL_HELP = (
    "Of a file that holds several models, which to read: a number, several with commas between them, or all; if not given, the first of "
    "alternatives, and all parts of an assembly."
)

MapName = Annotated[str, setting("A map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip)."), Positional("MAP")]
ModelName = Annotated[str, setting("A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip)."), Positional("MODEL")]
Resolution = Annotated[float, setting("Resolution of the map in Å.", "Å", ge=0.5, le=100), ResolutionOfMap()]
Level = Annotated[
    Annotated[float, Field(allow_inf_nan=True)] | None,  # the map says what is none, and what its maximum is
    setting("Contour level in the map's units, or auto."),
    Automatic(),
]
Chains = Annotated[tuple[str, ...], setting("Chains that take part, separated by commas; all if not given."), Several("--chain")]
Models = Annotated[str, setting(MODEL_HELP), Spelling("--model", "N|all")]
HalfMapNames = Annotated[
    tuple[str, str] | None,
    setting("The two half maps of MAP: signal and noise by them, rather than by guesses."),
    Two("--half-maps", "HALF1 HALF2"),
]
Seed = Annotated[int, setting("Seed of every random draw.", ge=0, le=2**63 - 1)]
Device = Annotated[str, setting("auto, cpu, cuda or mps.")]
MOST_COPIES = 99_999
"""Of one model that may be asked for."""

Threads = Annotated[int | None, setting("CPU threads; all if not given.", ge=1, le=MOST_THREADS)]


def target_of(recipe: "Recipe", density_map: "DensityMap") -> "Target":
    """The map as a recipe with a resolution and a level reads it.

    Raises
    ------
    ValueError
        If the level is still to be chosen, or the map comes without the half maps that the recipe names.
    """
    from difffit_core.target import Target

    resolution, level = getattr(recipe, "resolution", None), getattr(recipe, "level", None)
    if resolution is None or level is None:
        raise ValueError("the level must be a number before a recipe is bound, got auto")
    if getattr(recipe, "half_maps", None) is not None and density_map.evidence is None:
        raise ValueError("half maps must go with the map before a recipe that names them is bound, got a map without")
    return Target(density_map, resolution, level)
