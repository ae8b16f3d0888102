"""The one entry to an assembly: `run_assemble`."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from difffit_core.assemble.alternatives import Other, by_place
from difffit_core.assemble.bending import as_bent, bend_placed
from difffit_core.assemble.found import Found
from difffit_core.assemble.known import check_known, fixed_entry, short_of
from difffit_core.assemble.placing import Placing
from difffit_core.assemble.priors import standing_links, unbound
from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import AssembleResult
from difffit_core.assemble.saying import could_be_split, not_placed, nothing_placed, turned_away, unsupported
from difffit_core.assemble.screening import MakeWorkers, Screening
from difffit_core.assemble.turning import in_the_way
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.residual import Residual, residual
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.pose import Pose

SMALLEST_LEFT, LIGHTEST_LEFT = 2.0, 500.0
"""Resolution elements, and dalton, of density that must be left in one piece for another search.

Taking out what stands there takes a share of its neighbours with it, the more the coarser the map: of a right part of 8 kDa at 12 Å a piece
of 2.4 kDa and 3 elements was left.
"""

Composed = tuple[ComposeRequest, ComposeResult]
OnStanding = Callable[[AssembleResult], None]


def run_assemble(
    request: AssembleRequest,
    library: Sequence[Path],
    folder: Path,
    make_workers: MakeWorkers,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
    on_standing: OnStanding | None = None,
) -> AssembleResult:
    """Find out which models of a library belong in a map, how many of each, and where.

    All are screened against the whole map. Those that stand out of the library are placed together, copies and symmetry unknown; of models
    that take one place the better-supported has it. Models that only resemble what stands there are set aside. What is left of the map is
    screened for those that did not stand out before, until nothing more does.

    Parameters
    ----------
    library : files of models
    folder : where the screens are kept as they go: ``screen.sqlite``, ``screen-2.sqlite`` …; what is finished there is not repeated
    make_workers : who does the work of a screen
    on_progress, cancel : as of `run_compose`
    on_standing : told, from this thread, what stands so far, each time that models have been placed together: the same as comes out at the
        end, without alternatives

    Raises
    ------
    UserError
        If something cannot be done, or what is known before does not go with the library; as of `open_screen`.
    """
    return _Assembling(request, library, folder, make_workers, on_progress, cancel or threading.Event(), on_standing).run()


class _Assembling:
    def __init__(
        self,
        request: AssembleRequest,
        library: Sequence[Path],
        folder: Path,
        make_workers: MakeWorkers,
        on_progress: OnProgress | None,
        cancel: CancelFlag,
        on_standing: OnStanding | None,
    ) -> None:
        self._request = check_known(request, library)
        self._cancel, self._on_standing = cancel, on_standing
        self._progress = AssemblyProgress(on_progress, bends=request.bend)
        self._found = found = Found(fixed_entry(self._request))
        self._screening = Screening(self._request, library, folder, make_workers, self._progress, cancel, found)
        self._placing = Placing(self._request, self._progress, cancel, found)

    def run(self) -> AssembleResult:
        self._begun = time.perf_counter()
        composed: Composed | None = None
        found, left = self._found, self._left_by_fixed()
        for number in range(1, self._request.searches + 2):
            best = max(composed[1].copies, key=lambda copy: copy.z_score, default=None) if composed else None
            new = self._screening.search(left, number, best.local_correlation if best else 0.0)
            if not new:
                break
            if composed and self._cancel.is_set():
                found.notes.append(not_placed(new, number))
                break
            before = found.entries, list(found.aside)
            found.take(new)
            with_new = self._placing.place()
            if with_new is None:
                found.entries, found.aside = before
                found.notes.append(not_placed(new, number))
                break
            composed = with_new
            if self._on_standing:
                self._on_standing(self._result(composed, with_alternatives=False))
            if not composed[1].copies or self._cancel.is_set() or not self._is_much(composed[1].residual):
                break
            bodies = [Body(wanted.model) for wanted in composed[0].wanted]
            left = self._left(bodies, [(copy.body, copy.pose) for copy in composed[1].copies])
            if not (left.values > self._request.level).any():
                break
        result = self._bent(self._result(composed or self._with_nothing_new()))
        return self._by_domains(result, len(found.screens) + 1)

    def _with_nothing_new(self) -> Composed:
        """What stands already, if anything does, where nothing stood out."""
        there = bool(self._found.entries) and not self._cancel.is_set()
        return (self._placing.place() if there else None) or self._placing.nothing()

    def _bent(self, result: AssembleResult) -> AssembleResult:
        """The result with its copies bent, if that was asked for; what is in the way of others then stands as it would without bending."""
        if not self._request.bend:
            return result
        begun = time.perf_counter()
        while result.composite.copies and not self._cancel.is_set():
            asked, composite = result.request, result.composite
            bent, notes = bend_placed(asked, composite, result.entries, self._progress.bending, self._cancel, alike=self._request.alike)
            now = time.perf_counter()
            timing = {**result.timing, "bend_s": now - begun, "total_s": now - self._begun}
            result = replace(result, bent=bent, notes=(*result.notes, *notes), timing=timing, cancelled=self._cancel.is_set())
            turned = [place for place, copy in enumerate(composite.copies) if asked.wanted[copy.body].bends is not None]
            still = in_the_way(*as_bent(asked, composite, bent), turned)
            if not still or self._cancel.is_set():
                break
            weakest = min(still, key=lambda place: composite.copies[place].z_score)
            self._placing.hold(result.entries[composite.copies[weakest].body].key)
            placed = self._placing.place()
            if placed is None:  # stopped: what is bent by now stays
                result = replace(result, cancelled=True)
                break
            result = self._result(placed)
        return replace(result, notes=(*result.notes, *turned_away(result, self._request.filters)))

    def _by_domains(self, result: AssembleResult, number: int) -> AssembleResult:
        """Predictions of which nothing is placed, tried domain by domain in what the bent copies leave of the map.

        A whole of which one half lies otherwise is no more significant there than in the map: what is right of it are its domains.
        """
        found = self._found
        if not result.bent or not self._request.searches or self._cancel.is_set():
            return result
        files = self._screening.could_be_split({found.entries[copy.body].key for copy in result.composite.copies})
        asked, composite = as_bent(result.request, result.composite, result.bent)
        bodies, placed = [Body(one.model) for one in asked.wanted], [(copy.body, copy.pose) for copy in composite.copies]
        if not files or not self._is_much(residual(self._request.target, bodies, placed)):
            return result
        best = max(copy.local_correlation for copy in composite.copies)
        new = self._screening.search(self._left(bodies, placed), number, best, files)
        if not new:
            return replace(result, screens=tuple(found.screens))
        before = found.entries
        found.take_domains(new)
        composed = None if self._cancel.is_set() else self._placing.place()
        if composed is None:
            found.entries = before
            return replace(result, screens=tuple(found.screens), notes=(*result.notes, not_placed(new, number)), cancelled=True)
        if self._on_standing:
            self._on_standing(self._result(composed, with_alternatives=False))
        return self._bent(self._result(composed))

    def _result(self, composed: Composed, *, with_alternatives: bool = True) -> AssembleResult:
        (request, result), found = composed, self._found
        others = [entry for entry, _ in found.aside]
        places: list[list[Other]] = [[] for _ in result.copies]
        if with_alternatives:
            places = by_place(found.entries, result, others, request.settings.most_overlap)
        return AssembleResult(
            entries=tuple(found.entries) if request.wanted else (),
            request=request,
            composite=result,
            alternatives=tuple(tuple(one) for one in places),
            resembling=tuple(found.aside),
            screens=tuple(found.screens),
            links=tuple(standing_links(request, result)),
            notes=(*found.notes, *self._to_say(request, result)),
            timing={**found.timing, "total_s": time.perf_counter() - self._begun},
            cancelled=self._cancel.is_set(),
        )

    def _to_say(self, request: ComposeRequest, result: ComposeResult) -> list[str]:
        """What stands by the whole alone, and what is known before and does not show in the assembly, one sentence each."""
        found = self._found
        none = [] if result.copies else [nothing_placed(found.screens, cancelled=self._cancel.is_set())]
        links = [
            f"cross-link {name} says nothing here: a model of it did not stand out, or has no such residue"
            for name in unbound(self._request.links, request.links)
        ]
        there = {found.entries[copy.body].key for copy in result.copies}
        pooled = [why for key, why in (*found.pooled, *self._placing.partly) if key in there]
        p, names = self._placing.p_together(result)
        joint = [f"{' and '.join(names)} are significant together (p = {p:.1g}), not each alone among so many"] if names else []
        split = could_be_split(found.entries, result, self._request.filters)
        return [
            *none,
            *joint,
            *pooled,
            *short_of(self._request.stoichiometry, found.entries, result),
            *links,
            *unsupported(found.entries, result),
            *split,
        ]

    def _left_by_fixed(self) -> DensityMap:
        """The map without what stands already."""
        entries = self._found.entries
        if not entries:
            return self._request.density_map
        return self._left([Body(one.model) for one in entries], [(i, Pose.identity()) for i in range(len(entries))])

    def _is_much(self, left: Residual) -> bool:
        least = SMALLEST_LEFT * self._request.resolution**3
        return any(one.volume >= least and one.dalton >= LIGHTEST_LEFT for one in left.islands)

    def _left(self, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> DensityMap:
        """What placed models leave of the map: softly subtracted, and zeroed where they account for all of it."""
        left = self._request.density_map
        for method in (ZeroOutMethod.SOFT, ZeroOutMethod.COVERED):
            left = zero_out(self._request.target.of(left), bodies, placed, method).density_map
        return left
