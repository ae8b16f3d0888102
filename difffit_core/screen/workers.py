"""Who does the work: this process, or several on this machine; `distributed` adds those of a cluster."""

import concurrent.futures
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, Protocol

from difffit_core.device import all_devices, resolve_device
from difffit_core.errors import FitCancelled, UserError, shown
from difffit_core.fit.request import CancelFlag
from difffit_core.screen.outcome import Outcome, Task
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.trial import Screener

_MOST_FALSE_STARTS = 3
_MOST, _MOST_OF_A_CORE = 64, 8
"""Processes on a machine of few cores, and for each core of one of many."""
_TOGETHER = 4
"""Threads of a process that works on a GPU."""
_HERE, _READY = "here", "ready"


@dataclass(frozen=True)
class Died:
    """The process that worked on a task is no more; ``suspect`` where the task may have been the reason."""

    task: Task
    suspect: bool = True


class Workers(Protocol):
    """Carries out tasks, some at a time."""

    @property
    def slots(self) -> int:
        """How many tasks it takes at a time."""

    def start(self, task: Task) -> None:
        """Begin with a task."""

    def wait(self, timeout: float) -> Sequence[Outcome | Died]:
        """What has ended, after at most ``timeout`` seconds, or as soon as something has."""

    def close(self) -> None:
        """Drop what is being worked on, and end."""


class ThisProcess:
    """Works here, one task at a time, while it is waited for."""

    slots = 1

    def __init__(self, request: ScreenRequest, threads: int | None = None, cancel: CancelFlag | None = None) -> None:
        self._screener = Screener(request, threads)
        self._cancel = cancel
        self._tasks: deque[Task] = deque()

    def start(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self, timeout: float) -> Sequence[Outcome]:  # noqa: ARG002 - a task cannot be left half done
        try:
            return [self._screener.run(self._tasks.popleft(), self._cancel)] if self._tasks else []
        except FitCancelled:
            return []

    def close(self) -> None:
        self._tasks.clear()


class Threads:
    """Threads of this process, one task each, whose climbs go to a GPU together: while it climbs for some, others make theirs ready."""

    def __init__(self, request: ScreenRequest, count: int, cancel: CancelFlag | None = None) -> None:
        self._screener = Screener(request, together=True)
        self._cancel = _Either(cancel)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="screen")
        self._running: set[Future[Outcome]] = set()
        self.slots = count

    def start(self, task: Task) -> None:
        self._running.add(self._pool.submit(self._screener.run, task, self._cancel))

    def wait(self, timeout: float) -> Sequence[Outcome]:
        ended = concurrent.futures.wait(self._running, timeout, FIRST_COMPLETED).done
        self._running -= ended
        return [one.result() for one in ended if not isinstance(one.exception(), FitCancelled)]

    def close(self) -> None:
        self._cancel.closed = True
        self._pool.shutdown(cancel_futures=True)
        self._running.clear()


@dataclass
class _Either:
    """Set where the user's flag is, or once the work is of no more use."""

    flag: CancelFlag | None
    closed: bool = False

    def is_set(self) -> bool:
        return self.closed or (self.flag is not None and self.flag.is_set())


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    awaits: ScreenRequest | None
    """What it is sent once it says that it is there: given to it at its start, a map would never be taken by a process that dies before."""
    task: Task | None = None
    ready: bool = False

    def send(self, what: object) -> None:
        try:
            self.pipe.send(what)
        except OSError:
            return  # it has died; `LocalProcesses.wait` tells

    def equip(self) -> None:
        """Send what it waits for."""
        for what in (self.awaits, self.task):
            if what is not None:
                self.send(what)
        self.awaits = None


