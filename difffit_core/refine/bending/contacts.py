"""Which atoms are near others, listed by cells of space, and how far these must keep apart."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.ops.compiled import compiled
from difffit_core.refine.bending.pairs import Pairs

_MOST_CELLS = 4_000_000


def contacts(x: Array, reach: float, known: Pairs, otherwise: float) -> Pairs:
    """Pairs of atoms at ``x`` (N, 3) in Å nearer than ``reach``, with a column of the distances that they must keep.

    These are the column of ``known`` pairs, where partners of an atom are in order, and ``otherwise`` for those that are not known; where
    they are 0, the pair is left out.
    """
    cells = _Cells.of(x, reach)
    counts = np.zeros(len(x), np.int64)
    known_least = known.columns[0]
    found = (x, cells.at, cells.shape, cells.starts, cells.order, reach, known.starts, known.other, known_least, otherwise)
    _list(*found, counts, counts, np.empty(0, np.int32), np.empty(0))
    starts = np.concatenate([[0], np.cumsum(counts)])
    other, least = np.empty(starts[-1], np.int32), np.empty(starts[-1])
    _list(*found, counts, starts, other, least)
    return Pairs(starts, other, (least,))


class _Cells:
    """Space in cells of an edge: the cell of each atom (N, 3), how many there are (3,), and the atoms of each, one after the other."""

    def __init__(self, at: NDArray[np.int64], shape: NDArray[np.int64], starts: NDArray[np.int64], order: NDArray[np.int32]) -> None:
        self.at, self.shape, self.starts, self.order = at, shape, starts, order

    @classmethod
    def of(cls, x: Array, edge: float) -> "_Cells":
        low, extent = x.min(axis=0, initial=np.inf), np.ptp(x, axis=0) if len(x) else np.zeros(3)
        while np.prod(np.floor(extent / edge) + 1) > _MOST_CELLS:
            edge *= 1.5
        at = np.floor((x - low) / edge).astype(np.int64)
        shape = at.max(axis=0, initial=0) + 1
        flat = (at[:, 2] * shape[1] + at[:, 1]) * shape[0] + at[:, 0]
        starts = np.concatenate([[0], np.cumsum(np.bincount(flat, minlength=int(shape.prod())))])
        return cls(at, shape, starts, np.argsort(flat, kind="stable").astype(np.int32))


@compiled(nogil=True, error_model="numpy", parallel=True)
def _list(
    x: Array,
    at: NDArray[np.int64],
    shape: NDArray[np.int64],
    cells: NDArray[np.int64],
    order: NDArray[np.int32],
    reach: float,
    known_starts: NDArray[np.int64],
    known_other: NDArray[np.int32],
    known_least: Array,
    otherwise: float,
    counts: NDArray[np.int64],
    starts: NDArray[np.int64],
    other: NDArray[np.int32],
    least: Array,
) -> None:
    """Count the contacts of each atom, or, where there is room for them in ``other``, list them from ``starts`` on."""
    counting = len(other) == 0
    for i in nb.prange(len(x)):
        found = 0
        first_known, last_known = known_starts[i], known_starts[i + 1]
        for z in range(max(at[i, 2] - 1, 0), min(at[i, 2] + 2, shape[2])):
            for y in range(max(at[i, 1] - 1, 0), min(at[i, 1] + 2, shape[1])):
                row = (z * shape[1] + y) * shape[0]
                for t in range(cells[row + max(at[i, 0] - 1, 0)], cells[row + min(at[i, 0] + 2, shape[0])]):
                    j = order[t]
                    if j == i:
                        continue
                    dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
                    if dx * dx + dy * dy + dz * dz >= reach * reach:
                        continue
                    low, high = first_known, last_known
                    while low < high:
                        middle = (low + high) // 2
                        if known_other[middle] < j:
                            low = middle + 1
                        else:
                            high = middle
                    keep = otherwise
                    if low < last_known and known_other[low] == j:
                        keep = min(known_least[low], otherwise)
                    if keep > 0.0:
                        if not counting:
                            other[starts[i] + found] = j
                            least[starts[i] + found] = keep
                        found += 1
        if counting:
            counts[i] = found
