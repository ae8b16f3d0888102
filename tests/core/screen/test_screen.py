"""A whole screen: what it finds, and that nothing but the density, the model and the seed decides it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from screens import forget_settings

from difffit_core.errors import UserError
from difffit_core.fit.settings import BEFORE, FitSettings
from difffit_core.ops.torch_climb import climb
from difffit_core.ops.torch_grid import TorchGrid
from difffit_core.placement import Verdict
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import list_library
from difffit_core.screen.outcome import Outcome, Pass, Task
from difffit_core.screen.ranking import rank
from difffit_core.screen.request import ScreenProgress, ScreenRequest
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, WAITING
from difffit_core.screen.run import as_begun, open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import Died, LocalProcesses, ThisProcess, Threads

from .conftest import QUICK, Library, results, screen_all

Make = Callable[..., ScreenRequest]


def test_the_right_model_is_first_and_alone_significant(screened: Path, library: Library) -> None:
    with ScreenStore.open(screened, to_read=True) as store:
        rows = store.rows()
        ranking = rank(rows)
        best = store.placements(ranking.rows[0].id)
    assert Path(ranking.rows[0].path).name == library.right
    assert ranking.significant.tolist() == [True] + [False] * 6
    assert ranking.verdicts[0] is Verdict.UNIQUE
    assert ranking.rows[0].work == Pass.FULL
    assert best[0].metrics.local_correlation == ranking.rows[0].correlation > 0.8
    assert ranking.z_scores[0] == best[0].z_score
    assert ranking.p_values[0] == pytest.approx(best[0].p_value, rel=1e-9), "a fit says the same"


def test_a_broken_file_is_a_row_and_no_end(screened: Path, library: Library) -> None:
    with ScreenStore.open(screened, to_read=True) as store:
        rows = store.rows()
    failed = [row for row in rows if row.status == FAILED]
    assert [Path(row.path).name for row in failed] == [library.broken]
    assert library.broken in failed[0].note
    assert failed[0].correlation is None
    assert sum(row.status == DONE for row in rows) == len(rows) - 1 == 7


def test_only_the_promising_are_searched_in_full(make_request: Make, library: Library, tmp_path: Path) -> None:
    for promising, expected in ((0.0, 0), (1.0, 7)):
        request = make_request(promising=promising, settings=QUICK.model_copy(update={"starts": 50}))
        path = tmp_path / f"{promising}.sqlite"
        screen_all(path, request, library.folder)
        with ScreenStore.open(path, to_read=True) as store:
            assert sum(row.work == Pass.FULL for row in store.rows()) == expected


def test_order_names_and_company_do_not_matter(make_request: Make, library: Library, screened: Path, tmp_path: Path) -> None:
    """The same models in another order, under another name, with one fewer beside them, have the same first pass to the last bit."""
    folder = tmp_path / "renamed"
    names = {
        path.name: f"{chr(ord('z') - i)}{path.suffixes[0]}" for i, path in enumerate(list_library(library.folder)) if "a3" not in str(path)
    }
    folder.mkdir()
    for path in list_library(library.folder):
        if path.name in names:
            shutil.copy(path, folder / names[path.name])
    path = tmp_path / "again.sqlite"
    screen_all(path, make_request(), folder)
    with ScreenStore.open(path, to_read=True) as store, ScreenStore.open(screened, to_read=True) as before:
        again = {Path(row.path).name: row for row in store.rows()}
        for row in before.rows():
            if row.status == DONE and Path(row.path).name in names:
                other = again[names[Path(row.path).name]]
                assert (other.first_correlation, other.middle, other.elements) == (row.first_correlation, row.middle, row.elements)


def test_another_seed_draws_otherwise_and_finds_the_same(make_request: Make, library: Library, screened: Path, tmp_path: Path) -> None:
    path = tmp_path / "seed.sqlite"
    screen_all(path, make_request(seed=1), library.folder)
    assert results(path) != results(screened)
    with ScreenStore.open(path, to_read=True) as store:
        ranking = rank(store.rows())
    assert Path(ranking.rows[0].path).name == library.right
    assert ranking.significant.sum() == 1


@pytest.mark.slow
def test_processes_find_what_one_process_finds(make_request: Make, library: Library, screened: Path, tmp_path: Path) -> None:
    """On two processes, one of which is killed in the middle: what it was at is tried again."""
    request, path, told = make_request(), tmp_path / "two.sqlite", list[ScreenProgress]()
    workers = LocalProcesses(request, 2)
    killed = []

    def on_result(outcome: Outcome) -> None:
        if not killed:
            killed.append(workers.processes[0])
            os.kill(killed[0], signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    with open_screen(path, request, list_library(library.folder), resume=False) as store:
        try:
            assert run_screen(store, workers, request.promising, on_result, told.append)
            assert killed[0] not in workers.processes
        finally:
            workers.close()
    assert results(path) == results(screened)
    assert told[-1].done == told[-1].total
    assert told[-1].failed == 1
    assert {one.stage for one in told} == {"first pass", "full search"}


@pytest.mark.slow
def test_threads_whose_climbs_go_together_find_what_one_process_finds(
    make_request: Make, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a GPU, whose part the processor plays by the same torch operations."""
    gathered: list[int] = []

    def together(volume: Any, scale: Any, points: Sequence[Any], weights: Any, starts: Sequence[Any], schedule: Any) -> list[Any]:
        gathered.append(len(points))
        each = weights or [None] * len(points)
        return [climb(volume, scale, *one, schedule, False) for one in zip(points, each, starts, strict=True)]

    monkeypatch.setattr("difffit_core.ops.torch_grid.together_on", lambda kind: together)
    monkeypatch.setattr("difffit_core.fit.search.subject.make_volume", lambda *frame: TorchGrid.of(*frame[:3], "cpu"))
    request = make_request(settings=QUICK.model_copy(update={"starts": 60}), promising=1.0)
    for name, workers in (("one", ThisProcess(request)), ("threads", Threads(request, 3))):
        with open_screen(tmp_path / name, request, list_library(library.folder), resume=False) as store, closing(workers):
            assert run_screen(store, workers, request.promising)
    assert results(tmp_path / "threads") == results(tmp_path / "one")
    assert max(gathered) > 1


