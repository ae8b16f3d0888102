"""The one entry to a composite solved together: `run_compose`."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from difffit_core.compose.assembly import Alternative, PlacedCopy, name_chains
from difffit_core.compose.body import Body
from difffit_core.compose.candidates import Candidate, from_fit, worth_trying
from difffit_core.compose.judge import Judge
from difffit_core.compose.overlap import clashes, overlaps
from difffit_core.compose.refine import Part, refine
from difffit_core.compose.request import ComposeRequest, ComposeResult
from difffit_core.compose.residual import residual
from difffit_core.compose.solve import Programme, Solution
from difffit_core.compose.steps import Steps
from difffit_core.compose.subtract import ZeroOutMethod, zero_out
from difffit_core.compose.symmetry import Symmetry, find_symmetry
from difffit_core.density_map import DensityMap
from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag, FitResult, OnProgress
from difffit_core.fit.run import run_fit
from difffit_core.fit.subject import prepare_map
from difffit_core.pose import Pose, PoseBatch

_logger = logging.getLogger(__name__)

TRIED = 60
"""Most candidates of each model in the integer programme."""
SMALLEST_SHARE = 0.3
"""A model is not looked for in what is left where that is less than this share of the density it would fill."""
_MOST_PASSES = 60


def run_compose(request: ComposeRequest, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None) -> ComposeResult:
    """Place several models, or several copies, together.

    Each model is fitted alone; its placements are candidates, of which an integer programme chooses those that together explain most and do
    not overlap. The chosen ones are refined together, symmetry among the copies is looked for and completed, and models of which
    copies may be missing are fitted again into what is left of the map, until nothing more is found.

    Parameters
    ----------
    request : the map, the models and the settings
    on_progress : called from this thread, at most ten times a second
    cancel : looked at between blocks of work

    Raises
    ------
    DeviceError, UserError
        As `run_fit`.
    FitCancelled
        If it was cancelled before anything was found; later, what was found is put together and returned, with ``cancelled`` set.
    """
    return _Run(request, on_progress, cancel or threading.Event()).run()


def near_enough(resolution: float) -> float:
    """RMSD in Å within which two poses of a model are one place, at a resolution in Å."""
    return max(2.0, 0.4 * resolution)


class _Run:
    def __init__(self, request: ComposeRequest, on_progress: OnProgress | None, cancel: CancelFlag) -> None:
        self._request = request
        self._settings = request.settings
        self._cancel = cancel
        self._steps = Steps(on_progress, searches=len(request.wanted), later=len(request.wanted) if request.settings.rounds else 0)
        self._bodies = [Body(wanted.model) for wanted in request.wanted]
        self._device = resolve_device(request.device)
        side = prepare_map(request.density_map, request.resolution, request.level, request.fit_settings, self._device)
        self._side = side
        self._judges = [Judge(i, body, request.fit(i, request.density_map, 0), side) for i, body in enumerate(self._bodies)]
        self._fits: list[tuple[int, int, FitResult]] = []
        self._timing = {"search_s": 0.0, "solve_s": 0.0, "refine_s": 0.0}

    def run(self) -> ComposeResult:
        start = time.perf_counter()
        pool = self._search(range(len(self._bodies)), self._request.density_map, 0)
        chosen, poses, solution = self._settle(pool)
        symmetries, order, poses = self._symmetries(chosen, poses)
        copies = self._copies([chosen[i] for i in order], [poses[i] for i in order])
        placed = [(copy.body, copy.pose) for copy in copies]
        request = self._request
        left = residual(request.density_map, request.resolution, request.level, self._bodies, placed, [copy.chains for copy in copies])
        alternative = self._alternative(pool, chosen)
        self._timing["total_s"] = time.perf_counter() - start
        self._steps.finish(self._cancel.is_set())
        return ComposeResult(
            tuple(copies), solution.score, solution.proven, symmetries, left, alternative, tuple(self._fits),
            tuple(self._notes(pool, chosen, symmetries)), self._device, dict(self._timing), self._cancel.is_set(),
        )  # fmt: skip

    def _search(self, which: Sequence[int], density_map: DensityMap, number: int) -> list[Candidate]:
        """Fit models into the map (``number`` 0) or into what is left of it, and pool their placements."""
        begun = time.perf_counter()
        found: list[Candidate] = []
        for index in which:
            name = self._bodies[index].model.name
            where = "the map" if number == 0 else "what is left"
            with self._steps.part(f"{name} in {where}") as tell:
                request = self._request.fit(index, density_map, number)
                try:
                    result = run_fit(request, tell, self._cancel, self._side if number == 0 else None)
                except FitCancelled:
                    if not self._fits:
                        raise
                    break
            self._fits.append((index, number, result))
            if number == 0:
                self._judges[index].learn(result)
            found += from_fit(index, result, f"search in {where}")
        self._timing["search_s"] += time.perf_counter() - begun
        return found

    def _settle(self, pool: list[Candidate]) -> tuple[list[Candidate], list[Pose], Solution]:
        """Solve, refine, look for more, until there is no more; what is found on the way joins the ``pool``."""
        searches = 0
        for _ in range(_MOST_PASSES):
            chosen, solution = self._choose(pool)
            _logger.info("%d placements of evidence %.1f", len(chosen), solution.score)
            more = self._by_symmetry(chosen)
            if not more:
                poses = self._refined(chosen)
                if searches >= self._settings.rounds or self._cancel.is_set():
                    break
                searches += 1
                more = self._in_what_is_left(chosen, poses, searches)
                if not more:
                    break
            pool += more
        else:
            poses = self._refined(chosen)
        return chosen, poses, solution

    def _choose(self, pool: Sequence[Candidate]) -> tuple[list[Candidate], Solution]:
        begun = time.perf_counter()
        tried = [
            one for one in worth_trying(pool, TRIED, significant=self._settings.accept == "significant") if self._comparable(one, pool)
        ]
        programme = Programme(tried, self._overlaps(tried), [wanted.copies for wanted in self._request.wanted], self._settings.most_overlap)
        solution = programme.solve()
        self._timing["solve_s"] += time.perf_counter() - begun
        return sorted((tried[i] for i in solution.chosen), key=lambda one: (one.body, -one.evidence)), solution

    def _comparable(self, one: Candidate, pool: Sequence[Candidate]) -> bool:
        if self._request.wanted[one.body].copies is not None:
            return True
        best = max(other.correlation for other in pool if other.body == one.body)
        return one.correlation >= self._settings.comparable * best

    def _overlaps(self, candidates: Sequence[Candidate]) -> csr_array:
        return overlaps(self._bodies, [(one.body, one.pose) for one in candidates])

    def _refined(self, chosen: Sequence[Candidate]) -> list[Pose]:
        begun = time.perf_counter()
        if not self._settings.refine:
            return [one.pose for one in chosen]
        self._steps.say("refining all together")
        parts = [Part(self._bodies[one.body], self._judges[one.body].side, one.pose, self._judges[one.body].elements) for one in chosen]
        poses = refine(self._request.density_map, self._request.resolution, parts, lambda: not self._cancel.is_set())
        self._timing["refine_s"] += time.perf_counter() - begun
        return poses

    def _wants_more(self, index: int, chosen: Sequence[Candidate]) -> bool:
        most = self._request.wanted[index].copies
        return most is None or sum(one.body == index for one in chosen) < most

    def _fits_between(self, new: Sequence[Candidate], chosen: Sequence[Candidate], poses: Sequence[Pose]) -> list[Candidate]:
        """Those that overlap nothing that is placed and that the programme may take."""
        if not new:
            return []
        placed = [(one.body, pose) for one, pose in zip(chosen, poses, strict=True)]
        share = overlaps(self._bodies, [*placed, *((one.body, one.pose) for one in new)]).toarray()[len(placed) :, : len(placed)]
        free = share.max(axis=1, initial=0.0) <= self._settings.most_overlap
        significant = self._settings.accept == "significant"
        return [
            one for one, ok in zip(new, free, strict=True)
            if ok and one.z_score > 0 and (one.significant or not significant) and self._comparable(one, [*chosen, one])
        ]  # fmt: skip

    def _by_symmetry(self, chosen: Sequence[Candidate]) -> list[Candidate]:
        """Copies that the symmetry of the chosen ones asks for, where the map holds them."""
        if self._settings.symmetry == "none" or self._cancel.is_set():
            return []
        found: list[Candidate] = []
        for index, judge in enumerate(self._judges):
            mine = [one.pose for one in chosen if one.body == index]
            if len(mine) < 2 or not self._wants_more(index, chosen):
                continue
            symmetry = find_symmetry(judge.body, mine, near_enough(self._request.resolution), self._settings.group)
            if symmetry is None:
                continue
            images = [symmetry.image(*member) for member in symmetry.missing()]
            polished = judge.polish(images)
            if polished:
                moved = judge.body.rmsd(PoseBatch.of(images), PoseBatch.of(polished)).diagonal()
                kept = [p for p, far in zip(polished, moved, strict=True) if far < 2 * near_enough(self._request.resolution)]
                found += judge.judge(kept, f"completes {symmetry.group}")
        return self._fits_between(found, chosen, [one.pose for one in chosen])

    def _in_what_is_left(self, chosen: Sequence[Candidate], poses: Sequence[Pose], number: int) -> list[Candidate]:
        """Search what is left of the map for models of which copies may be missing."""
        request = self._request
        placed = [(one.body, pose) for one, pose in zip(chosen, poses, strict=True)]
        wanted = [i for i in range(len(self._bodies)) if self._wants_more(i, chosen)]
        if not placed or not wanted:
            return []
        left = request.density_map
        for method in (ZeroOutMethod.SOFT, ZeroOutMethod.COVERED):
            left = zero_out(left, request.resolution, request.level, self._bodies, placed, method).density_map
        room = residual(request.density_map, request.resolution, request.level, self._bodies, placed).volume
        fitting = [i for i in wanted if room >= SMALLEST_SHARE * self._fills(i, chosen, poses)]
        if not fitting or not (left.values > request.level).any():
            return []
        return self._fits_between(self._search(fitting, left, number), chosen, poses)

    def _fills(self, index: int, chosen: Sequence[Candidate], poses: Sequence[Pose]) -> float:
        """Volume in Å³ above the level that a model would fill: what its best placement does, or else what it covers."""
        request = self._request
        mine = [pose for one, pose in zip(chosen, poses, strict=True) if one.body == index]
        if not mine:
            return self._judges[index].side.template.volume
        part = self._bodies[index].density(mine[0], request.density_map, request.resolution)
        covered = part.values > 0.05 * part.values.max()
        return float((covered & (request.density_map.values[part.box] > request.level)).sum() * request.density_map.voxel_volume)

    def _symmetries(self, chosen: Sequence[Candidate], poses: list[Pose]) -> tuple[dict[int, Symmetry], list[int], list[Pose]]:
        """The symmetry of each model's copies, their order along it, and the poses, at its exact places if it is to be imposed."""
        found: dict[int, Symmetry] = {}
        order: list[int] = []
        impose = self._settings.impose or self._settings.group is not None
        for index, body in enumerate(self._bodies):
            mine = [i for i, one in enumerate(chosen) if one.body == index]
            symmetry = None
            if self._settings.symmetry != "none":
                symmetry = find_symmetry(body, [poses[i] for i in mine], near_enough(self._request.resolution), self._settings.group)
            if symmetry is not None:
                members = symmetry.members
                ranked = sorted(range(len(mine)), key=lambda i: (members[i][0] < 0, members[i]))
                if impose:
                    for i, pose in zip(mine, symmetry.imposed([poses[i] for i in mine]), strict=True):
                        poses[i] = pose
                found[index] = replace(symmetry, members=tuple(members[i] for i in ranked))
                mine = [mine[i] for i in ranked]
            order += mine
        return found, order, poses

    def _copies(self, chosen: Sequence[Candidate], poses: Sequence[Pose]) -> list[PlacedCopy]:
        scored = [self._judges[one.body].judge([pose], one.source)[0] for one, pose in zip(chosen, poses, strict=True)]
        clash = clashes([pose.apply(self._bodies[one.body].coordinates) for one, pose in zip(chosen, poses, strict=True)])
        names = name_chains(self._bodies[one.body].model for one in chosen)
        number: Counter[int] = Counter()
        copies = []
        for one, share, chains in zip(scored, clash, names, strict=True):
            number[one.body] += 1
            copies.append(
                PlacedCopy(
                    one.body, number[one.body], one.pose, chains, one.correlation, one.z_score, one.p_value, float(share), one.source
                )
            )
        return copies

    def _alternative(self, pool: Sequence[Candidate], chosen: Sequence[Candidate]) -> Alternative | None:
        """The next best assembly with no more copies of any model, weaker candidates included."""
        tried = [*chosen, *(one for one in worth_trying(pool, TRIED, significant=False) if one not in chosen)]
        counts = Counter(one.body for one in chosen)
        programme = Programme(tried, self._overlaps(tried), [counts[i] for i in range(len(self._bodies))], self._settings.most_overlap)
        same_place = self._same_place(chosen, tried)
        second = programme.alternative(Solution(tuple(range(len(chosen))), 0.0), same_place)
        if not chosen or not second.proven:
            return None
        nudged = set(np.concatenate(same_place).tolist())
        taken = [tried[i] for i in second.chosen]
        different = [tried[i] for i in second.chosen if i not in nudged]
        return Alternative(second.score, tuple(taken), tuple(different), len(chosen) - len(taken))

    def _same_place(self, chosen: Sequence[Candidate], tried: Sequence[Candidate]) -> list[NDArray[np.int64]]:
        same = []
        for one in chosen:
            mine = np.array([i for i, other in enumerate(tried) if other.body == one.body])
            off = self._bodies[one.body].rmsd(PoseBatch.of([one.pose]), PoseBatch.of([tried[i].pose for i in mine]))[0]
            same.append(mine[off < max(3.0, near_enough(self._request.resolution))])
        return same

    def _notes(self, pool: Sequence[Candidate], chosen: Sequence[Candidate], symmetries: dict[int, Symmetry]) -> list[str]:
        notes = list(self._request.density_map.notes)
        for index, wanted in enumerate(self._request.wanted):
            placed = sum(one.body == index for one in chosen)
            if placed and (wanted.copies is None or placed == wanted.copies):
                continue
            asked = "any copy" if wanted.copies is None else f"{wanted.copies} wanted"
            others = [one for one in pool if one.body == index and one not in chosen]
            best = max(others, key=lambda one: one.z_score, default=None)
            tail = f"; the best candidate left has local correlation {best.correlation:.3f}, p = {best.p_value:.2g}" if best else ""
            notes.append(f"{wanted.model.name}: {placed} placed of {asked}{tail}")
        if self._settings.group is not None:
            missing = [self._bodies[i].model.name for i in range(len(self._bodies)) if i not in symmetries]
            notes += [f"{name}: its copies do not obey {self._settings.group}, which was asked for" for name in missing]
        return notes
