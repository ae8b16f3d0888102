"""What half maps are asked: every option of it, written once."""

from typing import Annotated, ClassVar

from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Seed
from difffit_core.recipes.words import Positional
from difffit_core.settings import setting


class HalvesRecipe(Recipe):
    """How to read resolution and noise from two half maps; the same recipe of the same maps gives the same answer."""

    job: ClassVar[str] = "halves"

    first: Annotated[str, setting("A half map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip)."), Positional("HALF1")]
    second: Annotated[str, setting("The other."), Positional("HALF2")]
    resolution: Annotated[float | None, setting("Resolution in Å that the map is said to have.", "Å", ge=0.5, le=100)] = None
    mask: Annotated[str, setting("A mask of values from 0 to 1 on the same grid; one is drawn round the density if not given.")] = ""
    level: Annotated[
        float | None, setting("Contour of the mean, smoothed to 15 Å or more, round which the mask is drawn; suggested if not given.")
    ] = None
    local: Annotated[bool, setting("Look at the resolution of each place, too.")] = True
    seed: Seed = 0
