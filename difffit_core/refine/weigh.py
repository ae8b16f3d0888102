"""How freely a model is bent: the ways are tried from gentle to free, in a map without its finest detail, and judged by that detail."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from difffit_core.conventions import Array
from difffit_core.fit.judge.significance import TOLD_APART
from difffit_core.refine.bending.bend import Matter, Way, bend
from difffit_core.refine.evidence import covered_volume
from difffit_core.refine.free import FreeShells
from difffit_core.refine.settings import RefineSettings
from difffit_core.target import Target

_logger = logging.getLogger(__name__)


_FREER = 0.75
"""Standard deviations by which a freer way must beat the gentler one before it: else the gentler is as good, and moves less."""


@dataclass(frozen=True)
class Trial:
    """A way of bending, and the correlation with the detail left out.

    ``lead`` is by how many standard deviations that beats the model unbent, and ``gain`` the same of the best way before it.
    """

    way: Way
    free: float
    lead: float
    gain: float


@dataclass(frozen=True, eq=False)
class Weighed:
    """How the ways did.

    Attributes
    ----------
    unbent : the correlation of the unbent model with the detail left out
    trials : of the ways
    way : the best, or None where none is supported
    points : (N, 3) in Å, where the best bent the atoms, without that detail; where they were where none is supported
    """

    unbent: float
    trials: tuple[Trial, ...]
    way: Way | None
    points: Array

    def sentence(self) -> str:
        """By which numbers the way was chosen."""
        tried = ", ".join(f"{one.way.strength:g}/{one.way.stiffness:g}: {one.free:.3f} ({one.lead:+.1f} σ)" for one in self.trials)
        way = self.way
        kept = "none is supported: the model stays as it was" if way is None else f"{way.strength:g}/{way.stiffness:g} was taken"
        return f"correlation with detail that bending did not see: unbent {self.unbent:.3f}; pull/stiffness {tried}; {kept}"


def weighed(
    target: Target,
    matter: Matter,
    points: Array,
    ways: Sequence[Way],
    settings: RefineSettings,
    go_on: Callable[[str, float], bool],
    judged_at: float | None = None,
) -> Weighed:
    """Try ``ways`` of bending atoms at ``points`` (N, 3) in Å, from gentle to free.

    The first that the detail left out does not support beside a gentler one that it does is the last to be tried.

    Parameters
    ----------
    target : the part of the map that matters, and how it is read
    matter, settings : what is bent, and how
    go_on : told what is done and the share of it; False ends it, and then no way is taken
    judged_at : Å of the finest shells that judge; the resolution if None
    """
    density, resolution = target.density_map, target.resolution
    shells = FreeShells.of(density, judged_at or resolution, settings.free_from)
    weights = matter.weights
    volume = covered_volume(density, points, weights, judged_at or resolution)
    start = shells.fine(points, weights)
    unbent = shells.correlation(start)
    trials: list[Trial] = []
    best, way_of_best, lead_of_best, points_of_best = start, None, 0.0, points
    for number, way in enumerate(ways):
        asked = True

        def told(share: float, number: int = number) -> bool:
            nonlocal asked
            asked = go_on("weighing", (number + share) / len(ways))
            return asked

        bent = bend(Target(shells.seen, shells.seen_to, target.level), matter, points, way, settings.trial_steps, told)
        if not asked:
            return Weighed(unbent, tuple(trials), None, points)
        state = shells.fine(bent, weights)
        lead, gain = (shells.lead(state, one, volume) for one in (start, best))
        trials.append(Trial(way, shells.correlation(state), lead, gain))
        _logger.info("%s", trials[-1])
        if gain <= (_FREER if way_of_best else 0.0):
            if way_of_best is not None:
                break
            continue  # what holds a model may draw it back from where pieces of it were moved: a freer way need not
        best, way_of_best, lead_of_best, points_of_best = state, way, lead, bent
    if lead_of_best <= TOLD_APART:
        return Weighed(unbent, tuple(trials), None, points)
    return Weighed(unbent, tuple(trials), way_of_best, points_of_best)
