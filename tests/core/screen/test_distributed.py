"""A real Dask cluster of two worker processes, of which one or both are killed in the middle."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from difffit_core.errors import UserError
from difffit_core.screen.listing import list_library
from difffit_core.screen.outcome import Outcome
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.run import open_screen, run_screen

from .conftest import Library, results

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
from difffit_core.screen.distributed import connect  # noqa: E402

Make = Callable[..., ScreenRequest]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50, local_directory=str(tmp_path)
    ) as made:
        yield made


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("deaths", [1, 2])
def test_a_cluster_finds_what_one_process_finds(
    deaths: int, cluster: Any, make_request: Make, library: Library, screened: Path, tmp_path: Path
) -> None:
    request, path, killed = make_request(), tmp_path / "cluster.sqlite", list[int]()
    workers = connect(request, cluster.scheduler_address)

    def on_result(outcome: Outcome) -> None:
        if not killed:
            killed.extend(worker.pid for worker in list(cluster.workers.values())[:deaths])
            for process in killed:
                os.kill(process, signal.SIGKILL)

    with open_screen(path, request, list_library(library.folder), resume=False) as store:
        try:
            assert run_screen(store, workers, request.promising, on_result)
        finally:
            workers.close()
    assert len(killed) == deaths
    assert results(path) == results(screened)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_is_not_there(make_request: Make, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.screen.distributed._CONNECT_S", 1)
    with pytest.raises(UserError, match=f"scheduler must be slurm or the address of a Dask scheduler, .* got {address}"):
        connect(make_request(), address)
