"""What both ways to a composite need: the models made ready, their fits, and how far the work is."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from difffit_core.align.of_map import symmetry_of
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.judge import Judge
from difffit_core.compose.candidates.linkers import Linkers
from difffit_core.compose.candidates.overlap import overlaps
from difffit_core.compose.candidates.pool import Candidate, found_beside, from_fit
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.residual import Residual, residual
from difffit_core.compose.steps import Steps
from difffit_core.density_map import DensityMap
from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.known import known_result
from difffit_core.fit.request import CancelFlag, FitResult, OnProgress
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.subject import prepare_map
from difffit_core.groups.standing import OfMap, Standing
from difffit_core.pose import Pose

SMALLEST_SHARE = 0.3
"""A model is not looked for in what is left where that is less than this share of the density it would fill."""

CLEARLY_BELOW = 3.0
"""Standard errors of the difference of two correlations beyond which a copy is clearly weaker than the best."""

Placed = list[tuple[int, Pose]]


def near_enough(resolution: float) -> float:
    """RMSD in Å within which two poses of a model are one place, at a resolution in Å."""
    return max(2.0, 0.4 * resolution)


def _bends(wanted: Wanted, at_cuts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which fitted atoms (N,) of a model may lie otherwise."""
    return at_cuts if wanted.bends is None else at_cuts | wanted.bends


