"""A screen as it is asked for: every option of it, written once."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from difffit_core.fit.setting_words import SettingWords
from difffit_core.fit.settings import FitSettings
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Device, HalfMapNames, Level, MapName, Resolution, Seed, target_of
from difffit_core.recipes.words import Flat, Positional
from difffit_core.screen.filters import PROMISING, Filters
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap
    from difffit_core.screen.request import ScreenRequest


class ScreenRecipe(Recipe):
    """One screen: the same recipe gives each model of the library the same result, whatever else is in it."""

    job: ClassVar[str] = "screen"

    map: MapName
    library: Annotated[
        str,
        setting("A folder of models, or a text file with a path or an accession a line (P12345, 6WTI), which are fetched."),
        Positional("LIBRARY"),
    ]
    resolution: Resolution
    level: Level = None
    half_maps: HalfMapNames = None
    filters: Annotated[Filters, setting("Which models take part"), Flat(Filters)] = Filters()
    settings: Annotated[FitSettings, setting("Of the full search"), SettingWords("of the full search")] = FitSettings()
    promising: Annotated[
        float, setting("Search in full what has a p-value below this after the first pass; 1 for all, 0 for none.", ge=0, le=1)
    ] = PROMISING
    seed: Seed = 0
    device: Device = "auto"

    def bind(self, density_map: "DensityMap") -> "ScreenRequest":
        """The request, of the map as it was read from its file.

        Raises
        ------
        UserError
            If something is out of bounds for this map.
        ValueError
            If the level is still to be chosen, or half maps that it names are missing.
        """
        from difffit_core.screen.request import ScreenRequest

        target = target_of(self, density_map)
        return ScreenRequest(**{**self.values_for(ScreenRequest), "target": target})