def test_threads_stop_where_they_are(make_request: Make, library: Library, tmp_path: Path) -> None:
    request, cancel = make_request(), threading.Event()
    with open_screen(tmp_path / "stopped", request, list_library(library.folder), resume=False) as store:
        with closing(Threads(request, 2, cancel)) as workers:
            assert not run_screen(store, workers, request.promising, lambda _: cancel.set(), cancel=cancel)
        assert store.counts()
        assert all(status in (DONE, FAILED, LEFT_OUT, WAITING) for status, _ in store.counts())


class Scripted:
    """Workers that end as told, with what this process finds for the rest."""

    def __init__(self, request: ScreenRequest, deadly: str) -> None:
        self._real = ThisProcess(request, 1)
        self._deadly = deadly
        self._dead: list[Task] = []
        self.slots = 2

    def start(self, task: Task) -> None:
        if self._deadly in task.path.name:
            self._dead.append(task)
        else:
            self._real.start(task)

    def wait(self, timeout: float) -> Sequence[Outcome | Died]:
        dead, self._dead = [Died(task) for task in self._dead], []
        return [*dead, *self._real.wait(timeout)]

    def close(self) -> None:
        self._real.close()


def test_a_model_that_kills_its_process_again_and_again_fails_alone(make_request: Make, library: Library, tmp_path: Path) -> None:
    request, path = make_request(promising=0.0), tmp_path / "screen.sqlite"
    with open_screen(path, request, list_library(library.folder), resume=False) as store:
        assert run_screen(store, Scripted(request, "b1"), request.promising)
        failed = {Path(row.path).name: row.note for row in store.rows() if row.status == FAILED}
        assert sum(row.status == DONE for row in store.rows()) == 6
    assert failed.keys() == {"b1.cif", library.broken}
    assert "died 3 times" in failed["b1.cif"]


