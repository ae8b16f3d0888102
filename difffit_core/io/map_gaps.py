"""Voxels that are no numbers: programs write NaN outside a mask, and now and then one within the density."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.errors import FileFormatError
from difffit_core.io.map_header import MapHeader
from difffit_core.io.map_note import MapNote

LARGEST = 1e18
"""Beyond it squares overflow; no density is there."""
_MOST_SCATTERED = 0.01
_NEIGHBOURS = np.array([(0, 0, 1), (0, 0, -1), (0, 1, 0), (0, -1, 0), (1, 0, 0), (-1, 0, 0)])


def mend(header: MapHeader, values: NDArray[np.float32]) -> tuple[MapNote, ...]:
    """Fill, in place, voxels of ``values`` [z, y, x] that are NaN, infinite or beyond 1e18, and say so.

    Where at least 2 x 2 x 2 of them lie together (beyond the faces of the box they go on) there is no density: 0, or the map's minimum
    if that is above 0. Others stand alone, or in a plane one voxel thick: the mean of their neighbours.

    Raises
    ------
    FileFormatError
        If all are such, or so many stand alone that the file must be damaged.
    """
    bad = np.empty(values.shape, bool)
    for section, bad_there in zip(values, bad, strict=True):  # one by one, for a copy of all would be as large as the map
        np.logical_not(np.abs(section) <= LARGEST, out=bad_there)
    count = int(np.count_nonzero(bad))
    if count == 0:
        return ()
    what = f"{count} of {header.voxels} voxels ({count / header.voxels:.2g} of the box) are NaN, infinite or beyond {LARGEST:g}"
    if count == values.size:
        raise FileFormatError(f"{header.path}: a map must hold numbers, got none: {what}")
    low = float(values.min(where=~bad, initial=np.inf))
    outside = 0.0 if low <= 0 <= float(values.max(where=~bad, initial=-np.inf)) else low
    empty = _opened(bad)
    values[empty] = outside
    bad &= ~empty
    del empty
    alone = int(np.count_nonzero(bad))
    if alone - _in_full_planes(bad) > _MOST_SCATTERED * values.size:
        first = ", ".join(str(int(i)) for i in np.argwhere(bad)[0][::-1])
        raise FileFormatError(
            f"{header.path}: every voxel must be finite, got {what}, {alone} of them scattered in the density, "
            f"the first at x, y, z {first}; the file is damaged"
        )
    notes = []
    if count > alone:
        sentence = f"{what}, {count - alone} of them in whole regions: taken as no density ({outside:.4g})."
        notes.append(MapNote("finite values", sentence))
    if alone:
        _fill_from_neighbours(values, bad)
        notes.append(MapNote("finite values", f"{what}, {alone} of them alone: filled with the mean of their neighbours."))
    return tuple(notes)


def _opened(bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voxels of ``bad`` in a block of 2 x 2 x 2 of them, beyond the faces of the box all being bad."""
    blocks = np.pad(bad, 1, constant_values=True)
    for axis in range(3):
        blocks = _one_less(blocks, 0, axis) & _one_less(blocks, 1, axis)
    for axis in range(3):
        blocks = _one_less(blocks, 0, axis) | _one_less(blocks, 1, axis)
    return blocks


def _one_less(array: NDArray[np.bool_], first: int, axis: int) -> NDArray[np.bool_]:
    """All but the last along an axis, or all but the first."""
    return array[(slice(None),) * axis + (slice(first, array.shape[axis] - 1 + first),)]


def _in_full_planes(bad: NDArray[np.bool_]) -> int:
    """How many lie in planes of the grid that hold nothing else."""
    total = 0
    for axis in range(3):
        planes = np.moveaxis(bad, axis, 0).all(axis=(1, 2))
        total += int(np.count_nonzero(planes)) * (bad.size // bad.shape[axis])
    return total


def _fill_from_neighbours(values: NDArray[np.float32], bad: NDArray[np.bool_]) -> None:
    """Give each bad voxel the mean of those of its six neighbours that are not, and go on inwards."""
    left = np.argwhere(bad)
    top = np.array(values.shape) - 1
    while len(left):
        beside = left[:, None] + _NEIGHBOURS
        inside = ((beside >= 0) & (beside <= top)).all(axis=2)
        places = tuple(np.clip(beside, 0, top).transpose(2, 0, 1))
        good = inside & ~bad[places]
        number = good.sum(axis=1)
        ready = number > 0
        means = np.where(good, values[places], 0).sum(axis=1, dtype=np.float64)[ready] / number[ready]
        filled = tuple(left[ready].T)
        values[filled] = means
        bad[filled] = False
        left = left[~ready]
