"""Which models of a library stand out in a map, or in what is left of it."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from difffit_core.align.body import is_map
from difffit_core.assemble.decoys import decoys
from difffit_core.assemble.entry import Entry, Key, standing_out
from difffit_core.assemble.found import Found
from difffit_core.assemble.known import asked_for, with_named
from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import Screened, Untried
from difffit_core.assemble.saying import by_the_whole, untried
from difffit_core.assemble.small_parts import SmallParts, small_parts
from difffit_core.assemble.turning import in_domains
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import CancelFlag
from difffit_core.screen.listing import read_row
from difffit_core.screen.request import ScreenRequest, difference
from difffit_core.screen.results import Results
from difffit_core.screen.rows import FAILED, LEFT_OUT, ScreenRow
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import Workers

_logger = logging.getLogger(__name__)

_MOST_SOLVED = 40
_MOST_UNTRIED = 1000

MakeWorkers = Callable[[ScreenRequest], Workers]


def store_path(folder: Path, number: int) -> Path:
    """Where the screen of that number, from 1, is kept."""
    return folder / ("screen.sqlite" if number == 1 else f"screen-{number}.sqlite")


class Screening:
    """Screens of one library, one after another, each told to what was ``found``.

    ``folder`` keeps them, ``make_workers`` does their work.
    """

    def __init__(
        self,
        request: AssembleRequest,
        library: Sequence[Path],
        folder: Path,
        make_workers: MakeWorkers,
        progress: AssemblyProgress,
        cancel: CancelFlag,
        found: Found,
    ) -> None:
        self._request, self._folder, self._make_workers = request, folder, make_workers
        self._library = asked_for(request.stoichiometry, library)
        self._progress, self._cancel, self._found = progress, cancel, found

    def search(self, density_map: DensityMap, number: int, placed: float, by_domains: Sequence[Path] = ()) -> list[Entry]:
        """The models that stand out in the map, or in what is left of it, and did not before.

        ``placed`` is the local correlation of the best-supported model that is placed, 0 where none is. Where there are files
        ``by_domains``, these alone are tried, each domain of them in full.
        """
        begun = time.perf_counter()
        request = self._request.screen(density_map)
        if by_domains:
            request = replace(request, filters=request.filters.model_copy(update={"split": "domain"}), promising=1.0)
        if number == 1 and self._request.stoichiometry.names_all():
            request = replace(request, promising=1.0)
        path = store_path(self._folder, number)
        library, source = list(by_domains) or self._to_try(number), self._folder
        if not library:
            return []
        if number > 1 and path.exists():
            with ScreenStore.open(path, to_read=True) as old:
                other = difference(request.record, old.record)
            if other:  # the assembly before it is another one now, as with more models in the folder
                self._found.notes.append(f"{path.name} was made for another assembly and is made again: {other}")
                path.unlink()
        with open_screen(path, request, library, resume=True, source=source) as store, closing(self._make_workers(request)) as workers:
            run_screen(store, workers, request.promising, on_progress=self._progress.screening(number), cancel=self._cancel)
            results = Results.of(store)
            if number == 1 and not self._cancel.is_set():
                results.check_tried()
            small = None if by_domains else self._small_parts(results.ranking.rows, workers, placed)
            if small and store.promote([part.row.id for part in small.parts]):
                run_screen(store, workers, request.promising, on_progress=self._progress.screening(number), cancel=self._cancel)
                results = Results.of(store)
            known = self._found.known
            beside = number > 1 or self._request.fixed is not None
            out = standing_out(store, results.ranking, request.filters, number, beside)
            if small:
                out += self._small(small, store, {one.key for one in out} | known)
            new = [one for one in out if one.key not in known]
            stood_out = len(new)
            if number == 1:
                new, notes = with_named(self._request.stoichiometry, store, results, self._request.filters, new, beside=beside)
                self._found.notes += notes
        failed, left_out = (
            tuple(Untried.of(one, failed=status == FAILED) for one in results.of_status(status)) for status in (FAILED, LEFT_OUT)
        )
        self._found.screens.append(
            Screened(len(results.ranking.rows), len(failed), len(left_out), stood_out, (*failed, *left_out)[:_MOST_UNTRIED])
        )
        self._found.timing["screen_s"] += time.perf_counter() - begun
        if failed and number == 1:
            self._found.notes.append(untried(failed))
        if len(new) > _MOST_SOLVED:
            self._found.notes.append(f"{len(new)} models stand out; the {_MOST_SOLVED} most significant were placed together")
        _logger.info("screen %d: %d stand out of %d", number, len(new), len(results.ranking.rows))
        return new[:_MOST_SOLVED]

    def could_be_split(self, placed: set[Key]) -> list[Path]:
        """Files of the library whose predicted errors tell of several domains, and of which nothing is ``placed`` or was set aside."""
        aside = {entry.key for entry, _ in self._found.aside}
        return in_domains([path for path in self._library if (str(path), "") not in placed | aside], self._request.filters)

    def _small_parts(self, rows: Sequence[ScreenRow], workers: Workers, placed: float) -> SmallParts | None:
        """Small parts among what was tried in what is left, beside models of which the best-supported has the correlation ``placed``."""
        known = self._found.known
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
            number = len(self._found.screens) + 1
            found.append(Entry(row.path, row.part, model, places, p, p, small.below, number, beside=True, pooled=True))
            self._found.pooled.append((found[-1].key, by_the_whole(row, small.tried, p)))
        return found

    def _to_try(self, number: int) -> list[Path]:
        """Of the library what did not stand out as a whole file before."""
        if number == 1:
            return list(self._library)
        known = self._found.known
        return [path for path in self._library if (str(path), "") not in known]
