"""The one entry to an assembly: `run_assemble`."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from difffit_core.align.body import is_map
from difffit_core.align.of_map import symmetry_of
from difffit_core.assemble.alternatives import Other, by_place
from difffit_core.assemble.bending import bend_placed
from difffit_core.assemble.decoys import decoys
from difffit_core.assemble.entry import Entry, Key, standing_out, together
from difffit_core.assemble.known import asked_for, check_known, fixed_entry, lettered, short_of, with_named
from difffit_core.assemble.likeness import Likeness, likeness
from difffit_core.assemble.priors import standing_links, unbound
from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import AssembleResult, Screened, Untried
from difffit_core.assemble.saying import by_the_whole, could_be_split, not_placed, predicted_domains, unsupported, untried
from difffit_core.assemble.small_parts import SmallParts, small_parts
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.groups.asked import group_of
from difffit_core.groups.standing import OfMap
from difffit_core.pose import Pose
from difffit_core.screen.listing import read_row
from difffit_core.screen.ranking import SIGNIFICANT as OF_MANY
from difffit_core.screen.request import ScreenRequest, difference
from difffit_core.screen.results import Results
from difffit_core.screen.rows import FAILED, LEFT_OUT, ScreenRow
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import Workers

_logger = logging.getLogger(__name__)

SMALLEST_LEFT, LIGHTEST_LEFT = 2.0, 500.0
"""Resolution elements, and dalton, of density that must be left in one piece for another search.