class LocalProcesses:
    """Processes on this machine, one task each; one that dies is replaced."""

    def __init__(self, request: ScreenRequest, jobs: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._devices = all_devices(request.device)
        self._request = request
        self._threads = max(1, _cores() // jobs)
        self._false_starts = 0
        self._workers = [self._new(number) for number in range(jobs)]

    @property
    def slots(self) -> int:
        return len(self._workers)

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the processes."""
        return tuple(worker.process.pid or 0 for worker in self._workers)

    def start(self, task: Task) -> None:
        worker = next(worker for worker in self._workers if worker.task is None)
        worker.task = task
        if worker.awaits is None:
            worker.send(task)

    def wait(self, timeout: float) -> Sequence[Outcome | Died]:
        sources = [source for worker in self._workers for source in (worker.pipe, worker.process.sentinel)]
        found = set(wait(sources, timeout))
        ended: list[Outcome | Died] = []
        for number, worker in enumerate(self._workers):
            if worker.pipe in found or worker.process.sentinel in found:
                ended += self._attend(number, worker)
        return ended

    def _attend(self, number: int, worker: _Worker) -> list[Outcome | Died]:
        ended: list[Outcome | Died] = []
        try:
            while worker.pipe.poll():
                message = worker.pipe.recv()
                if message == _HERE:
                    worker.equip()
                elif message == _READY:
                    worker.ready, self._false_starts = True, 0
                else:
                    worker.task = None
                    ended.append(message)
        except (EOFError, OSError):
            pass
        else:
            if worker.process.is_alive():
                return ended
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _MOST_FALSE_STARTS:
                raise UserError(
                    f"processes for the screen must be able to start, got {self._false_starts} that died at once; a script that asks for "
                    'several must do so under `if __name__ == "__main__":`, since each of them reads it anew'
                )
        if worker.task is not None:
            ended.append(Died(worker.task))
        _end(worker)
        self._workers[number] = self._new(number)
        return ended

    def close(self) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers = []

    def _new(self, number: int) -> _Worker:
        ours, theirs = self._context.Pipe()
        request = replace(self._request, device=self._devices[number % len(self._devices)])
        process = self._context.Process(target=_work, args=(theirs, self._threads), name=f"screen-{number}", daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, request)


def default_jobs(device: str) -> int:
    """A process for each core that this one may use, or for each GPU."""
    devices = all_devices(device)
    return _cores() if devices == ("cpu",) else len(devices)


def number_of_jobs(jobs: int | None, device: str) -> int:
    """How many processes of this machine are meant.

    Raises
    ------
    UserError
        For what is no number of processes, or more than would leave this machine able to do anything else.
    """
    given: Any = jobs
    if given is not None and (not isinstance(given, int) or given < 0):
        raise UserError(f"jobs must be a whole number from 1, or None for one for each core, got {shown(jobs)}")
    count, most = jobs or default_jobs(device), max(_MOST, _MOST_OF_A_CORE * _cores())
    if count > most:
        raise UserError(f"jobs must be at most {most} on this machine, which has {_cores()} cores, got {count}")
    return count


def local_workers(request: ScreenRequest, jobs: int | None, cancel: CancelFlag | None = None) -> Workers:
    """Processes of this machine, ``jobs`` of them or `default_jobs`; for one alone this process, with some threads for a GPU.

    Raises
    ------
    UserError
        As `number_of_jobs`.
    """
    count = number_of_jobs(jobs, request.device)
    if count > 1:
        return LocalProcesses(request, count)
    if resolve_device(request.device).startswith("cuda"):
        return Threads(request, min(_TOGETHER, _cores()), cancel)
    return ThisProcess(request, cancel=cancel)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()


def _work(pipe: Connection, threads: int) -> None:
    """What a process of `LocalProcesses` does until its pipe is closed, by whatever end the other process may have found."""
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        pipe.send(_HERE)
        request: ScreenRequest = pipe.recv()
        with threadpool_limits(threads):  # numpy's own threads: those of all processes together would be too many
            screener = Screener(request, threads)
            pipe.send(_READY)
            while True:
                pipe.send(screener.run(pipe.recv()))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    """End this process once that which began it is no more, in the middle of a task: nobody waits for its outcome."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
