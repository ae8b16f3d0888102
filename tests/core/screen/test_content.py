"""Models of a screen are known by what their files hold; a store is believed only as far as a screen could have written it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import FileFormatError, UserError
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.screen.content import Content
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_row
from difffit_core.screen.outcome import Outcome, Pass, Trial
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.results import Results
from difffit_core.screen.rows import DONE, WAITING
from difffit_core.screen.run import open_screen
from difffit_core.screen.store import ScreenStore


def trial(correlation: float) -> Trial:
    metrics = FitMetrics(1.0, 2.0, 0.9, 0.5, 0.8, correlation)
    placement = Placement(1, Pose(np.eye(3), np.array([1.0, 2.0, 3.0])), 7, metrics, 5.0, 1e-9, Verdict.UNIQUE)
    return Trial(120, 250.0, correlation, 0.2, 4.0, 0.8, (placement,), placement)


@pytest.fixture
def models(tmp_path: Path, repository: Path) -> list[Path]:
    content = (repository / "resources" / "example" / "1bd2_moved.pdb.gz").read_bytes()
    for number in range(3):
        (tmp_path / f"m{number}.pdb.gz").write_bytes(content)
    return sorted(tmp_path.glob("m*"))


@pytest.fixture
def store(tmp_path: Path, models: list[Path]) -> Iterator[ScreenStore]:
    """Three models that are done, the second of them split into two chains."""
    with ScreenStore.create(tmp_path / "screen.sqlite", {"seed": 0}, {"map": None}) as made:
        made.add(models)
        for task in made.claim(3):
            parts = ("A", "B") if task.path == models[1] else ()
            made.finish(Outcome(task, None if parts else trial(0.5), parts=parts, content=Content.of(task.path)))
        for task in made.claim(2):
            made.finish(Outcome(task, trial(0.4), content=Content.of(task.path)))
        assert made.counts()[DONE, 1] == 4
        yield made


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def test_a_file_that_changed_under_its_name_is_tried_anew(store: ScreenStore, models: list[Path]) -> None:
    assert store.retry_changed() == []
    os.utime(models[0])
    assert store.retry_changed() == [], "a copy of the same content is the same model"
    models[0].unlink()
    assert store.retry_changed() == [], "nothing can be tried of a file that has gone; what was found stays"
    change(models[1])
    assert store.retry_changed() == [models[1]]
    rows = {(Path(row.path).name, row.part): row for row in store.rows()}
    assert sorted(rows) == [("m0.pdb.gz", ""), ("m1.pdb.gz", ""), ("m2.pdb.gz", "")], "its chains are found anew"
    assert (rows["m1.pdb.gz", ""].status, rows["m1.pdb.gz", ""].correlation) == (WAITING, None)
    assert rows["m2.pdb.gz", ""].status == DONE
    assert len(store.best_poses()) == 2


def test_no_old_pose_is_given_new_atoms(store: ScreenStore, models: list[Path]) -> None:
    row = next(one for one in store.rows() if Path(one.path) == models[2])
    assert len(read_row(row, Filters()).coordinates)
    stamp = os.stat(models[2])
    content = bytearray(models[2].read_bytes())
    content[4:8] = b"\1\2\3\4"  # another time in the header: as large, and dated back
    models[2].write_bytes(content)
    os.utime(models[2], ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(UserError, match="has changed since it was screened"):
        read_row(row, Filters())


def test_a_file_that_changes_between_the_passes_begins_anew(store: ScreenStore, models: list[Path]) -> None:
    first = next(one for one in store.rows() if Path(one.path) == models[0])
    assert store.promote([first.id]) == 1
    (task,) = store.claim(1)
    change(models[0])
    assert not store.finish(Outcome(task, trial(0.9), content=Content.of(models[0])))
    row = next(one for one in store.rows() if one.id == first.id)
    assert (row.status, row.work, row.correlation) == (WAITING, Pass.FIRST, None)


def test_a_store_of_before_is_read_and_goes_on(store: ScreenStore) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("DROP TABLE contents")
    connection.close()
    with ScreenStore.open(store.path, to_read=True) as old:
        assert [row.content for row in old.rows()] == [None] * 4
    with ScreenStore.open(store.path) as old:
        assert old.retry_changed() == []
        assert len(old.rows()) == 4


def look_at(path: Path) -> None:
    with ScreenStore.open(path, to_read=True) as store:
        Results.of(store)
        store.best_poses()


TAMPERED = [
    "UPDATE models SET correlation = 'much'",
    "UPDATE models SET elements = -1",
    "UPDATE models SET middle = 9e999",
    "UPDATE models SET elements = NULL",
    "UPDATE models SET status = 'dancing'",
    "UPDATE models SET work = 7",
    "UPDATE models SET path = x'00ff' WHERE id = 1",
    "DELETE FROM placements",
    "UPDATE placements SET best = '['",
    "UPDATE placements SET best = 'null'",
    "UPDATE placements SET best = '[[[2,0,0],[0,1,0],[0,0,1]],[0,0,0]]'",
    "UPDATE models SET work = 2; UPDATE placements SET data = '[]'",
    "UPDATE models SET work = 2; UPDATE placements SET data = '[{}]'",
    "UPDATE screen SET value = '[]' WHERE name = 'record'",
    "UPDATE screen SET value = '{' WHERE name = 'details'",
    "UPDATE screen SET value = '{}' WHERE name = 'details'",
    "UPDATE screen SET value = '{\"map\": 3}' WHERE name = 'details'",
    "DELETE FROM screen WHERE name = 'record'",
    "UPDATE screen SET value = hex(zeroblob(9000000)) WHERE name = 'record'",
    "DROP TABLE placements",
    "DROP TABLE models",
    "CREATE TRIGGER evil AFTER UPDATE ON models BEGIN DELETE FROM models; END",
    "ALTER TABLE models RENAME TO x; CREATE VIEW models AS SELECT * FROM x",
    "UPDATE screen SET value = 'one' WHERE name = 'schema_version'",
]


@pytest.mark.parametrize("tampering", TAMPERED)
def test_a_tampered_store_is_told_in_a_sentence(store: ScreenStore, tampering: str) -> None:
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.executescript(tampering)
    connection.close()
    with pytest.raises(FileFormatError, match=r"screen\.sqlite: ") as told:
        look_at(store.path)
    assert "\n" not in str(told.value)


def test_a_damaged_store_is_told_in_a_sentence(store: ScreenStore) -> None:
    store.close()
    whole = store.path.read_bytes()
    rng = np.random.default_rng(0)
    told = 0
    for number in range(60):
        content = bytearray(whole)
        for place in rng.integers(0, len(whole), 200):
            content[place] = rng.integers(256)
        store.path.write_bytes(content if number % 2 else whole[: int(rng.integers(len(whole)))])
        try:
            with ScreenStore.open(store.path) as read:
                Results.of(read)
                read.best_poses()
                read.retry_changed()
                read.release_dead()
                read.claim(2)
        except UserError:
            told += 1
        for more in store.path.parent.glob("screen.sqlite-*"):
            more.unlink(missing_ok=True)  # SQLite may take it away meanwhile
    assert told > 40


def test_who_fails_late_removes_only_a_screen_of_its_own(
    make_request: Callable[..., ScreenRequest], models: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, request = tmp_path / "new.sqlite", make_request()

    def fails(self: ScreenStore, library: Path) -> None:
        raise UserError("late")

    monkeypatch.setattr(ScreenStore, "note_library", fails)
    with pytest.raises(UserError, match="late"):
        open_screen(path, request, models, resume=False, source=tmp_path)
    assert not list(tmp_path.glob("new.sqlite*"))
    create, others = ScreenStore.create, []

    def quicker(*given: Any) -> ScreenStore:
        others.append(create(*given))
        raise UserError("there is a screen already")

    monkeypatch.setattr(ScreenStore, "create", quicker)
    with pytest.raises(UserError, match="late"):
        open_screen(path, request, models, resume=True, source=tmp_path)
    assert path.exists(), "it is another's, who has claimed nothing yet"
    others[0].close()


def test_a_screen_of_ones_own_stays_where_another_has_come_to_it(
    make_request: Callable[..., ScreenRequest], models: list[Path], tmp_path: Path
) -> None:
    path = tmp_path / "new.sqlite"
    store = open_screen(path, make_request(), models, resume=False)
    with ScreenStore.open(path) as other:
        store.give_up()
        assert path.exists()
        assert len(other.claim(3)) == 3
