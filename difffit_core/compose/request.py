"""What goes into a composite."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.candidates.cross_links import CrossLink
from difffit_core.compose.settings import ComposeSettings
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError, shown
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.request import FitRequest
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.standing import OfMap
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.recipes.fields import MOST_COPIES
from difffit_core.target import InTarget


@dataclass(frozen=True, eq=False)
class Wanted:
    """A model that is to be placed.

    Attributes
    ----------
    model : only the chains to be placed
    copies : at most how many; None for as many as there are
    found : what a full search of the whole map has found already, as after a fit; empty to search here
    beside : what a search of the map that other models left has found, which stands beside them
    below : p-value that at least one copy must stay below, or none is placed; lower where the model is one of many that were tried
    stands : that it stands where its file has it already: it is placed there whatever speaks for it, and moves no more
    single : that one copy is placed where the number is not known, since what speaks for one is too little to tell a second from its kin
    part_of : the file of whose chains it is a part, so that it shares a molecule with other parts of it; "" where it is none
    bends : of its fitted atoms (N,), which may lie otherwise in the map, so that they are in nobody's way; None for none
    """

    model: AtomicModel
    copies: int | None = None
    found: tuple[Placement, ...] = ()
    beside: tuple[Placement, ...] = ()
    below: float = SIGNIFICANT
    stands: bool = False
    single: bool = False
    part_of: str = ""
    bends: NDArray[np.bool_] | None = None

    @property
    def most(self) -> int | None:
        """The most copies that may be placed; None for as many as there are."""
        return 1 if self.copies is None and self.single else self.copies

    def __post_init__(self) -> None:
        if self.copies is not None and not 1 <= self.copies <= MOST_COPIES:
            name = self.model.path or self.model.name
            raise UserError(f"{name}: copies must be a whole number from 1 to {MOST_COPIES}, got {shown(self.copies)}")


@dataclass(frozen=True, eq=False)
class ComposeRequest(InTarget):
    """One composite, complete: the same request on the same device gives the same result.

    Attributes
    ----------
    target : the map and how it is read; that of a whole crystallographic cell is taken as it stands
    wanted : the models; of none, nothing is placed and all of the map is left
    settings, fit_settings : of the composite, and of the fits that find its candidates
    seed, device, threads : as in `FitRequest`
    links : residues that are known to lie near each other
    of_map : the symmetry of the map itself, where it is known already and the settings ask for it; else it is found
    """

    wanted: tuple[Wanted, ...]
    settings: ComposeSettings = field(default_factory=ComposeSettings)
    fit_settings: FitSettings = field(default_factory=FitSettings)
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    links: tuple[CrossLink, ...] = ()
    of_map: OfMap | None = None

    def __post_init__(self) -> None:
        if self.settings.method == "rounds" and (self.settings.impose or self.settings.group is not None):
            raise UserError("a symmetry can be imposed with method together only: rounds keep every placement as it was accepted")
        if self.settings.linked and any(one.copies != 1 for one in self.wanted):
            raise UserError("linked parts of a chain can be placed once each: copies must be 1 for every model")
        if self.density_map.lattice is not None:
            object.__setattr__(self, "target", self.target.of(replace(self.density_map, lattice=None)))
        for index in range(len(self.wanted)):
            self.fit(index, self.density_map, 0)

    def fit(self, index: int, density_map: DensityMap, number: int) -> FitRequest:
        """The fit of one model in the map or in what is left of it; ``number`` counts the fits of this model from 0.

        It searches to the end, since an assembly may need the second-best place.
        """
        seed = self.seed + number
        model = self.wanted[index].model
        settings = self.fit_settings.model_copy(update={"stop_p": 0.0})
        start = Pose.identity() if self.wanted[index].stands else None
        return FitRequest(self.target.of(density_map), model, settings, seed, self.device, self.threads, start)
