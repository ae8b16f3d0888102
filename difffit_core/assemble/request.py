"""What goes into an assembly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from difffit_core.assemble.entry import Entry
from difffit_core.assemble.priors import NamedLink, bound_links
from difffit_core.assemble.stoichiometry import Stoichiometry
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.settings import ComposeSettings
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.screen.filters import PROMISING, Filters
from difffit_core.screen.listing import is_domain
from difffit_core.screen.request import ScreenRequest
from difffit_core.target import InTarget


@dataclass(frozen=True, eq=False)
class AssembleRequest(InTarget):
    """One assembly but for its library: the fields are those of `AssembleRecipe`, with the map and other files as they were read."""

    stoichiometry: Stoichiometry = field(default_factory=Stoichiometry)
    symmetry: str = "auto"
    fixed: AtomicModel | None = None
    links: tuple[NamedLink, ...] = ()
    searches: int = 3
    like_others: float = 0.65
    bend: bool = False
    alike: bool = False
    filters: Filters = field(default_factory=Filters)
    settings: FitSettings = field(default_factory=FitSettings)
    promising: float = PROMISING
    seed: int = 0
    device: str = "auto"

    def screen(self, density_map: DensityMap) -> ScreenRequest:
        """The screen of the map, or of what is left of it."""
        return ScreenRequest(self.target.of(density_map), self.settings, self.filters, self.promising, self.seed, self.device)

    def compose(self, entries: Sequence[Entry], searches: int, turns: Mapping[int, NDArray[np.bool_]] | None = None) -> ComposeRequest:
        """The composite of the models that stand out; ``searches`` of what is left for copies of those that are placed.

        ``turns`` has, of entries by index that are to be bent, the fitted atoms (N,) that may lie otherwise in the map.
        """
        turns = turns or {}
        wanted = tuple(
            Wanted(
                one.model,
                one.copies,
                () if one.beside else one.placements,
                one.standing if one.beside else (),
                one.below,
                one.stands,
                one.pooled,
                one.path if is_domain(one.part, self.filters) else "",
                turns.get(index),
            )
            for index, one in enumerate(entries)
        )
        links = bound_links(self.links, [one.model for one in entries], [one.key for one in entries])
        settings = ComposeSettings.checked({"symmetry": self.symmetry, "rounds": searches})
        return ComposeRequest(self.target, wanted, settings, self.settings, self.seed, self.device, links=tuple(links))
