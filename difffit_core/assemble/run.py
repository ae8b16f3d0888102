"""The one entry to an assembly: `run_assemble`."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from difffit_core.assemble.alternatives import by_place
from difffit_core.assemble.entry import Entry, Key, standing_out
from difffit_core.assemble.likeness import unlike_the_others
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import AssembleResult, Screened
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import CancelFlag, FitProgress, OnProgress
from difffit_core.screen.export import Results
from difffit_core.screen.request import ScreenProgress, ScreenRequest, difference
from difffit_core.screen.rows import FAILED, LEFT_OUT
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import Workers

_logger = logging.getLogger(__name__)

SMALLEST_LEFT = 20
"""Resolution elements of density that must be left in one piece for another search; in fewer no model stands out."""
_MOST_SOLVED = 40

MakeWorkers = Callable[[ScreenRequest], Workers]


def run_assemble(
    request: AssembleRequest,
    library: Sequence[Path],
    folder: Path,
    make_workers: MakeWorkers,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
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

    Raises
    ------
    UserError
        If something cannot be done; as of `open_screen`.
    """
    return _Assembling(request, library, folder, make_workers, on_progress, cancel or threading.Event()).run()


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
    ) -> None:
        self._request, self._library, self._folder = request, library, folder
        self._make_workers, self._on_progress, self._cancel = make_workers, on_progress, cancel
        self._entries: list[Entry] = []
        self._aside: list[tuple[Entry, str]] = []
        self._screens: list[Screened] = []
        self._notes: list[str] = []
        self._timing = {"screen_s": 0.0, "compose_s": 0.0}

    def run(self) -> AssembleResult:
        begun = time.perf_counter()
        composed: tuple[ComposeRequest, ComposeResult] | None = None
        left = self._request.density_map
        for number in range(1, self._request.searches + 2):
            new = self._screen(left, number)
            if not new:
                break
            self._entries = sorted([*self._entries, *new], key=lambda one: one.key)
            composed = self._compose() or composed
            if composed is None or not composed[1].copies or self._cancel.is_set() or not self._is_much_left(composed[1]):
                break
            left = self._left(*composed)
            if not (left.values > self._request.level).any():
                break
        result = composed[1] if composed else None
        others = [entry for entry, _ in self._aside]
        overlap = composed[0].settings.most_overlap if composed else 0.0
        return AssembleResult(
            entries=tuple(self._entries),
            request=composed[0] if composed else None,
            composite=result,
            alternatives=tuple(tuple(one) for one in by_place(self._entries, result, others, overlap)) if result else (),
            resembling=tuple(self._aside),
            screens=tuple(self._screens),
            notes=tuple(self._notes),
            timing={**self._timing, "total_s": time.perf_counter() - begun},
            cancelled=self._cancel.is_set(),
        )

    def _screen(self, density_map: DensityMap, number: int) -> list[Entry]:
        """The models that stand out in the map, or in what is left of it, and did not before."""
        begun = time.perf_counter()
        request = self._request.screen(density_map)
        path = store_path(self._folder, number)
        library, source = self._to_try(number), self._folder
        if number > 1 and path.exists():
            with ScreenStore.open(path, to_read=True) as old:
                other = difference(request.record, old.record)
            if other:  # the assembly before it is another one now, as with more models in the folder
                self._notes.append(f"{path.name} was made for another assembly and is made again: {other}")
                path.unlink()
        with open_screen(path, request, library, resume=True, source=source) as store, closing(self._make_workers(request)) as workers:
            where = "screening the map" if number == 1 else f"screening what is left ({number - 1})"
            run_screen(store, workers, request.promising, on_progress=self._teller(where, number), cancel=self._cancel)
            results = Results.of(store)
            known = {one.key for one in (*self._entries, *(entry for entry, _ in self._aside))}
            found = [one for one in standing_out(store, results.ranking, self._request.filters, number) if one.key not in known]
        failed, left_out = (len(results.of_status(status)) for status in (FAILED, LEFT_OUT))
        self._screens.append(Screened(len(results.ranking.rows), failed, left_out, len(found)))
        self._timing["screen_s"] += time.perf_counter() - begun
        if failed and number == 1:
            one = results.of_status(FAILED)[0]
            self._notes.append(f"{failed} models could not be tried, for one {one.name}: {one.note}")
        if len(found) > _MOST_SOLVED:
            self._notes.append(f"{len(found)} models stand out; the {_MOST_SOLVED} most significant were placed together")
        _logger.info("screen %d: %d stand out of %d", number, len(found), len(results.ranking.rows))
        return found[:_MOST_SOLVED]

    def _to_try(self, number: int) -> list[Path]:
        """Of the library what did not stand out as a whole file before."""
        if number == 1:
            return list(self._library)
        known: set[Key] = {one.key for one in (*self._entries, *(entry for entry, _ in self._aside))}
        return [path for path in self._library if (str(path), "") not in known]

    def _teller(self, where: str, number: int) -> Callable[[ScreenProgress], None]:
        done = 1 - 0.5 ** (number - 1)

        def tell(progress: ScreenProgress) -> None:
            if self._on_progress:
                share = progress.done / max(progress.total, 1)
                half = 0.0 if progress.stage == "first pass" else 0.5
                stage = f"{where}: {progress.stage}, {progress.done} of {progress.total}"
                self._on_progress(FitProgress(stage, done + 0.35 * 0.5 ** (number - 1) * (half + share / 2), progress.remaining_s))

        return tell

    def _compose(self) -> tuple[ComposeRequest, ComposeResult] | None:
        """All that stood out placed together, without what only resembles what stands there."""
        begun = time.perf_counter()
        searches = 0
        while self._entries:
            asked = self._request.compose(self._entries, searches)
            result = run_compose(asked, self._tell_composing, self._cancel)
            worse = unlike_the_others(asked, result, self._request.like_others) if self._request.like_others else {}
            self._set_aside(worse, asked, result)
            if not worse and searches:
                self._timing["compose_s"] += time.perf_counter() - begun
                return asked, result
            searches = 0 if worse else 1
        return None

    def _set_aside(self, worse: dict[int, str], asked: ComposeRequest, result: ComposeResult) -> None:
        """Take out what only resembles what stands there, and what fits there no better."""
        if not worse:
            return
        gone = {self._entries[body].key: why for body, why in worse.items()}
        for copy, others in zip(result.copies, by_place(self._entries, result, (), asked.settings.most_overlap), strict=True):
            for other in others if copy.body in worse else ():
                if other.pose is other.entry.placements[0].pose:
                    why = f"fits no better than {self._entries[copy.body].name} in its place, which resembles what stands there"
                    gone.setdefault(other.entry.key, why)
        self._aside += [(one, gone[one.key]) for one in self._entries if one.key in gone]
        self._entries = [one for one in self._entries if one.key not in gone]

    def _tell_composing(self, progress: FitProgress) -> None:
        if self._on_progress:
            done = 1 - 0.5 ** (len(self._screens) - 1)
            share = done + 0.5 ** (len(self._screens) - 1) * (0.35 + 0.15 * progress.fraction)
            self._on_progress(replace(progress, stage=f"placing together: {progress.stage}", fraction=min(share, 0.99)))

    def _is_much_left(self, result: ComposeResult) -> bool:
        islands = result.residual.islands
        return bool(islands) and islands[0].volume >= SMALLEST_LEFT * self._request.resolution**3

    def _left(self, asked: ComposeRequest, result: ComposeResult) -> DensityMap:
        """What the assembly leaves of the map: softly subtracted, and zeroed where it accounts for all of it."""
        left = self._request.density_map
        bodies = [Body(wanted.model) for wanted in asked.wanted]
        placed = [(copy.body, copy.pose) for copy in result.copies]
        for method in (ZeroOutMethod.SOFT, ZeroOutMethod.COVERED):
            left = zero_out(left, self._request.resolution, self._request.level, bodies, placed, method).density_map
        return left
