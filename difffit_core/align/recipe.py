"""An alignment as it is asked for: every option of it, written once."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from difffit_core.align.hand import HandChoice
from difffit_core.fit.setting_words import SettingWords
from difffit_core.fit.settings import FitSettings
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Device, Level, Seed, Threads
from difffit_core.recipes.of_map import ResolutionOfMap
from difffit_core.recipes.words import Arguments, Automatic, Positional
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.align.request import AlignRequest
    from difffit_core.density_map import DensityMap


class AlignRecipe(Recipe):
    """How to lay maps onto a map; the same recipe of the same maps on the same device gives the same placements, bit for bit."""

    job: ClassVar[str] = "align"

    fixed: Annotated[str, setting("The map that stays (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip)."), Positional("FIXED")]
    moving: Annotated[tuple[str, ...], setting("The map, or maps, to lay onto it.", min_length=1), Arguments("MOVING...")]
    resolution: Annotated[
        float, setting("Resolution of the maps in Å; of the coarser one where they differ.", "Å", ge=0.5, le=100), ResolutionOfMap()
    ]
    level: Level = None
    moving_level: Annotated[
        Annotated[float, Field(allow_inf_nan=True)] | None,
        setting("Contour level of every moving map in its own units, or auto."),
        Automatic(),
    ] = None
    hand: Annotated[HandChoice, setting("Hand of the moving map to try: both, same or mirrored.")] = "both"
    points: Annotated[int, setting("Points drawn from a map's density, which lead the search.", ge=100, le=1_000_000)] = 4000
    settings: Annotated[FitSettings, setting("The hyper-parameters of the search"), SettingWords()] = FitSettings()
    seed: Seed = 0
    device: Device = "auto"
    threads: Threads = None

    def bind(self, fixed: "DensityMap", moving: "DensityMap") -> "AlignRequest":
        """The job of one of the moving maps, with the levels that were left to be suggested.

        Raises
        ------
        UserError
            If a level is not below its map's maximum, or a map is constant.
        """
        from difffit_core.align.request import AlignRequest

        return AlignRequest.make(fixed, moving, self.resolution, self.level, self.moving_level, **self.values_for(AlignRequest))
