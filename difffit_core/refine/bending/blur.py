"""Grids smoothed by Gaussians, as `scipy.ndimage.gaussian_filter` does it, in less time: bending needs that every few steps.

Every value of a result is summed by one thread, so that what comes out does not depend on their number.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from difffit_core.conventions import Array
from difffit_core.ops.compiled import compiled
from difffit_core.refine.bending.kernels import splat

Grid = NDArray[np.float32]

SPREAD = 1 / 6
"""The variance, in voxels squared, that a drop over eight voxels has already."""
_TRUNCATE = 4.0


class Spans:
    """Which part of each row of a grid [z, y, x] matters: in x from ``first`` (nz, ny) to before ``last``; none where that is less."""

    def __init__(self, first: NDArray[np.int64], last: NDArray[np.int64], columns: int) -> None:
        self.first, self.last, self.columns = first, last, columns

    @classmethod
    def all_of(cls, shape: tuple[int, ...]) -> "Spans":
        return cls(np.zeros(shape[:2], np.int64), np.full(shape[:2], shape[2], np.int64), shape[2])

    @classmethod
    def near(cls, index: Array, shape: tuple[int, ...]) -> "Spans":
        """The eight voxels round each of some points at fractional indices (N, 3), (x, y, z)."""
        first, last = np.full(shape[:2], shape[2], np.int64), np.zeros(shape[:2], np.int64)
        _note_rows(index, first, last, shape[2])
        return cls(first, last, shape[2])

    def grown(self, z: int, y: int, x: int) -> "Spans":
        """So many voxels more on either side."""
        first, last = self.first, self.last
        for axis, by in enumerate((z, y)):
            first = minimum_filter1d(first, 2 * by + 1, axis, mode="nearest")
            last = maximum_filter1d(last, 2 * by + 1, axis, mode="nearest")
        some = first < last
        first, last = np.where(some, np.maximum(first - x, 0), first), np.where(some, np.minimum(last + x, self.columns), last)
        return Spans(first, last, self.columns)


class Gaussian:
    """A Gaussian of ``sigma`` (3,) voxels, (z, y, x), cut at four of these, for grids of one shape.

    Beyond the edge these are mirrored, or empty.

    Attributes
    ----------
    radii : how many voxels it reaches to either side, (z, y, x)
    """

    def __init__(self, sigma: Array, shape: tuple[int, ...], *, empty_outside: bool = False) -> None:
        widths = np.asarray(sigma, np.float64).tolist()
        self.radii = [int(_TRUNCATE * width + 0.5) for width in widths]
        self._taps = [_taps(width, radius) for width, radius in zip(widths, self.radii, strict=True)]
        self._sources = [_sources(count, radius, empty_outside) for count, radius in zip(shape, self.radii, strict=True)]

    def smooth(self, values: Grid, spare: Grid, out: Grid, needed: Spans) -> None:
        """Smooth ``values`` into ``out``, which are 0 where they are not ``needed``; ``spare`` and ``values`` are overwritten."""
        z, y, _ = self.radii
        rows, columns = needed.grown(z, y, 0), needed.grown(z, 0, 0)
        _along_rows(values, self._taps[2], self._sources[2], rows.first, rows.last, spare)
        _across_rows(spare, self._taps[1], self._sources[1], columns.first, columns.last, 1, values)
        _across_rows(values, self._taps[0], self._sources[0], needed.first, needed.last, 0, out)

    def spread(self, values: Grid, filled: Spans, spare: Grid, out: Grid) -> Spans:
        """The same of values that are 0 but where they are ``filled``; gives what is not 0 after it."""
        z, y, x = self.radii
        rows, columns = filled.grown(0, 0, x), filled.grown(0, y, x)
        reached = filled.grown(z, y, x)
        _along_rows(values, self._taps[2], self._sources[2], rows.first, rows.last, spare)
        _across_rows(spare, self._taps[1], self._sources[1], columns.first, columns.last, 1, values)
        _across_rows(values, self._taps[0], self._sources[0], reached.first, reached.last, 0, out)
        return reached


def drawn(index: Array, weights: Array, sigma: Array, shape: tuple[int, ...]) -> Grid:
    """What atoms at fractional indices (N, 3), (x, y, z), of ``weights`` (N,) put on a grid of ``shape`` (nz, ny, nx), [z, y, x].

    Each is a Gaussian of ``sigma`` (3,) voxels, (z, y, x), as `ops.simulate` has it.
    """
    drops, spare, own = (np.zeros(shape, np.float32) for _ in range(3))
    splat(index, weights, drops)
    sigma = np.sqrt(np.maximum(np.asarray(sigma) ** 2 - SPREAD, 0.05))
    Gaussian(sigma, shape, empty_outside=True).spread(drops, Spans.near(index, shape), spare, own)
    return own


def _taps(width: float, radius: int) -> NDArray[np.float32]:
    """Of one side, the middle first."""
    if radius == 0:
        return np.ones(1, np.float32)
    taps = np.exp(-0.5 * (np.arange(radius + 1) / width) ** 2)
    single: NDArray[np.float32] = (taps / (2 * taps.sum() - taps[0])).astype(np.float32)
    return single


def _sources(count: int, radius: int, empty_outside: bool) -> NDArray[np.int64]:
    """Which value (count + 2 radius,) stands at each place from ``radius`` before the first; -1 for none."""
    at = np.arange(-radius, count + radius)
    if empty_outside:
        return np.where((at >= 0) & (at < count), at, -1)
    at = at % (2 * count)
    return np.where(at < count, at, 2 * count - 1 - at)


@compiled(nogil=True, error_model="numpy", fastmath=True, parallel=True)
def _across_rows(
    values: Grid,
    taps: NDArray[np.float32],
    source: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    axis: int,
    out: Grid,
) -> None:
    """Sums of values [z, y, x] over ``axis`` 0 or 1, from ``first`` to ``last`` of each row of the result; 0 elsewhere.

    Places in a row are unsigned, so that no one asks whether they count from its end: that would take longer than the sums.
    """
    nz, ny, nx = values.shape
    radius, lines, rows = len(taps) - 1, ny if axis == 0 else nz, nz if axis == 0 else ny
    for line in nb.prange(lines):
        j, sums = np.int64(line), np.empty(nx, np.float32)
        for i in range(rows):
            z, y = (i, j) if axis == 0 else (j, i)
            begin, wide, tap = np.uint64(first[z, y]), np.uint64(max(last[z, y] - first[z, y], 0)), taps[0]
            for x in range(wide):
                sums[x] = tap * values[z, y, begin + x]
            for k in range(1, radius + 1):
                tap, before, after = taps[k], source[i + radius - k], source[i + radius + k]
                one, other = max(before, after), min(before, after)
                z1, y1 = (one, y) if axis == 0 else (z, one)
                z2, y2 = (other, y) if axis == 0 else (z, other)
                if other >= 0:
                    for x in range(wide):
                        sums[x] += tap * (values[z1, y1, begin + x] + values[z2, y2, begin + x])
                elif one >= 0:
                    for x in range(wide):
                        sums[x] += tap * values[z1, y1, begin + x]
            _put(sums, begin, wide, z, y, out)


@compiled(nogil=True, error_model="numpy", fastmath=True, parallel=True)
def _along_rows(
    values: Grid, taps: NDArray[np.float32], source: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64], out: Grid
) -> None:
    """Sums of values [z, y, x] over x, from ``first`` to ``last`` of each row; 0 elsewhere."""
    nz, ny, nx = values.shape
    radius = len(taps) - 1
    for z in nb.prange(nz):
        line, sums = np.empty(nx + 2 * radius, np.float32), np.empty(nx, np.float32)
        for y in range(ny):
            begin, wide = np.uint64(first[z, y]), np.uint64(max(last[z, y] - first[z, y], 0))
            if wide > 0:
                middle = np.uint64(radius)
                for x in range(wide):
                    line[middle + x] = values[z, y, begin + x]
                for k in range(radius):
                    for t in (k, int(wide) + radius + k):
                        at = source[int(begin) + t]
                        line[t] = values[z, y, at] if at >= 0 else 0.0
                _sum(line, taps, wide, sums)
            _put(sums, begin, wide, z, y, out)


@compiled(nogil=True, error_model="numpy", fastmath=True)
def _sum(line: NDArray[np.float32], taps: NDArray[np.float32], wide: int, sums: NDArray[np.float32]) -> None:
    """Sums of a line over the taps of one side, the middle first, each with its mirror."""
    middle, tap = np.uint64(len(taps) - 1), taps[0]
    for x in range(wide):
        sums[x] = tap * line[middle + x]
    for k in range(1, len(taps)):
        before, after, tap = middle - np.uint64(k), middle + np.uint64(k), taps[k]
        for x in range(wide):
            sums[x] += tap * (line[before + x] + line[after + x])


@compiled(nogil=True, error_model="numpy")
def _put(sums: NDArray[np.float32], begin: int, wide: int, z: int, y: int, out: Grid) -> None:
    """Put sums (nx,) into a row of ``out`` from ``begin`` on, so many as it is ``wide``; 0 elsewhere."""
    for x in range(out.shape[2]):
        out[z, y, x] = 0.0
    for x in range(wide):
        out[z, y, begin + x] = sums[x]


@compiled(nogil=True, error_model="numpy")
def _note_rows(index: Array, first: NDArray[np.int64], last: NDArray[np.int64], columns: int) -> None:
    """Widen the spans of rows to the eight voxels round each point (N, 3)."""
    nz, ny = first.shape
    for i in range(len(index)):
        x, y, z = int(np.floor(index[i, 0])), int(np.floor(index[i, 1])), int(np.floor(index[i, 2]))
        low, high = max(x, 0), min(x + 2, columns)
        if low >= high:
            continue
        for row in range(max(z, 0), min(z + 2, nz)):
            for line in range(max(y, 0), min(y + 2, ny)):
                first[row, line] = min(first[row, line], low)
                last[row, line] = max(last[row, line], high)
