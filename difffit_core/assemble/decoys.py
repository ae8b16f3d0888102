"""What pieces of other models, cut to the size of one, reach where that one was tried."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from difffit_core.align.body import is_map
from difffit_core.conventions import Array
from difffit_core.fit.request import CancelFlag
from difffit_core.screen.outcome import Outcome, Pass, Piece, Task
from difffit_core.screen.rows import ScreenRow
from difffit_core.screen.workers import Workers

DECOYS = 100
"""Pieces that are tried for each model that is judged by them."""
_LARGER = 1.3
"""Models of this much more density than the one that is judged have such pieces."""
_MOST_OF_ONE = 5
_PATIENCE_S = 0.5


def decoys(
    workers: Workers, others: Sequence[ScreenRow], elements: float, atoms: int, cancel: CancelFlag, tell: Callable[[int, int], object]
) -> tuple[Array, Array]:
    """Search for compact pieces of other models what was screened, each in a first pass.

    Parameters
    ----------
    workers : of the screen
    others : models that may be cut
    elements, atoms : resolution elements and atoms of the model that is judged
    cancel : looked at a few times a second
    tell : told how many pieces were tried, and of how many

    Returns
    -------
    Best local correlation (D,) of each piece, and the elements (D,) that it covers; D is 0 where no model is large enough.
    """
    large = sorted((row for row in others if (row.elements or 0.0) >= _LARGER * elements), key=lambda row: (row.path, row.part))
    large = [row for row in large if not is_map(Path(row.path))]
    if not large:
        return np.empty(0), np.empty(0)
    spread = [large[i] for i in np.unique(np.linspace(0, len(large) - 1, DECOYS).astype(int))]
    each = min(_MOST_OF_ONE, -(-DECOYS // len(spread)))
    waiting = [
        Task(len(spread) * number + i, Path(row.path), row.part, Pass.FIRST, Piece(atoms, number))
        for number in range(each)
        for i, row in enumerate(spread)
    ][:DECOYS]
    waiting.reverse()
    total = len(waiting)
    tell(0, total)
    busy: set[int] = set()
    found: dict[int, tuple[float, float]] = {}
    while (waiting or busy) and not cancel.is_set():
        while waiting and len(busy) < workers.slots:
            busy.add(waiting[-1].id)
            workers.start(waiting.pop())
        for ended in workers.wait(_PATIENCE_S):
            busy.discard(ended.task.id)
            if isinstance(ended, Outcome) and ended.trial is not None:
                found[ended.task.id] = ended.trial.correlation, ended.trial.elements
        tell(total - len(waiting) - len(busy), total)
    reached = np.array([found[number] for number in sorted(found)], np.float64).reshape(-1, 2)
    return reached[:, 0], reached[:, 1]
