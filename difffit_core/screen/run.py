"""The one entry to a screen: `run_screen`, on a store from `open_screen`."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from difffit_core.errors import UserError
from difffit_core.fit.request import CancelFlag
from difffit_core.fit.search.field import cut_density
from difffit_core.fit.settings import FitSettings
from difffit_core.screen.outcome import Outcome, Pass, Task
from difffit_core.screen.ranking import promising
from difffit_core.screen.request import ScreenProgress, ScreenRequest, difference
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, RUNNING, WAITING
from difffit_core.screen.store import LEASE_S, ScreenStore
from difffit_core.screen.workers import Died, Workers

_logger = logging.getLogger(__name__)

STAGES = {Pass.FIRST: "first pass", Pass.FULL: "full search"}
_PATIENCE_S = 0.5

OnResult = Callable[[Outcome], None]
OnProgress = Callable[[ScreenProgress], None]


def open_screen(path: Path, request: ScreenRequest, library: Sequence[Path], *, resume: bool, source: Path | None = None) -> ScreenStore:
    """The store at ``path`` with these models to try: a new one, or, to ``resume``, the one that is there.

    What is finished stays finished; models that are new to the store are added. ``source`` is the folder or file that named them.

    Raises
    ------
    UserError
        If there is one and it is not to be resumed, or was made with another map or other settings.
    """
    if path.exists() and not resume:
        raise UserError(f"{path}: there is a screen already; resume goes on with it")
    check_density(request)
    made = not path.exists()
    if made:
        map_file = request.density_map.path
        details = {"map": None if map_file is None else str(map_file.absolute())}
        try:
            ScreenStore.create(path, request.record, details).close()
        except UserError:
            if not (resume and path.exists()):  # another process was quicker
                raise
            made = False
    store = ScreenStore.open(path)
    store.made = made
    try:
        differs = difference(request.record, store.record)
        if differs:
            raise UserError(f"{path}: a screen goes on only with the map and the settings it was begun with, but {differs}")
        store.release_dead()
        changed = store.retry_changed()
        if changed:
            count, first = len(changed), changed[0]
            _logger.warning("%d files of the library have changed since they were tried, for one %s; they are tried anew", count, first)
        store.add(library)
        if source is not None:
            store.note_library(source.absolute())
    except BaseException:
        store.give_up()
        raise
    return store


def as_begun(path: Path, request: ScreenRequest) -> ScreenRequest:
    """The request as the screen at ``path`` was begun, if there is one: where the version that began it did not know a setting, and nothing
    else than its default is asked for, as that version computed. A warning says so.

    Raises
    ------
    UserError
        If what is there is no screen.
    """
    if not path.exists():
        return request
    with ScreenStore.open(path, to_read=True) as store:
        then = store.unknown_then
    now = request.settings
    defaults = FitSettings()
    older = {name: value for name, value in then.items() if getattr(now, name) == getattr(defaults, name) != value}
    if not older:
        return request
    told = ", ".join(f"{name} {value:g}" for name, value in older.items())
    _logger.warning("%s was begun by an earlier version, and goes on as that computed: %s", path, told)
    return replace(request, settings=now.model_copy(update=older))


def check_density(request: ScreenRequest) -> None:
    """Refuse a density in which nothing is left to be searched; `UserError`."""
    cut_density(request.density_map, request.level, request.settings.smallest_island, speck=request.resolution**3)


def run_screen(
    store: ScreenStore,
    workers: Workers,
    below: float,
    on_result: OnResult | None = None,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
) -> bool:
    """Try every model of a store: all in a first pass, then those in full that are promising; False if it was cancelled.

    Which are promising is decided once all first passes are done, those of other processes included, so that it depends neither on the
    order nor on who did what. Another process may work on the same store meanwhile.

    Parameters
    ----------
    below : models whose p-value after the first pass is below this get the full search (``promising`` of the request)
    on_result : told of each task that ends here
    on_progress : told a few times a second at most
    cancel : looked at a few times a second; what is being worked on then is given back

    Raises
    ------
    UserError
        If the store cannot be written, or no worker can be started.
    """
    cancel = cancel or threading.Event()
    progress = _Progress(store, on_progress)
    busy: dict[int, Task] = {}
    renewed = time.monotonic()
    try:
        while not cancel.is_set():
            free = workers.slots - len(busy)
            for task in store.claim(free) if free > 0 else ():
                busy[task.id] = task
                workers.start(task)
            if not busy and not _more(store, below):
                break
            for ended in workers.wait(_PATIENCE_S) if busy else _pause():
                task = busy.pop(ended.task.id)
                if isinstance(ended, Died):
                    _logger.warning("the process that tried %s died", task.path)
                    store.release(task, died=ended.suspect)
                elif store.finish(ended) and on_result is not None:
                    on_result(ended)
            if time.monotonic() - renewed > LEASE_S / 4:
                store.renew()
                renewed = time.monotonic()
            progress.tell()
    finally:
        store.release()
    progress.tell(last=True)
    return not cancel.is_set()


def _more(store: ScreenStore, below: float) -> bool:
    """Whether there is, or will be, something to do: promotes the promising once nobody works on a first pass any more."""
    counts = store.counts()
    if any(status in (WAITING, RUNNING) for status, _ in counts):
        store.release_dead()
        return True
    return store.promote(promising(store.rows(), below)) > 0


def _pause() -> tuple[Outcome, ...]:
    """Others work on what is left; look again in a moment, for they may die."""
    time.sleep(_PATIENCE_S)
    return ()


class _Progress:
    """Tells how far the stage under way is, and when it may end."""

    _INTERVAL_S = 0.25

    def __init__(self, store: ScreenStore, on_progress: OnProgress | None) -> None:
        self._store = store
        self._on_progress = on_progress
        self._told = 0.0
        self._stage: Pass | None = None
        self._began, self._before = 0.0, 0

    def tell(self, last: bool = False) -> None:
        now = time.monotonic()
        if self._on_progress is None or (now - self._told < self._INTERVAL_S and not last):
            return
        self._told = now
        counts = self._store.counts()

        def total(*statuses: str, work: Sequence[Pass] = tuple(Pass)) -> int:
            return sum(count for (status, of), count in counts.items() if status in statuses and of in work)

        stage = Pass.FIRST if total(WAITING, RUNNING, work=[Pass.FIRST]) or not total(*_COUNTED, work=[Pass.FULL]) else Pass.FULL
        at_least = [work for work in Pass if work >= stage]
        left = total(WAITING, RUNNING, work=[stage])
        done = total(DONE, FAILED, LEFT_OUT, work=at_least) + total(WAITING, RUNNING, work=[work for work in Pass if work > stage])
        if stage is not self._stage:
            self._stage, self._began, self._before = stage, now, done
        speed = (done - self._before) / max(now - self._began, 1e-9)
        remaining = left / speed if speed > 0 else None
        self._on_progress(ScreenProgress(STAGES[stage], done, done + left, total(FAILED), total(LEFT_OUT), remaining))


_COUNTED = (WAITING, RUNNING, DONE, FAILED)
