"""Every place and orientation of a model, scored by the matched filter: for maps in whose noise no climb leads anywhere.

A climb needs a slope, and in strong noise a model feels none until it is nearly in place. Turning it to every orientation, and laying it
on every voxel at once by a Fourier transform, finds the place all the same, if the matched filter (`fit.weighting`) stands out there. The
grid is as coarse as the information left in the map allows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array, matrix_to_quaternion
from difffit_core.fit.search.field import Density
from difffit_core.fit.weighting import Weighting
from difffit_core.ops.spectrum import filtered

_INFORMATION = 0.9
"""Share of the information that the grid must hold."""
_OVERSAMPLED = 1.1
_TURN = 0.45
"""By how much of the finest detail used a turn moves the model at its radius of gyration, from one orientation to the next."""
MOST_TURNS = 10_000
_PEAKS = 3
"""Places kept of each orientation."""
_KEPT = 1200
_MOST_VOXELS = 150_000


@dataclass(frozen=True, eq=False)
class Scanned:
    """The best places: ``quaternions`` (K, 4), ``centres`` (K, 3) in Å, and ``scores`` (K,) in standard deviations, best first."""

    quaternions: Array
    centres: Array
    scores: Array


def scan(
    density: Density,
    weighting: Weighting,
    points: Array,
    weights: Array,
    seed: int,
    go_on: Callable[[float], bool],
) -> Scanned:
    """Score atoms at ``points`` (N, 3) in Å about their centre, of ``weights`` (N,), everywhere.

    ``go_on`` is told the share that is done; where it says False, what was found till then is returned.
    """
    finest = weighting.finest(_INFORMATION)
    radius = float(np.sqrt((points**2).sum(axis=1).mean()))
    step = min(_TURN * finest / max(radius, 1.0), 0.5)
    count = int(np.clip(8 * np.pi**2 / step**3, 200, MOST_TURNS))
    grid, voxel, origin = _grid(density, weighting, finest)
    shape = grid.shape
    transform = fft.rfftn(grid)
    middle = (np.array(shape[::-1]) - 1) // 2
    turns = Rotation.random(count, rng=np.random.default_rng([seed, 50])).as_matrix()
    peaks = np.empty((count, _PEAKS), np.int64)
    scores = np.empty((count, _PEAKS), np.float32)
    done = 0
    for number, turn in enumerate(turns):
        drops = _drops(points @ turn.T / voxel + middle, weights, shape)
        found = fft.irfftn(transform * fft.rfftn(drops).conj(), s=shape).ravel()
        peaks[number] = np.argpartition(found, -_PEAKS)[-_PEAKS:]
        scores[number] = found[peaks[number]] / max(float(found.std()), 1e-30)
        done = number + 1
        if number % 50 == 0 and not go_on(number / count):
            break
    flat = scores[:done].ravel()
    best = np.argsort(-flat, kind="stable")[:_KEPT]
    z, y, x = np.unravel_index(peaks[:done].ravel()[best], shape)
    size = np.array(shape[::-1])
    shift = np.stack([x, y, z], axis=1)
    shift = np.where(shift > size // 2, shift - size, shift)
    centres = origin + (shift + middle) * voxel
    return Scanned(matrix_to_quaternion(turns[best // _PEAKS]), centres.astype(np.float64), flat[best].astype(np.float64))


def _drops(index: Array, weights: Array, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Trilinear splat as `ops.simulate.spread`, in a small grid whose ends meet."""
    base = np.floor(index).astype(np.int64)
    part = index - base
    extent = np.array(shape[::-1])
    flat, share = [], []
    for corner in np.ndindex(2, 2, 2):
        at = (base + corner) % extent
        flat.append((at[:, 2] * shape[1] + at[:, 1]) * shape[2] + at[:, 0])
        share.append(weights * np.prod(np.where(corner, part, 1 - part), axis=1))
    total = np.bincount(np.concatenate(flat), np.concatenate(share), minlength=int(np.prod(shape)))
    return np.asarray(total.reshape(shape), np.float32)


def _grid(density: Density, weighting: Weighting, finest: float) -> tuple[NDArray[np.float32], Array, Array]:
    """The map by the matched filter on voxels (x, y, z) as wide as the detail allows, in a box of lengths that transform quickly."""
    values = filtered(density.values, density.voxel_size, lambda f: np.interp(f, weighting.frequency, weighting.matched))
    values = values - np.float32(np.median(values))
    old = np.array([fft.next_fast_len(n + 2) for n in values.shape])
    padded = np.pad(values, [(0, int(n - m)) for n, m in zip(old, values.shape, strict=True)])
    side = max(finest / 2 / _OVERSAMPLED, float((padded.size * np.prod(density.voxel_size) / _MOST_VOXELS) ** (1 / 3)))
    new = np.array([fft.next_fast_len(max(int(np.ceil(n * v / side)), 8)) for n, v in zip(old, density.voxel_size[::-1], strict=True)])
    new = np.minimum(new, old)
    full, kept = fft.fftn(padded), np.zeros(tuple(new), np.complex64)
    index = np.ix_(*[np.arange(-((n - 1) // 2), (n - 1) // 2 + 1) for n in new])
    kept[index] = full[index]
    coarse = np.ascontiguousarray(fft.ifftn(kept).real, np.float32)
    return coarse, (old * density.voxel_size[::-1] / new)[::-1], density.origin
