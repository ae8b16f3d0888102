"""A screen on a Dask cluster (the optional extra `cluster`): the map goes out once, workers that die are replaced by others."""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from difffit_core.errors import UserError
from difffit_core.screen.outcome import Outcome, Task
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.trial import Screener
from difffit_core.screen.workers import Died

if TYPE_CHECKING:
    from distributed import Client, Future

_logger = logging.getLogger(__name__)

SLURM = "slurm"
_EXTRA = "the extra cluster (pip install 'difffit-desktop[cluster]', or 'difffit-core[cluster]' on a server)"
_MUST_BE = "scheduler must be slurm or the address of a Dask scheduler, as in tls://HOST:8786"
_WITHOUT_PORT = ("inproc", "unix")
_TASKS_A_THREAD = 2
_CONNECT_S, _WAIT_FOR_WORKERS_S = 30, 600


def connect(request: ScreenRequest, scheduler: str, jobs: int | None = None) -> "ClusterWorkers":
    """Workers of the Dask scheduler at that address; for "slurm" a cluster is asked of SLURM, of ``jobs`` jobs (1 if not given).

    How a SLURM job looks (queue, cores, memory, time) is told in the configuration of dask-jobqueue, `~/.config/dask/jobqueue.yaml`.

    Raises
    ------
    UserError
        If the extra is not installed, or there is no such address, or the scheduler cannot be reached there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UserError(f"scheduler needs {_EXTRA}, got no package distributed") from None
    _check_address(scheduler)
    if warning := open_warning(scheduler):
        _logger.warning("%s", warning)
    try:
        cluster = _slurm(jobs or 1) if scheduler == SLURM else None
        client = Client(cluster or scheduler, timeout=_CONNECT_S)
    except (OSError, ValueError, TimeoutError, RuntimeError) as error:
        raise UserError(f"{_MUST_BE}, got {scheduler} ({error})") from error
    return ClusterWorkers(request, client, cluster)


def _check_address(scheduler: str) -> None:
    """Refuse what cannot be an address before anything is said of it, or looked up."""
    protocol, _, rest = scheduler.rpartition("://")
    if scheduler == SLURM or protocol.lower() in _WITHOUT_PORT:
        return
    try:
        parts = urlsplit(f"//{rest}")
        is_one = bool(parts.hostname and parts.port) and scheduler.isprintable() and " " not in scheduler
    except ValueError:  # brackets that are not closed, a port beyond 65535
        is_one = False
    if not is_one:
        raise UserError(f"{_MUST_BE}, got {scheduler}")


def open_warning(scheduler: str) -> str:
    """What to say of a scheduler that others may reach and that encrypts nothing; empty for one on this machine, with TLS, or SLURM's.

    An address is ``PROTOCOL://HOST:PORT``, or without the protocol, which is TCP then.
    """
    protocol, _, rest = scheduler.rpartition("://")
    if scheduler == SLURM or protocol.lower() in ("tls", "wss", *_WITHOUT_PORT):
        return ""
    host = urlsplit(f"//{rest}").hostname or ""
    with suppress(ValueError):
        if ip_address(host).is_loopback:
            return ""
    if host == "localhost":
        return ""
    return (
        f"the scheduler {scheduler} is reached without TLS: whoever reaches it can read the map and run anything on its workers; "
        "use it in a network that you trust, or with tls:// (see the guide on clusters)"
    )


def _slurm(jobs: int) -> Any:
    try:
        from dask_jobqueue import SLURMCluster
    except ImportError:
        raise UserError(f"scheduler slurm needs {_EXTRA}, got no dask_jobqueue") from None
    cluster = SLURMCluster()
    cluster.scale(jobs=jobs)
    return cluster


class ClusterWorkers:
    """Gives tasks to a Dask cluster, twice as many at a time as it has threads; the cluster may grow and shrink."""

    def __init__(self, request: ScreenRequest, client: "Client", cluster: Any = None) -> None:
        self._client, self._cluster = client, cluster
        self._key, self._made_of = request.key, request
        self._tasks: dict[Future, Task] = {}
        self._request = self._scatter()

    def _scatter(self) -> "Future":
        self._client.wait_for_workers(1, timeout=_WAIT_FOR_WORKERS_S)
        sent: Future = self._client.scatter(self._made_of, broadcast=True, hash=False)
        return sent

    @property
    def slots(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, _TASKS_A_THREAD * sum(threads.values()))

    def start(self, task: Task) -> None:
        future = self._client.submit(_carry_out, self._request, self._key, task, pure=False)
        self._tasks[future] = task

    def wait(self, timeout: float) -> Sequence[Outcome | Died]:
        from distributed import CancelledError, wait
        from distributed import TimeoutError as TooLong

        if not self._tasks:
            return []
        with suppress(TooLong, CancelledError):
            wait(list(self._tasks), timeout=timeout, return_when="FIRST_COMPLETED")
        ended = [self._ended(future) for future in list(self._tasks) if future.done()]
        if self._request.status != "finished":  # every worker that had it is gone
            self._request = self._scatter()
        return ended

    def _ended(self, future: "Future") -> Outcome | Died:
        from distributed import CancelledError, KilledWorker

        task = self._tasks.pop(future)
        try:
            outcome: Outcome = future.result()
        except KilledWorker:
            return Died(task)
        except CancelledError:
            return Died(task, suspect=False)
        except Exception as error:
            raise UserError(f"a worker of the cluster cannot work: {error}") from error
        return outcome

    def close(self) -> None:
        self._client.cancel(list(self._tasks))
        self._tasks.clear()
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


_lock = threading.Lock()
_made: dict[str, Screener] = {}


def _carry_out(request: ScreenRequest, key: str, task: Task) -> Outcome:
    """Runs on a worker, one task of a process at a time, since the kernels of one process take turns."""
    from distributed import get_worker

    with _lock:
        if key not in _made:
            _made.clear()
            _made[key] = Screener(request, max(1, get_worker().state.nthreads))
        return _made[key].run(task)