def test_a_cancelled_screen_goes_on_where_it_was(make_request: Make, library: Library, screened: Path, tmp_path: Path) -> None:
    """Cancelled after each model, then resumed, it repeats none and ends the same."""
    request, path, done = make_request(), tmp_path / "screen.sqlite", list[tuple[str, int]]()
    models = list_library(library.folder)
    finished = False
    for _ in range(30):
        cancel = threading.Event()

        def on_result(outcome: Outcome, cancel: threading.Event = cancel) -> None:
            done.append((str(outcome.task.path), outcome.task.work))
            cancel.set()

        with open_screen(path, request, models, resume=True) as store:
            finished = run_screen(store, ThisProcess(request, 1), request.promising, on_result, cancel=cancel)
        if finished:
            break
    assert finished
    assert len(done) == len(set(done)) > len(models)
    assert results(path) == results(screened)


def test_models_may_be_added_later(make_request: Make, library: Library, screened: Path, tmp_path: Path) -> None:
    request, path, models = make_request(), tmp_path / "screen.sqlite", list_library(library.folder)
    for part in (models[:4], models):
        with open_screen(path, request, part, resume=True) as store:
            assert run_screen(store, ThisProcess(request, 1), request.promising)
            assert len(store.rows()) == len(part)
    with ScreenStore.open(path, to_read=True) as store:
        assert Path(rank(store.rows()).rows[0].path).name == library.right


def test_chains_and_filters(make_request: Make, repository: Path, tmp_path: Path) -> None:
    """The example's chains one by one, but for those too long; A to E have 275, 100, 9, 204 and 244 residues."""
    request = make_request(filters=Filters(min_residues=50, max_residues=210, split="chain"), promising=0.0)
    path = tmp_path / "chains.sqlite"
    with open_screen(path, request, [repository / "resources" / "example" / "1bd2.pdb.gz"], resume=False) as store:
        assert run_screen(store, ThisProcess(request, 1), request.promising)
        rows = {row.part: row for row in store.rows()}
    assert {part: row.status for part, row in rows.items()} == {"A": LEFT_OUT, "B": DONE, "C": LEFT_OUT, "D": DONE, "E": LEFT_OUT}
    assert "more than 210" in rows["A"].note
    assert "fewer than 50" in rows["C"].note
    assert rows["B"].name == "1bd2:B"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": 3}, "seed is 3 here and 0 there"),
        ({"level": 0.3}, "level"),
        ({"settings": QUICK.model_copy(update={"steps": 9})}, "steps is 9"),
    ],
)
def test_a_screen_goes_on_only_as_it_was_begun(make_request: Make, screened: Path, changes: dict[str, Any], said: str) -> None:
    asked = make_request()
    if "level" in changes:
        changes = {"target": replace(asked.target, level=changes["level"])}
    with pytest.raises(UserError, match=said):
        open_screen(screened, replace(asked, **changes), [], resume=True)
    with pytest.raises(UserError, match="already"):
        open_screen(screened, make_request(), [], resume=False)


def test_what_an_earlier_version_began_goes_on_as_that_computed(
    make_request: Make, library: Library, screened: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, asked = tmp_path / "screen.sqlite", make_request(settings=FitSettings(starts=9))
    assert as_begun(path, asked) is asked
    assert as_begun(screened, asked) is asked
    assert not caplog.records
    screen_of_earlier = replace(asked, settings=asked.settings.model_copy(update=BEFORE))
    open_screen(path, screen_of_earlier, [], resume=False).close()
    forget_settings(path, *BEFORE)
    begun = as_begun(path, asked)
    assert "goes on as that computed: finest_detail 0, further 0" in caplog.text
    open_screen(path, begun, [], resume=True).close()
    chosen = replace(asked, settings=asked.settings.model_copy(update={"further": 3}))
    with pytest.raises(UserError, match="further is 3 here and 0 there"):
        open_screen(path, as_begun(path, chosen), [], resume=True)


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process lives cannot be asked there without harm")
def test_what_a_dead_process_had_claimed_is_free_again(make_request: Make, library: Library, tmp_path: Path) -> None:
    request, path = make_request(), tmp_path / "screen.sqlite"
    models = list_library(library.folder)
    with open_screen(path, request, models, resume=False) as store:
        claims = (
            f"from pathlib import Path; from difffit_core.screen.store import ScreenStore; ScreenStore.open(Path({str(path)!r})).claim(3)"
        )
        subprocess.run([sys.executable, "-c", claims], check=True)
        assert len(store.claim(100)) == len(models) - 3
        assert store.claim(100) == []
        assert store.release_dead() == 3
        assert len(store.claim(100)) == 3
