"""What goes into a fit, what it says on the way, and what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.broken import BrokenStretch
from difffit_core.conventions import Array
from difffit_core.errors import UserError, shown
from difffit_core.fit.periodic import continued
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.fit_warning import FitWarning
from difffit_core.groups.standing import OfMap
from difffit_core.number_bounds import MOST_THREADS
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.target import InTarget


@dataclass(frozen=True, eq=False)
class FitRequest(InTarget):
    """One fit, complete: the same request on the same device gives the same result, bit for bit.

    Attributes
    ----------
    target, model : what is fitted into what; the model holds only the chains to be fitted, and the map of a whole crystallographic cell is
        continued by what the model needs
    settings : the hyper-parameters
    seed : of every random draw
    device : "cpu", "cuda" or "mps" ("auto" chooses)
    threads : CPU threads, or None for all
    start : the pose from which to climb to the nearest optimum, of all atoms as the file has them; None to search
    region : the sphere in which the middle of the fitted atoms must lie, and beyond which density does not attract; None for everywhere
    symmetry : what tells copies of one answer, as `FitRecipe` has it
    of_map : the symmetry of the map itself, where that is asked for (`align.of_map.in_symmetry` finds it)
    """

    model: AtomicModel
    settings: FitSettings = field(default_factory=FitSettings)
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    start: Pose | None = None
    region: Sphere | None = None
    symmetry: str = "auto"
    of_map: OfMap | None = None

    def __post_init__(self) -> None:
        self.target.check()
        if not 0 <= self.seed < 2**63:
            raise UserError(f"seed must be a whole number from 0 to 2^63 - 1, got {self.seed}")
        if self.threads is not None and not 1 <= self.threads <= MOST_THREADS:
            raise UserError(f"threads must lie between 1 and {MOST_THREADS}, got {shown(self.threads)}")
        if self.start is not None and self.region is not None:
            raise UserError("a fit either starts from a pose or looks inside a sphere, got both")
        if not self.model.in_fit.any():
            raise UserError(f"{self.model.path or self.model.name}: no atoms to fit (hydrogens and waters do not count)")
        object.__setattr__(self, "target", self.target.of(continued(self.density_map, self.model, self.start, self.region)))

    @property
    def wants_of_map(self) -> bool:
        """Whether the symmetry of the map itself is asked for and still to be found."""
        return self.symmetry not in ("auto", "none") and self.of_map is None

    @property
    def is_local(self) -> bool:
        """Whether it does not look everywhere itself, so that wrong poses to judge by must come from a quick search beside it."""
        return self.start is not None or self.region is not None


@dataclass(frozen=True)
class BestSoFar:
    """The best placement found up to now: its pose (as for `Placement`) and local correlation."""

    rotation: tuple[tuple[float, ...], ...]
    translation: tuple[float, ...]
    local_correlation: float


@dataclass(frozen=True)
class FitProgress:
    """Where a running fit stands.

    Attributes
    ----------
    stage : what is being done, in a few words
    fraction : share of the work that is done, 0 to 1
    remaining_s : estimated seconds left, or None where nothing can be said yet
    best : the best pose up to now, or None
    """

    stage: str
    fraction: float
    remaining_s: float | None = None
    best: BestSoFar | None = None


class CancelFlag(Protocol):
    """What a fit asks whether to stop; `threading.Event` is one."""

    def is_set(self) -> bool: ...


OnProgress = Callable[[FitProgress], None]


@dataclass(frozen=True, eq=False)
class FitResult:
    """What a fit found.

    Attributes
    ----------
    placements : one a cluster, best first
    device : where it was computed
    timing : seconds by stage, with "search_s" for everything after reading
    cancelled : True if the user stopped it; the placements are those found until then
    start_quaternions, start_translations : (C, 4), (C, 3), the starting pose of each placement's representative, for replay
    centre : (3,), the mean of the fitted atoms, about which starting poses turn
    start_fields : (C,), the search field that each representative climbed, as `Candidates.fields`
    candidates : all poses that were clustered into the placements; None where they were too many to keep
    warnings : what the user should know before trusting it
    broken : stretches of the best placement that do not fit, if it is significant
    """

    placements: tuple[Placement, ...]
    device: str
    timing: Mapping[str, float]
    cancelled: bool
    start_quaternions: NDArray[np.float64]
    start_translations: NDArray[np.float64]
    centre: Array
    start_fields: NDArray[np.int64] | None = None
    candidates: Candidates | None = None
    warnings: tuple[FitWarning, ...] = ()
    broken: tuple[BrokenStretch, ...] = ()
