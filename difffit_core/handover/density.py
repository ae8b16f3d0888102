"""The map as other programs want it: cut to the model, on whole voxels of its frame, in units of its noise."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import fourier_shift

from difffit_core.contour import noise_of
from difffit_core.conventions import Array, position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.target import Target

_MARGIN, _WHOLE = 8, 1e-3


@dataclass(frozen=True, eq=False)
class Prepared:
    """The map, how it is read now, and what was done, one sentence each."""

    target: Target
    notes: tuple[str, ...]


def prepare_map(target: Target, points: Array, padding: float, *, normalise: bool = True) -> Prepared:
    """Cut a map to a model and put it into units of its noise, so that every program reads the same density at the same place.

    Parameters
    ----------
    target : the map and how it is read
    points : (N, 3) atoms in Å, in the map's frame
    padding : Å kept around them; infinite for the whole map
    normalise : whether values become heights above the mean of the solvent in standard deviations of its noise

    Returns
    -------
    The box begins at a whole number of voxels from the frame's origin: many programs read only that from a map's header. Where the file's
    does not, values are moved by the fraction of a voxel, exactly for all the frequencies that the grid can hold.

    Raises
    ------
    UserError
        If no atom lies in the map.
    """
    density_map, level = target.density_map, target.level
    notes: list[str] = []
    low, high = _box(density_map, points, padding, notes)
    start = density_map.origin / density_map.voxel_size
    fraction = np.round(start) - start
    if np.abs(fraction).max() < _WHOLE:
        values = _cut(density_map, low, high)
        fraction = np.zeros(3)
    else:
        values = _moved(_cut(density_map, low - _MARGIN, high + _MARGIN), fraction)
        values = values[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
        moved = " ".join(f"{one:+.3f}" for one in fraction * density_map.voxel_size)
        notes.append(f"the grid was moved by {moved} Å under the density, which stays in its place, onto whole voxels")
    origin = density_map.origin + (low + fraction) * density_map.voxel_size
    size, whole = high - low, density_map.shape_xyz
    if (size != whole).any() or low.any():
        notes.append(f"the map was cut from {_times(whole)} to {_times(size)} voxels, {padding:g} Å around the model")
    if normalise:
        middle, sigma, said = _scale(density_map, values)
        values, level = (values - np.float32(middle)) / np.float32(sigma), (level - middle) / sigma
        notes.append(said)
    made = replace(density_map, values=values, origin=origin, lattice=None, evidence=None, entry=None)
    return Prepared(Target(made, target.resolution, level), tuple(notes))


def _box(density_map: DensityMap, points: Array, padding: float, notes: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First voxels and ends (x, y, z); a map that repeats goes on beyond its cell."""
    index = position_to_index(points, density_map.voxel_size, density_map.origin)
    shape = density_map.shape_xyz
    inside = ((index > -1) & (index < shape)).all(axis=1)
    if density_map.lattice is None:
        if not inside.any():
            raise UserError(f"no atom of the model lies in {density_map.name}: is it the model as it was placed?")
        if not inside.all():
            notes.append(f"{int((~inside).sum())} of {len(points)} atoms lie outside the map")
    if not np.isfinite(padding):
        return np.zeros(3, np.int64), shape
    around = padding / density_map.voxel_size
    low = np.floor(index.min(axis=0) - around).astype(np.int64)
    high = np.ceil(index.max(axis=0) + around).astype(np.int64) + 1
    if density_map.lattice is None:
        low, high = np.clip(low, 0, shape - 1), np.clip(high, 1, shape)
    return low, high


def _cut(density_map: DensityMap, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.float32]:
    """The voxels from low to high (x, y, z); beyond the box its last ones, or those of the next cell."""
    mode: Literal["clip", "wrap"] = "clip" if density_map.lattice is None else "wrap"
    values = density_map.values
    for axis, (first, end) in enumerate(zip(reverse_axes(low), reverse_axes(high), strict=True)):
        values = np.take(values, np.arange(first, end), axis=axis, mode=mode)
    return np.ascontiguousarray(values)


def _moved(values: NDArray[np.float32], fraction: Array) -> NDArray[np.float32]:
    """The values at ``fraction`` (x, y, z) of a voxel from each voxel's centre."""
    shift = tuple(-one for one in reverse_axes(fraction))
    moved = fft.irfftn(fourier_shift(fft.rfftn(values), shift, n=values.shape[2]), s=values.shape)
    return np.ascontiguousarray(moved, np.float32)


def _scale(density_map: DensityMap, values: NDArray[np.float32]) -> tuple[float, float, str]:
    middle, sigma = noise_of(density_map)
    if sigma > 0:
        return middle, sigma, f"values are heights above the solvent's mean, {middle:.4g}, in standard deviations of its noise, {sigma:.4g}"
    sigma = float(values.std(dtype=np.float64))
    return middle, sigma or 1.0, f"the map shows no noise, so that values are in standard deviations of the cut box, {sigma:.4g}"


def _times(numbers: NDArray[np.int64]) -> str:
    return " × ".join(str(number) for number in numbers)
