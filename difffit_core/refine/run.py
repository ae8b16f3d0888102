"""The one entry to bending a model: `run_refine`."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.request import CancelFlag, FitProgress, OnProgress
from difffit_core.fit.run import use_threads
from difffit_core.fit.search.detail import halves_warnings
from difffit_core.fit_warning import FitWarning
from difffit_core.periodic import around
from difffit_core.refine.begin import Begun, begin, domain_labels
from difffit_core.refine.bending.bend import Matter, Way, bend, ways
from difffit_core.refine.bending.carry import carried
from difffit_core.refine.bending.geometry import Geometry, Soundness
from difffit_core.refine.bending.mend import mended
from difffit_core.refine.bending.pull import ROOM, worked_on
from difffit_core.refine.domains import Stands, settle
from difffit_core.refine.evidence import correlation, simulated
from difffit_core.refine.pieces.alike import arranged_alike
from difffit_core.refine.pieces.hinges import hinges_of
from difffit_core.refine.pieces.move import Arranged, arranged
from difffit_core.refine.request import RefineRequest, RefineResult, Step
from difffit_core.refine.support import judged
from difffit_core.refine.trace import Trace
from difffit_core.refine.weigh import weighed
from difffit_core.residues import Residues

_T = TypeVar("_T")
_AS_PLACED = 1e-3
_AT_REST = 0.5
"""Å of root mean square: a model that bending has moved by less is where it belongs, and is not bent again."""
_MOST_COARSER = 2.0
"""How many times coarser than stated the half maps may make the resolution at which bending is judged: they speak of the whole box."""
_FEW_FAULTS = 12
"""Places that are not sound with which joined pieces are kept all the same: bending may mend them, and what it does not is told."""
_TETHER = 3.0
"""Per Å²: a bond's spring is a hundred times as stiff."""
_MOST_CUT = 1500
"""Residues of a chain: cutting a longer one into compact pieces takes longer than it is worth."""
_SHARES = {"placing": (0.0, 0.2), "pieces": (0.2, 0.35), "domains": (0.35, 0.4), "weighing": (0.4, 0.7), "bending": (0.7, 0.97)}
"""Where each part of the work begins and ends."""


def run_refine(
    request: RefineRequest, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None, begun: Begun | None = None
) -> RefineResult:
    """Bend a model into a map.

    It is placed as a whole, where it stands or by a fit; pieces that do not fit there are moved about their hinges as rigid bodies; then
    all atoms are bent, as freely as density which bending did not see supports. A step that the map does not support, or after which the
    model's own geometry does not hold, is taken back, and that is said.

    Parameters
    ----------
    request : the map, the model and how
    on_progress : called from this thread
    cancel : looked at some times a second; what was reached until then is returned, with ``cancelled`` set
    begun : how the whole model is placed, where that is known

    Raises
    ------
    UserError
        If the model cannot be placed at all.
    FitCancelled
        If it was cancelled before it was placed.
    """
    work = _Work(request, _Teller(on_progress, cancel or threading.Event()))
    use_threads(request.threads)
    with threadpool_limits(limits=1, user_api="blas"):  # threads of numpy's and of the kernels get in each other's way
        return _refined(work, begun)


def _refined(work: "_Work", known: Begun | None) -> RefineResult:
    request, cancel = work.request, work.teller.cancel
    begun = known or work.timed("place_s", lambda: begin(request, work.teller.part("placing"), cancel))
    state = work.start(begun)
    if begun.certain or request.settings.start == "here":
        state = work.timed("pieces_s", lambda: work.pieces(state, begun))
        if request.settings.search:
            state = work.timed("domains_s", lambda: work.domains_settled(state))
        if not request.settings.rigid_bodies_only:
            state = work.timed("bend_s", lambda: work.bent_to_rest(state))
    else:
        work.note(_not_certain(begun))
    return work.timed("judge_s", lambda: work.result(state, begun))


@dataclass(frozen=True, eq=False)
class _State:
    """Fitted atoms (M, 3) in Å, the body of each residue (n,), and the geometry."""

    points: Array
    labels: NDArray[np.int64]
    geometry: Geometry


class _Teller:
    """Progress through the parts of the work, and whether to go on."""

    def __init__(self, on_progress: OnProgress | None, cancel: CancelFlag) -> None:
        self._on_progress, self.cancel = on_progress, cancel
        self._reached = 0.0

    def __call__(self, part: str, what: str, share: float = 0.0) -> bool:
        if self._on_progress is not None:
            first, last = _SHARES[part]
            self._reached = max(self._reached, first + (last - first) * min(share, 1.0))  # what is done again does not run backwards
            self._on_progress(FitProgress(what, self._reached))
        return not self.cancel.is_set()

    def part(self, name: str) -> OnProgress:
        def tell(progress: FitProgress) -> None:
            self(name, progress.stage, progress.fraction)

        return tell