Taking out what stands there takes a share of its neighbours with it, the more the coarser the map: of a right part of 8 kDa at 12 Å a piece
of 2.4 kDa and 3 elements was left.
"""
_MOST_SOLVED = 40
_MOST_UNTRIED = 1000


_NOT_TOGETHER = "is not significant alone, and too few of those that are together with it can be placed"

MakeWorkers = Callable[[ScreenRequest], Workers]
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


def store_path(folder: Path, number: int) -> Path:
    """Where the screen of that number, from 1, is kept."""
    return folder / ("screen.sqlite" if number == 1 else f"screen-{number}.sqlite")


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
        self._library = asked_for(self._request.stoichiometry, library)
        self._folder, self._on_standing = folder, on_standing
        self._make_workers, self._cancel = make_workers, cancel
        self._progress = AssemblyProgress(on_progress, bends=request.bend)
        self._entries: list[Entry] = fixed_entry(self._request)
        self._aside: list[tuple[Entry, str]] = []
        self._screens: list[Screened] = []
        self._notes: list[str] = []
        self._pooled: list[tuple[Key, str]] = []
        self._partly: list[tuple[Key, str]] = []
        self._of_map: OfMap | None = None
        self._timing = {"screen_s": 0.0, "compose_s": 0.0}

    def run(self) -> AssembleResult:
        composed: tuple[ComposeRequest, ComposeResult] | None = None
        self._begun = time.perf_counter()
        left = self._left_by_fixed()
        for number in range(1, self._request.searches + 2):
            best = max(composed[1].copies, key=lambda copy: copy.z_score, default=None) if composed else None
            new = self._screen(left, number, best.local_correlation if best else 0.0)
            if not new:
                break
            if composed and self._cancel.is_set():
                self._notes.append(not_placed(new, number))
                break
            before = self._entries, list(self._aside)
            self._entries = sorted([*self._entries, *new], key=lambda one: one.key)
            with_new = self._compose()
            if with_new is None and self._cancel.is_set():
                self._entries, self._aside = before
                self._notes.append(not_placed(new, number))
                break
            composed = with_new
            if composed and self._on_standing:
                self._on_standing(self._result(composed, with_alternatives=False))
            if composed is None or not composed[1].copies or self._cancel.is_set() or not self._is_much_left(composed[1]):
                break
            bodies = [Body(wanted.model) for wanted in composed[0].wanted]
            left = self._left(bodies, [(copy.body, copy.pose) for copy in composed[1].copies])
            if not (left.values > self._request.level).any():
                break
        return self._bent(self._result(composed))

    def _bent(self, result: AssembleResult) -> AssembleResult:
        """The result with its copies bent, if that was asked for."""
        if not self._request.bend or result.request is None or result.composite is None or self._cancel.is_set():
            return result
        begun = time.perf_counter()
        tell = self._progress.bending
        bent, notes = bend_placed(result.request, result.composite, result.entries, tell, self._cancel, alike=self._request.alike)
        now = time.perf_counter()
        timing = {**result.timing, "bend_s": now - begun, "total_s": now - self._begun}
        return replace(result, bent=bent, notes=(*result.notes, *notes), timing=timing, cancelled=self._cancel.is_set())

    def _result(self, composed: tuple[ComposeRequest, ComposeResult] | None, *, with_alternatives: bool = True) -> AssembleResult:
        request, result = composed or (None, None)
        others = [entry for entry, _ in self._aside]
        places: list[list[Other]] = [[] for _ in result.copies] if result else []
        if request and result and with_alternatives:
            places = by_place(self._entries, result, others, request.settings.most_overlap)
        return AssembleResult(
            entries=tuple(self._entries),
            request=request,
            composite=result,
            alternatives=tuple(tuple(one) for one in places),
            resembling=tuple(self._aside),
            screens=tuple(self._screens),
            links=tuple(standing_links(request, result)) if request and result else (),
            notes=(*self._notes, *self._to_say(request, result)),
            timing={**self._timing, "total_s": time.perf_counter() - self._begun},
            cancelled=self._cancel.is_set(),
        )

    def _to_say(self, request: ComposeRequest | None, result: ComposeResult | None) -> list[str]:
        """What stands by the whole alone, and what is known before and does not show in the assembly, one sentence each."""
        if request is None or result is None:
            return []
        links = [
            f"cross-link {name} says nothing here: a model of it did not stand out, or has no such residue"
            for name in unbound(self._request.links, request.links)
        ]
        there = {self._entries[copy.body].key for copy in result.copies}
        pooled = [why for key, why in (*self._pooled, *self._partly) if key in there]
        p, names = self._p_together(result)
        joint = [f"{' and '.join(names)} are significant together (p = {p:.1g}), not each alone among so many"] if names else []
        split = could_be_split(self._entries, result, self._request.filters)
        return [
            *joint,
            *pooled,
            *short_of(self._request.stoichiometry, self._entries, result),
            *links,
            *unsupported(self._entries, result),
            *split,
        ]

    def _left_by_fixed(self) -> DensityMap:
        """The map without what stands already."""
        if not self._entries:
            return self._request.density_map
        return self._left([Body(one.model) for one in self._entries], [(i, Pose.identity()) for i in range(len(self._entries))])

    def _screen(self, density_map: DensityMap, number: int, placed: float) -> list[Entry]:
        """The models that stand out in the map, or in what is left of it, and did not before.

        ``placed`` is the local correlation of the best-supported model that is placed, 0 where none is.
        """
        begun = time.perf_counter()
        request = self._request.screen(density_map)
        if number == 1 and self._request.stoichiometry.names_all():
            request = replace(request, promising=1.0)
        path = store_path(self._folder, number)
        library, source = self._to_try(number), self._folder
        if not library:
            return []
        if number > 1 and path.exists():
            with ScreenStore.open(path, to_read=True) as old:
                other = difference(request.record, old.record)
            if other:  # the assembly before it is another one now, as with more models in the folder
                self._notes.append(f"{path.name} was made for another assembly and is made again: {other}")
                path.unlink()
        with open_screen(path, request, library, resume=True, source=source) as store, closing(self._make_workers(request)) as workers:
            run_screen(store, workers, request.promising, on_progress=self._progress.screening(number), cancel=self._cancel)
            results = Results.of(store)
            small = self._small_parts(results.ranking.rows, workers, placed)
            if small and store.promote([part.row.id for part in small.parts]):
                run_screen(store, workers, request.promising, on_progress=self._progress.screening(number), cancel=self._cancel)
                results = Results.of(store)
            known = {one.key for one in (*self._entries, *(entry for entry, _ in self._aside))}
            beside = number > 1 or self._request.fixed is not None
            out = standing_out(store, results.ranking, self._request.filters, number, beside)
            if small:
                out += self._small(small, store, {one.key for one in out} | known)
            found = [one for one in out if one.key not in known]
            stood_out = len(found)
            if number == 1:
                found, notes = with_named(self._request.stoichiometry, store, results, self._request.filters, found, beside=beside)
                self._notes += notes
        failed, left_out = (
            tuple(Untried.of(one, failed=status == FAILED) for one in results.of_status(status)) for status in (FAILED, LEFT_OUT)
        )
        self._screens.append(
            Screened(len(results.ranking.rows), len(failed), len(left_out), stood_out, (*failed, *left_out)[:_MOST_UNTRIED])
        )
        self._timing["screen_s"] += time.perf_counter() - begun
        if failed and number == 1:
            self._notes.append(untried(failed))
        if len(found) > _MOST_SOLVED:
            self._notes.append(f"{len(found)} models stand out; the {_MOST_SOLVED} most significant were placed together")
        _logger.info("screen %d: %d stand out of %d", number, len(found), len(results.ranking.rows))
        return found[:_MOST_SOLVED]

    def _small_parts(self, rows: Sequence[ScreenRow], workers: Workers, placed: float) -> SmallParts | None:
        """Small parts among what was tried in what is left, beside models of which the best-supported has the correlation ``placed``."""
        known: set[Key] = {one.key for one in (*self._entries, *(entry for entry, _ in self._aside))}
        rows = [row for row in rows if (row.path, row.part) not in known]
        asked: list[ScreenRow] = []

        def reached(row: ScreenRow) -> tuple[Array, Array]:
            if is_map(Path(row.path)):
                return np.empty(0), np.empty(0)
            atoms = len(read_row(row, self._request.filters).fit_coordinates)
            asked.append(row)
            others = [one for one in rows if one is not row]
            return decoys(workers, others, row.elements or 0.0, atoms, self._cancel, partial(self._progress.pieces, row.name, len(asked)))

        return small_parts(rows, placed, self._request.like_others, reached) if placed > 0 and not self._cancel.is_set() else None

    def _small(self, small: SmallParts, store: ScreenStore, known: set[Key]) -> list[Entry]:
        """Small parts that stand out of the others in what is left, searched in full, as entries."""
        found = []
        for part in small.parts:
            row, p = part.row, part.p_value
            if (row.path, row.part) in known:
                continue
            model = read_row(row, self._request.filters)
            places = tuple(part.others.judged(one, row.elements or 0.0) for one in store.placements(row.id))
            found.append(Entry(row.path, row.part, model, places, p, p, small.below, len(self._screens) + 1, beside=True, pooled=True))
            self._pooled.append((found[-1].key, by_the_whole(row, small.tried, p)))
        return found

    def _to_try(self, number: int) -> list[Path]:
        """Of the library what did not stand out as a whole file before."""
        if number == 1:
            return list(self._library)
        known: set[Key] = {one.key for one in (*self._entries, *(entry for entry, _ in self._aside))}
        return [path for path in self._library if (str(path), "") not in known]

    def _compose(self) -> tuple[ComposeRequest, ComposeResult] | None:
        """All that stood out placed together, without what only resembles what stands there."""
        begun = time.perf_counter()
        searches = 0
        while self._entries:
            try:
                asked = replace(self._request.compose(self._entries, searches), of_map=self._symmetry_of_map())
                result = run_compose(asked, self._progress.composing, self._cancel)
            except FitCancelled:
                return None
            likes = self._likeness(asked, result)
            worse = {
                body: why for body, why in likes.worse.items() if not self._entries[body].stands and self._entries[body].copies is None
            }
            changed = self._set_aside(worse, asked, result) or self._not_together(result) or self._give_letters(result)
            if not changed and (searches or self._cancel.is_set()):
                self._timing["compose_s"] += time.perf_counter() - begun
                return asked, result
            searches = 0 if changed else 1
        return None

    def _likeness(self, asked: ComposeRequest, result: ComposeResult) -> Likeness:
        """Which of the placed ones only resemble what stands there; what fits by one of its domains only is kept, and told of."""
        entries, filters = self._entries, self._request.filters
        if not self._request.like_others:
            return Likeness({}, {})
        found = likeness(asked, result, self._request.like_others, lambda body: predicted_domains(entries[body], filters))
        self._partly = [(entries[body].key, f"{entries[body].name} {why}") for body, why in found.partly.items()]
        return found

    def _symmetry_of_map(self) -> OfMap | None:
        """What symmetry the map itself has, where that is asked for; found once."""
        request = self._request
        if self._of_map is None and request.symmetry not in ("auto", "none"):
            told = (self._progress.composing, self._cancel)
            wanted = group_of(request.symmetry)
            self._of_map = symmetry_of(request.target, wanted, request.seed, request.device, *told)
        return self._of_map

    def _not_together(self, result: ComposeResult) -> bool:
        """Take out models that count together, if too few of them are placed for that; whether there were any."""
        if not any(one.joint for one in self._entries) or self._p_together(result)[0] < OF_MANY:
            return False
        self._aside += [(one, _NOT_TOGETHER) for one in self._entries if one.joint]
        self._entries = [one for one in self._entries if not one.joint]
        return True

    def _p_together(self, result: ComposeResult) -> tuple[float, list[str]]:
        """How significant the placed ones are that count together, and their names."""
        placed = {self._entries[copy.body].key for copy in result.copies}
        joint = [one for one in self._entries if one.joint and one.key in placed]
        return together([one.p_value for one in joint], self._screens[0].tried), [one.name for one in joint]

    def _give_letters(self, result: ComposeResult) -> bool:
        """Let the letters of the stoichiometry stand for what was placed; whether that changes what is asked for."""
        known = self._request.stoichiometry
        if not known.letters or not result.copies:
            return False
        copies = lettered(known, self._entries, result)
        placed = {self._entries[copy.body].key for copy in result.copies}
        why = f"the stoichiometry {known} has no place for it beside models for which more speaks"
        out = [one for one in self._entries if one.key in placed and not one.stands and one.called not in copies]
        new = [
            one if one.stands or one.copies == copies.get(one.called) else replace(one, copies=copies.get(one.called))
            for one in self._entries
            if one not in out
        ]
        changed = len(new) < len(self._entries) or any(one is not other for one, other in zip(new, self._entries, strict=True))
        self._aside += [(one, why) for one in out]
        self._entries = new
        return changed

    def _set_aside(self, worse: dict[int, str], asked: ComposeRequest, result: ComposeResult) -> bool:
        """Take out what only resembles what stands there, and what fits there no better; whether there was any."""
        if not worse:
            return False
        gone = {self._entries[body].key: why for body, why in worse.items()}
        for copy, others in zip(result.copies, by_place(self._entries, result, (), asked.settings.most_overlap), strict=True):
            for other in others if copy.body in worse else ():
                if other.pose is other.entry.placements[0].pose:
                    why = f"fits no better than {self._entries[copy.body].name} in its place, which resembles what stands there"
                    gone.setdefault(other.entry.key, why)
        self._aside += [(one, gone[one.key]) for one in self._entries if one.key in gone]
        self._entries = [one for one in self._entries if one.key not in gone]
        return True

    def _is_much_left(self, result: ComposeResult) -> bool:
        least = SMALLEST_LEFT * self._request.resolution**3
        return any(one.volume >= least and one.dalton >= LIGHTEST_LEFT for one in result.residual.islands)

    def _left(self, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> DensityMap:
        """What placed models leave of the map: softly subtracted, and zeroed where they account for all of it."""
        left = self._request.density_map
        for method in (ZeroOutMethod.SOFT, ZeroOutMethod.COVERED):
            left = zero_out(self._request.target.of(left), bodies, placed, method).density_map
        return left