class Workshop:
    """The request made ready, with everything that is found on the way.

    Attributes
    ----------
    request : what is to be done
    bodies, judges : of each model
    linkers : between the models, where they are parts of the same chains
    fits : every fit made: index of the model, its number, and what it found
    timing : seconds by stage
    """

    def __init__(self, request: ComposeRequest, on_progress: OnProgress | None, cancel: CancelFlag) -> None:
        self.request = request
        models = [wanted.model for wanted in request.wanted]
        self.linkers = Linkers(models if request.settings.linked else [], near_enough(request.resolution))
        self.bodies = [Body(model, _bends(request.wanted[i], self.linkers.flexible(i, model))) for i, model in enumerate(models)]
        self.device = resolve_device(request.device)
        self.steps = Steps(on_progress, searches=len(request.wanted), later=len(request.wanted) if request.settings.rounds else 0)
        self._cancel = cancel
        self._of_map: OfMap | None = None
        self._side = prepare_map(request.target, request.fit_settings, self.device)
        self.judges = [Judge(i, body, request.fit(i, request.density_map, 0), self._side) for i, body in enumerate(self.bodies)]
        self.fits: list[tuple[int, int, FitResult]] = []
        self.timing = {"search_s": 0.0, "solve_s": 0.0, "refine_s": 0.0}

    @property
    def cancelled(self) -> bool:
        return self._cancel.is_set()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Book the time of what is done inside."""
        begun = time.perf_counter()
        yield
        self.timing[stage] += time.perf_counter() - begun

    def search(self, which: Sequence[int], density_map: DensityMap) -> list[Candidate]:
        """Fit models into the map, or into what is left of it, and pool their placements."""
        found: list[Candidate] = []
        where = "the map" if density_map is self.request.density_map else "what is left"
        for index in which:
            number = sum(done == index for done, _, _ in self.fits)
            if self.request.wanted[index].stands:
                found += self._standing(index)
                continue
            if density_map is self.request.density_map and self.request.wanted[index].found:
                found += self._known(index)
                continue
            with self.timed("search_s"), self.steps.part(f"{self.bodies[index].model.name} in {where}") as tell:
                try:
                    side = self._side if density_map is self.request.density_map else None
                    result = run_fit(self.request.fit(index, density_map, number), tell, self._cancel, side, thorough=False)
                except FitCancelled:
                    if not self.fits:
                        raise
                    break
            self.fits.append((index, number, result))
            if number == 0:
                self.judges[index].learn(result)
            found += from_fit(index, result, f"search in {where}")
        return found

    def _known(self, index: int) -> list[Candidate]:
        """What an earlier search of the whole map found of a model."""
        wanted = self.request.wanted[index]
        result = known_result(wanted.found, self.bodies[index].centre, self.device)
        self.fits.append((index, 0, result))
        self.judges[index].learn(result)
        return from_fit(index, result, "screen of the map")

    def _standing(self, index: int) -> list[Candidate]:
        """A model that stands already, at its place, judged beside wrong poses of its own."""
        with self.timed("search_s"), self.steps.part(f"{self.bodies[index].model.name} where it stands") as tell:
            result = run_fit(self.request.fit(index, self.request.density_map, 0), tell, self._cancel, self._side, thorough=False)
        self.fits.append((index, 0, result))
        self.judges[index].learn(result)
        return self.judges[index].judge([Pose.identity()], "stands there already")

    def stands(self, index: int) -> bool:
        """Whether a model stands already and has nothing to prove."""
        return self.request.wanted[index].stands

    @property
    def of_map(self) -> OfMap | None:
        """The symmetry of the map itself, as far as it was looked for."""
        return self._of_map

    def look_at_map(self) -> Standing | None:
        """The symmetry of the map itself, found when it is first asked for; None where there is none of use, or it was cancelled."""
        request = self.request
        if self._of_map is None and not self.cancelled:
            with self.timed("search_s"), self.steps.part("symmetry of the map") as tell, suppress(FitCancelled):
                self._of_map = request.of_map or symmetry_of(
                    request.target, request.settings.group, request.seed, self.device, tell, self._cancel, request.threads,
                )  # fmt: skip
        return self._of_map.standing if self._of_map else None

    def beside(self) -> list[Candidate]:
        """What earlier searches found of the models in the map that others left."""
        return [one for index, wanted in enumerate(self.request.wanted) for one in found_beside(index, wanted.beside)]

    def judge_again(self, one: Candidate, pose: Pose) -> Candidate:
        """A candidate where it ended; what was only ever searched beside the others has no p-value but the one it has there."""
        judge = self.judges[one.body]
        found = replace(judge.judge([pose], one.source)[0], p_beside=one.p_beside)
        return found if judge.learned or one.p_beside is None else replace(found, p_value=1.0)

    def wants_more(self, index: int, chosen: Sequence[Candidate]) -> bool:
        """Whether another copy of a model may be placed."""
        most = self.request.wanted[index].most
        return most is None or sum(one.body == index for one in chosen) < most

    def welcome(self, one: Candidate, pool: Sequence[Candidate]) -> bool:
        """Whether the settings let a candidate in, among all there are."""
        settings = self.request.settings
        if self.stands(one.body):
            return True
        if one.z_score <= 0 or (settings.accept == "significant" and not one.significant):
            return False
        if self.request.wanted[one.body].copies is not None:
            return True
        return not self.weaker(one, pool)

    def one_of_many(self, index: int) -> bool:
        """Whether a model was not asked for by name, but is one of many that were tried."""
        return self.request.wanted[index].below < SIGNIFICANT

    def do_not_stand_out(self, chosen: Sequence[Candidate]) -> set[int]:
        """Of the models chosen those of which no copy is as significant as one of so many that were tried must be."""
        best: dict[int, float] = {}
        for one in chosen:
            best[one.body] = min(best.get(one.body, 1.0), one.judged_p)
        return {body for body, p in best.items() if self.one_of_many(body) and p >= self.request.wanted[body].below}

    def weaker(self, one: Candidate, pool: Sequence[Candidate]) -> str:
        """In what a candidate is no further copy of its model, but one of its kin or part of it; empty where it may be one.

        Copies of one molecule score alike in one map. One that stands as clearly below the best as chance hardly puts it, and by a share
        that local resolution hardly explains, is something else that looks like it.
        """
        if self.request.wanted[one.body].copies is not None:
            return ""
        best = max((other for other in [one, *pool] if other.body == one.body), key=lambda other: other.correlation)
        heights = np.arctanh(np.clip([best.correlation, one.correlation], -0.999999, 0.999999))
        below = float(heights[0] - heights[1]) / np.sqrt(2 / (self.judges[one.body].elements - 3))
        if one.correlation >= self.request.settings.comparable * best.correlation or below < CLEARLY_BELOW:
            return ""
        return f"weaker than its best copy ({best.correlation:.3f}) by {below:.1f} standard errors: something like it rather than a copy"

    def name(self, placed: Placed, index: int) -> str:
        """What to call one of the placed copies."""
        body = placed[index][0]
        number = sum(other == body for other, _ in placed[: index + 1])
        copies = sum(other == body for other, _ in placed)
        return self.bodies[body].model.name + (f" (copy {number})" if copies > 1 else "")

    def welcome_beside(self, new: Sequence[Candidate], chosen: Sequence[Candidate], placed: Placed) -> list[Candidate]:
        """Those that are welcome and overlap nothing that is ``placed``, which the ``chosen`` candidates have become."""
        if not new:
            return []
        share = self.overlaps([*placed, *((one.body, one.pose) for one in new)]).toarray()[len(placed) :, : len(placed)]
        apart = share.max(axis=1, initial=0.0) <= self.request.settings.most_overlap
        return [one for one, ok in zip(new, apart, strict=True) if ok and self.welcome(one, chosen)]

    def overlaps(self, placed: Placed) -> csr_array:
        """`overlap.overlaps` of the models."""
        return overlaps(self.bodies, placed)

    def rest(self, placed: Placed, names: Sequence[dict[str, str]] = ()) -> Residual:
        """What is left of the map."""
        request = self.request
        return residual(request.target, self.bodies, placed, names)

    def roomy(self, which: Sequence[int], placed: Placed, room: float) -> list[int]:
        """Models that ``room`` Å³ of density could hold."""
        return [index for index in which if room >= SMALLEST_SHARE * self._fills(index, placed)]

    def _fills(self, index: int, placed: Placed) -> float:
        """Volume in Å³ above the level that a model would fill: what its first placement does, or else what it covers."""
        request = self.request
        mine = [pose for body, pose in placed if body == index]
        if not mine:
            return self.judges[index].side.template.volume
        part = self.bodies[index].density(mine[0], request.density_map, request.resolution)
        covered = part.values > 0.05 * part.values.max(initial=0)
        return float((covered & (request.density_map.values[part.box] > request.level)).sum() * request.density_map.voxel_volume)
