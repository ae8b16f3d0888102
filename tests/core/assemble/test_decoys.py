"""Pieces of other models of one model's size: compact, drawn the same again, searched by whoever works, and none of what is too small."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from difffit_core.assemble.decoys import DECOYS, decoys
from difffit_core.atomic_model import AtomicModel
from difffit_core.io.models import read_model
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.screen.cutting import piece_of
from difffit_core.screen.outcome import LeftOut, Outcome, Piece, Task, Trial
from difffit_core.screen.rows import DONE, ScreenRow
from difffit_core.screen.workers import Died


@pytest.fixture(scope="module")
def chain(repository: Path) -> AtomicModel:
    return read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz").select_chains(["A"])


def test_a_piece_is_compact_and_the_same_again(chain: AtomicModel) -> None:
    whole = chain.fit_coordinates
    cut = piece_of(chain, Piece(172, 0), seed=3)
    assert len(cut.fit_coordinates) == 172
    assert np.ptp(cut.fit_coordinates, axis=0).max() < 0.6 * np.ptp(whole, axis=0).max()
    np.testing.assert_array_equal(cut.fit_coordinates, piece_of(chain, Piece(172, 0), seed=3).fit_coordinates)
    others = [piece_of(chain, Piece(172, number), seed).fit_coordinates for number, seed in ((1, 3), (0, 4))]
    assert not any(np.array_equal(cut.fit_coordinates, other) for other in others)
    assert chain.in_fit.sum() == len(whole)


def test_of_a_model_that_is_no_larger_none_is_cut(chain: AtomicModel) -> None:
    with pytest.raises(LeftOut, match="no piece of"):
        piece_of(chain, Piece(len(chain.fit_coordinates), 0), seed=0)


def quiet(done: int, total: int) -> None:
    assert done <= total


def row(number: int, elements: float) -> ScreenRow:
    return ScreenRow(number, f"/lib/m{number:02d}.cif", "", DONE, 1, "", 80, elements, 0.3, 0.2, 0.2, 1.0, 1.0)


class Made:
    """Workers that make up what a search finds, last come first served; each eleventh task kills its worker."""

    slots = 3

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self._busy: list[Task] = []

    def start(self, task: Task) -> None:
        assert len(self._busy) < self.slots
        self.tasks.append(task)
        self._busy.append(task)

    def wait(self, timeout: float) -> Sequence[Outcome | Died]:
        assert timeout > 0
        task = self._busy.pop()
        if task.id % 11 == 5:
            return [Died(task)]
        place = Placement(1, Pose.identity(), FitMetrics(0.5, 0.5, 0.5, 0.5, 0.5, 0.5), 1, 1.0, 0.5, Verdict.NOT_SIGNIFICANT)
        return [Outcome(task, Trial(20, 15.0, 0.3 + 0.001 * task.id, 0.1, 1.0, 1.0, (place,), place))]

    def close(self) -> None:
        self._busy.clear()


def test_a_hundred_are_tried_of_what_is_large_enough_in_one_order() -> None:
    workers = Made()
    rows = [row(i, 15.0 + i) for i in range(40)]
    told: list[tuple[int, int]] = []
    correlation, elements = decoys(workers, rows, 20.0, 150, threading.Event(), lambda done, total: told.append((done, total)))
    assert told[0] == (0, DECOYS)
    assert told[-1] == (DECOYS, DECOYS)
    assert told == sorted(told)
    assert len(workers.tasks) == DECOYS
    assert {task.piece.atoms for task in workers.tasks if task.piece} == {150}
    assert min(int(task.path.stem[1:]) for task in workers.tasks) == 11
    assert len({(task.path, task.piece) for task in workers.tasks}) == DECOYS
    assert len(correlation) == len(elements) == DECOYS - 9
    assert (np.diff(correlation) > 0).all()
    again = decoys(Made(), rows[::-1], 20.0, 150, threading.Event(), quiet)
    np.testing.assert_array_equal(correlation, again[0])


def test_where_none_is_large_enough_or_it_is_cancelled_there_is_nothing() -> None:
    assert len(decoys(Made(), [row(1, 20.0)], 20.0, 150, threading.Event(), quiet)[0]) == 0
    maps = [row(1, 90.0)._replace(path="/lib/piece.mrc")]
    assert len(decoys(Made(), maps, 20.0, 150, threading.Event(), quiet)[0]) == 0
    cancel = threading.Event()
    cancel.set()
    assert len(decoys(Made(), [row(1, 90.0)], 20.0, 150, cancel, quiet)[0]) == 0
