"""The store: what is claimed, kept and given back, by one process and by several."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from difffit_core.errors import FileFormatError, UserError
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.screen import store as module
from difffit_core.screen.outcome import Outcome, Pass, Trial
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, RUNNING, WAITING
from difffit_core.screen.store import ScreenStore

PATHS = [Path(f"/library/m{number:02d}.pdb") for number in range(10)]


def trial(correlation: float) -> Trial:
    metrics = FitMetrics(1.0, 2.0, 0.9, 0.5, 0.8, correlation)
    placement = Placement(1, Pose(np.eye(3), np.array([1.0, 2.0, 3.0])), 7, metrics, 5.0, 1e-9, Verdict.UNIQUE)
    return Trial(120, 250.0, correlation, 0.2, 4.0, 0.8, (placement,), placement)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ScreenStore]:
    with ScreenStore.create(tmp_path / "screen.sqlite", {"seed": 0}, {"map": None}) as made:
        assert made.add(PATHS) == 10
        yield made


def test_nothing_is_claimed_twice(store: ScreenStore) -> None:
    with ScreenStore.open(store.path) as other:
        claimed = [task.path for one in (store, other, store, other) for task in one.claim(3)]
    assert sorted(claimed) == PATHS


def test_processes_at_once_share_the_work(store: ScreenStore) -> None:
    store.add([Path(f"/library/n{number:03d}.pdb") for number in range(190)])
    claimed: list[int] = []

    def work() -> None:
        with ScreenStore.open(store.path) as own:
            while tasks := own.claim(2):
                claimed.extend(task.id for task in tasks)
                for task in tasks:
                    own.finish(Outcome(task, trial(0.3)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == list(range(1, 201))
    assert store.counts() == {(DONE, 1): 200}


def test_a_claim_ends_with_its_lease_unless_renewed(store: ScreenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEASE_S", -1.0)
    late = store.claim(4)
    monkeypatch.setattr(module, "LEASE_S", 100.0)
    with ScreenStore.open(store.path) as other:
        assert [task.id for task in other.claim(10)] == [5, 6, 7, 8, 9, 10, *(task.id for task in late)]
        assert store.claim(10) == []
        monkeypatch.setattr(module, "LEASE_S", -1.0)
        other.renew()
        assert len(store.claim(10)) == 10


def test_what_is_given_back_is_free(store: ScreenStore) -> None:
    first, *rest = store.claim(4)
    store.release(first)
    assert [task.id for task in store.claim(1)] == [first.id]
    store.release()
    assert store.counts() == {(WAITING, 1): 10}
    assert len(rest) == 3


def test_a_model_fails_after_three_deaths(store: ScreenStore) -> None:
    for _ in range(module.MOST_DEATHS):
        assert store.rows()[0].status == WAITING
        store.release(store.claim(1)[0], died=True)
    row = store.rows()[0]
    assert (row.status, row.note) == (FAILED, "the process that tried it died 3 times")
    assert store.claim(1)[0].id == 2


def test_the_first_to_finish_is_kept(store: ScreenStore) -> None:
    task = store.claim(1)[0]
    with ScreenStore.open(store.path) as other:
        assert other.finish(Outcome(task, trial(0.5)))
    assert not store.finish(Outcome(task, trial(0.4)))
    assert store.rows()[0].correlation == 0.5


def test_rows_say_what_was_found(store: ScreenStore) -> None:
    done, failed, left_out, split = store.claim(4)
    store.finish(Outcome(done, trial(0.5)))
    store.finish(Outcome(failed, note="damaged", failed=True))
    store.finish(Outcome(left_out, note="too small"))
    store.finish(Outcome(split, parts=("A", "B")))
    rows = {(row.name, row.status): row for row in store.rows()}
    row = rows["m00", DONE]
    assert (row.residues, row.elements, row.middle, row.first_correlation, row.correlation, row.gap, row.inside) == (
        120, 250.0, 0.2, 0.5, 0.5, 4.0, 0.8,
    )  # fmt: skip
    assert rows["m01", FAILED].note == "damaged"
    assert rows["m02", LEFT_OUT].note == "too small"
    assert not any(name == "m03" for name, _ in rows)
    assert ("m03:A", WAITING) in rows
    assert [one.to_dict() for one in store.placements(done.id)] == [one.to_dict() for one in trial(0.5).placements]
    assert store.placements(failed.id) == ()
    assert {model: pose.translation.tolist() for model, pose in store.best_poses().items()} == {done.id: [1.0, 2.0, 3.0]}


def test_rows_come_in_the_same_order_whichever_file_was_split_first(store: ScreenStore) -> None:
    first, second = store.claim(2)
    for task in (second, first):
        store.finish(Outcome(task, parts=("B", "A")))
    store.add([Path("/library/a.pdb")])
    assert [row.name for row in store.rows()][:5] == ["a", "m00:A", "m00:B", "m01:A", "m01:B"]


def test_the_full_search_never_makes_a_model_worse(store: ScreenStore) -> None:
    for task in store.claim(2):
        store.finish(Outcome(task, trial(0.5)))
    assert store.promote([1, 2, 3]) == 2
    assert store.promote([1, 2, 3]) == 0
    first, second = (task for task in store.claim(20) if task.work is Pass.FULL)
    store.finish(Outcome(first, trial(0.6)))
    store.finish(Outcome(second, trial(0.4)))
    better, worse = store.rows()[:2]
    assert (better.first_correlation, better.correlation, better.work) == (0.5, 0.6, 2)
    assert (worse.first_correlation, worse.correlation, worse.work) == (0.5, 0.5, 2)
    assert store.placements(second.id)[0].metrics.local_correlation == 0.5


def test_first_passes_come_first(store: ScreenStore) -> None:
    store.finish(Outcome(store.claim(1)[0], trial(0.5)))
    store.promote([1])
    assert [(task.id, task.work) for task in store.claim(20)] == [*((number, Pass.FIRST) for number in range(2, 11)), (1, Pass.FULL)]


def test_a_model_is_added_once(store: ScreenStore) -> None:
    assert store.add([*PATHS, Path("/library/new.pdb")]) == 1
    assert len(store.rows()) == 11


def test_a_reader_sees_what_is_done_while_another_writes_and_writes_nothing(store: ScreenStore) -> None:
    with ScreenStore.open(store.path, to_read=True) as reader:
        store.finish(Outcome(store.claim(1)[0], trial(0.5)))
        assert reader.rows()[0].status == DONE
        with pytest.raises(UserError, match="readonly"):
            reader.claim(1)
    assert store.record == {"seed": 0}
    assert store.details == {"map": None}


def test_files_that_are_no_store(tmp_path: Path, store: ScreenStore) -> None:
    with pytest.raises(UserError, match="no such screen"):
        ScreenStore.open(tmp_path / "absent.sqlite")
    with pytest.raises(UserError, match="there is a screen already"):
        ScreenStore.create(store.path, {}, {})
    with pytest.raises(UserError, match="cannot be kept there"):
        ScreenStore.create(tmp_path / "no folder" / "screen.sqlite", {}, {})
    (tmp_path / "text.sqlite").write_text("this is no database, however long it may be " * 50)
    with pytest.raises(FileFormatError, match="screen"):
        ScreenStore.open(tmp_path / "text.sqlite")
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(FileFormatError, match="cannot be read as a screen"):
        ScreenStore.open(tmp_path / "other.sqlite")


def test_a_store_of_a_later_program_is_refused(store: ScreenStore) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE screen SET value = '99' WHERE name = 'schema_version'")
    connection.close()
    with pytest.raises(UserError, match="later version"):
        ScreenStore.open(store.path)


def test_twenty_thousand_models_are_read_ranked_and_counted(tmp_path: Path) -> None:
    """That it goes quickly is for the benchmark to tell; here, that it goes."""
    with ScreenStore.create(tmp_path / "large.sqlite", {}, {"map": None}) as store:
        assert store.add(Path(f"/library/m{number:05d}.pdb") for number in range(20_000)) == 20_000
        assert len(store.rows()) == 20_000
        assert store.counts() == {(WAITING, 1): 20_000}
        assert [task.path.name for task in store.claim(2)] == ["m00000.pdb", "m00001.pdb"]
        assert store.counts()[RUNNING, 1] == 2


def test_a_lease_of_the_far_future_holds_nobody_up(store: ScreenStore) -> None:
    """As of a process whose clock was wrong, or of a file that somebody wrote on."""
    store.claim(10)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE models SET lease = 9e99")
    connection.close()
    with ScreenStore.open(store.path) as other:
        assert not other.is_worked_on()
        assert len(other.claim(10)) == 10
        assert other.is_worked_on()