@dataclass(eq=False)
class _Work:
    request: RefineRequest
    teller: _Teller
    steps: list[Step] = field(default_factory=list)
    warnings: list[FitWarning] = field(default_factory=list)
    timing: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        request, model = self.request, self.request.model
        self.began = time.perf_counter()
        self.residues = Residues.of(model)
        self.matter = Matter.of(model, request.held, request.groups, request.bodies, alike=request.settings.alike)
        self.soundness = Soundness(model, self.matter.restraints(1.0), self.matter.body)
        if request.settings.alike and not self.matter.copies:
            self.note("No two chains are copies of one another, so none are bent alike.")

    def timed(self, name: str, run: Callable[[], _T]) -> _T:
        begun = time.perf_counter()
        result = run()
        self.timing[name] = time.perf_counter() - begun
        return result

    def note(self, message: str, kind: str = "refine") -> None:
        self.warnings.append(FitWarning(kind, message))

    def start(self, begun: Begun) -> _State:
        self.warnings += [one for one in begun.warnings if one.kind != "broken"]
        self.warnings += [one for one in halves_warnings(self.request.density_map) if one not in self.warnings]
        points = begun.pose.apply(self.request.model.fit_coordinates)
        return _State(points, np.zeros(len(self.residues), np.int64), self.soundness.of(points))

    def pieces(self, state: _State, begun: Begun) -> _State:
        """Pieces moved and joined; the state as it was where that cannot be done."""
        found: Arranged | None = self._tried(
            "pieces",
            lambda: self._arranged(state, begun),
        )
        if found is None:
            return state
        self.steps += found.steps
        if not any(one.taken for one in found.steps):
            return state
        points, geometry = self._joined(found.spread)
        if self._breaks(state.geometry, geometry) and geometry.faults > _FEW_FAULTS:
            self.steps.append(Step("joining", False, f"the pieces cannot be joined soundly ({_first(geometry)}); taken back"))
            return state
        return _State(points, found.labels, geometry)

    def domains_settled(self, state: _State) -> _State:
        """Domains that look whole, moved where density that does not pull them supports it."""
        near = self.request.target.of(self._near(state.points))
        known = self._domains()
        if known is None and max(np.unique(self.residues.chains, return_counts=True)[1], default=0) <= _MOST_CUT:
            known = domain_labels(self.request)
        model = replace(self.request.model, structure=None)
        stands = Stands(model, self.matter, Trace.of(model), state.points, state.labels)
        free_from, told = self.request.settings.free_from, partial(self.teller, "domains")
        found = self._tried(
            "domains", lambda: settle(near, stands, known, free_from=free_from, judged_at=self._told_apart_to(), go_on=told)
        )
        if found is None or self.teller.cancel.is_set():
            return state
        self.steps.append(Step("domains", bool(found.spread), found.sentence))
        if not found.spread:
            return state
        points, geometry = self._joined(found.spread)
        if self._breaks(state.geometry, geometry):
            self.steps.append(Step("joining", False, f"the domains cannot be joined soundly ({_first(geometry)}); taken back"))
            return state
        return _State(points, found.labels, geometry)

    def _arranged(self, state: _State, begun: Begun) -> Arranged:
        found = arranged(
            self.request, begun.pose, self._domains(), lambda what: self.teller("pieces", what, 0.5), self.teller.cancel,
            anew=not begun.settled,
        )  # fmt: skip
        if not self.matter.copies or not any(one.taken for one in found.steps):
            return found
        near, weights, resolution = self._near(found.points), self.matter.weights, self.request.resolution

        def fits(points: Array) -> float:
            return correlation(simulated(near, points, weights, resolution).ravel(), near.values.ravel())

        return arranged_alike(found, state.points, self.matter.copies, self.residues.of_atom, fits)

    def _joined(self, spread: Sequence[Array]) -> tuple[Array, Geometry]:
        """The pieces with sound joints, spread as little as that needs; the soundest where none is."""
        best: tuple[Array, Geometry] | None = None
        for points in spread:
            one = mended(self.matter, self.soundness, points, 0.0)
            if best is None or one[1].faults < best[1].faults:
                best = one
            if one[1].holds or self.teller.cancel.is_set():
                break
        return best or (spread[0], self.soundness.of(spread[0]))

    def bent_to_rest(self, state: _State) -> _State:
        """All atoms bent as far as is supported, and again from there as long as that moves them and is supported, too."""
        choice: Sequence[Way] = ways(self.request.settings.stiffness)
        for _ in range(self.request.settings.bends):
            after, way = self._bent(state, choice)
            if way is None:
                break
            moved = float(np.sqrt(((after.points - state.points) ** 2).sum(axis=1).mean()))
            state, choice = after, (way,)
            if moved < _AT_REST or self.teller.cancel.is_set():
                break
        return state

    def _bent(self, state: _State, ways: Sequence[Way]) -> tuple[_State, Way | None]:
        """The atoms bent in the best of some ways, and which that was; as they were, and None, where none is supported."""
        request, settings = self.request, self.request.settings
        near = request.target.of(self._near(state.points))
        choice = self._tried(
            "weighing",
            lambda: weighed(near, self.matter, state.points, ways, settings, partial(self.teller, "weighing"), self._told_apart_to()),
        )
        if choice is None or self.teller.cancel.is_set():
            return state, None
        self.steps.append(Step("weighing", choice.way is not None, choice.sentence()))
        if (way := choice.way) is None:
            return state, None
        points = self._tried(
            "bending",
            lambda: bend(near, self.matter, choice.points, way.finer(), settings.steps, partial(self.teller, "bending", "bending")),
        )
        if points is None or self.teller.cancel.is_set():
            return state, None
        points, geometry = mended(self.matter, self.soundness, points, _TETHER)
        if not geometry.holds and geometry.faults >= state.geometry.faults:
            self.steps.append(Step("bending", False, f"the bent model is not sound ({_first(geometry)}); taken back"))
            return state, None
        return _State(points, state.labels, geometry), way

    def result(self, state: _State, begun: Begun) -> RefineResult:
        """All atoms where they belong, and what there is to say."""
        request, model, residues = self.request, self.request.model, self.residues
        rigid = begun.pose.apply(model.fit_coordinates)
        as_placed = bool(np.abs(state.points - rigid).max() < _AS_PLACED)
        coordinates = begun.pose.apply(model.coordinates) if as_placed else carried(model, state.points)
        trace = Trace.of(replace(model, structure=None))
        places = np.array([trace.moved(one) for one in (rigid, state.points)])
        verdict = judged(around(request.density_map, state.points, ROOM), model, begun.pose, coordinates, request, residues)
        for sentence in state.geometry.sentences():
            self.note(f"What could not be held: {sentence}.", "geometry")
        if verdict.sentence:
            self.note(verdict.sentence, "support")
        self.timing["refine_s"] = time.perf_counter() - self.began
        return RefineResult(
            model, coordinates, begun.pose, begun.how, begun.placement, residues, verdict.before, verdict.after,
            np.linalg.norm(places[1] - places[0], axis=1), verdict.supported,
            hinges_of(trace, state.labels, model.fit_coordinates, state.points),
            tuple(self.steps), state.geometry, self.timing, self.teller.cancel.is_set(), tuple(self.warnings),
        )  # fmt: skip

    def _near(self, points: Array) -> DensityMap:
        return worked_on(around(self.request.density_map, points, ROOM), points, self.request.resolution)

    def _told_apart_to(self) -> float:
        """Å down to which the map is more than noise: the stated resolution, or that of the half maps where it is coarser.

        The finest shells judge how freely a model is bent, and shells of noise alone would support nothing. The other half map would be no
        judge: what belongs to a neighbour is in both, and a model that is bent into it agrees better with either.
        """
        evidence, stated = self.request.density_map.evidence, self.request.resolution
        found = evidence.resolution if evidence is not None and evidence.resolution is not None else stated
        return min(max(found, stated), _MOST_COARSER * stated)

    def _domains(self) -> NDArray[np.int64] | None:
        """The predicted domain of each residue (n,), where predicted errors tell."""
        if self.request.domains is not None or self.request.pae is None:
            return self.request.domains
        return domain_labels(self.request)

    def _tried(self, name: str, run: Callable[[], _T]) -> _T | None:
        """What a step gives, or None where it cannot be done, which is said."""
        try:
            return run()
        except (UserError, ArithmeticError, np.linalg.LinAlgError, MemoryError) as error:
            why = str(error) or type(error).__name__
            self.steps.append(Step(name, False, f"could not be done: {why}"))
            self.note(f"{name.capitalize()} could not be done ({why}); the model is as it was before that.")
            return None

    @staticmethod
    def _breaks(before: Geometry, after: Geometry) -> bool:
        return before.holds and not after.holds


def _first(geometry: Geometry) -> str:
    return "; ".join(geometry.sentences()[:2])


def _not_certain(begun: Begun) -> str:
    told = "" if begun.placement is None else f" (p {begun.placement.p_value:.2g}, {begun.placement.verdict})"
    return (
        f"The model is not found in the map beyond chance{told}, so nothing was bent: bending makes any model look better. "
        "If you know that it belongs where it stands, start there (--start here)."
    )
