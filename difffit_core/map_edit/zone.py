"""The density within so many Å of atoms, or all but that."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.ops.compiled import compiled

_FAR_FROM_NOTHING = 0.5
"""Standard deviations between a map's usual value and 0, from which on what is left out takes the usual value."""


def distances(density_map: DensityMap, atoms: Array, reach: float) -> NDArray[np.float32]:
    """Å [z, y, x] from the centre of each voxel to the nearest of the atoms (N, 3) in Å; infinite beyond ``reach`` Å.

    In a map that repeats, atoms repeat with it.
    """
    squared = np.full(density_map.values.shape, np.inf, np.float32)
    index = position_to_index(_with_images(density_map, atoms, reach), density_map.voxel_size, density_map.origin)
    _mark(squared, np.ascontiguousarray(index), np.ascontiguousarray(density_map.voxel_size), float(reach))
    return np.sqrt(squared, out=squared)


def kept_near(density_map: DensityMap, atoms: Array, within: float, soft_edge: float = 0.0) -> NDArray[np.float32]:
    """Share [z, y, x] of each voxel that is kept: 1 within so many Å of an atom, falling to 0 over the edge as a cosine, 0 beyond.

    Raises
    ------
    UserError
        If no voxel is near an atom.
    """
    away = distances(density_map, atoms, within + soft_edge)
    if not (away <= within).any():
        raise UserError(
            f"{density_map.path or density_map.name}: the model must lie in the map, got none of its atoms within {within:g} Å of a voxel; "
            "place it first"
        )
    if soft_edge <= _HARD:
        return (away <= within).astype(np.float32)
    share: NDArray[np.float32] = (0.5 * (1 + np.cos(np.pi * np.clip((away - within) / soft_edge, 0, 1)))).astype(np.float32)
    return share


_HARD = 1e-6
"""Å over which the density falls to nothing at once."""


def zoned(density_map: DensityMap, kept: NDArray[np.float32]) -> DensityMap:
    """The map where it is kept, and what it has where there is nothing elsewhere."""
    nothing = np.float32(usual_value(density_map))
    left = density_map.with_values(np.ascontiguousarray(nothing + kept * (density_map.values - nothing), np.float32))
    return replace(left, evidence=None)


def usual_value(density_map: DensityMap) -> float:
    """What a map has where there is nothing: 0, or its median where that is far from 0."""
    values = density_map.values
    median, spread = float(np.median(values)), float(values.std(dtype=np.float64))
    return median if abs(median) > _FAR_FROM_NOTHING * spread else 0.0


def _with_images(density_map: DensityMap, atoms: Array, reach: float) -> Array:
    """The atoms, and where a map repeats all their images within reach of its box."""
    lattice = density_map.lattice
    if lattice is None:
        return atoms
    low = density_map.origin - reach
    high = density_map.origin + (density_map.shape_xyz - 1) * density_map.voxel_size + reach
    home = lattice.home(atoms)
    found = [home + (np.array(cell, np.float64) - 1) @ lattice.vectors for cell in np.ndindex(3, 3, 3)]
    images = np.concatenate(found)
    return np.asarray(images[((images >= low) & (images <= high)).all(axis=1)])


@compiled(boundscheck=False)
def _mark(squared: NDArray[np.float32], index: Array, voxel: Array, reach: float) -> None:  # pragma: no cover - compiled
    nz, ny, nx = squared.shape
    most = reach * reach
    for atom in range(len(index)):
        x, y, z = index[atom, 0], index[atom, 1], index[atom, 2]
        for k in range(max(int(np.ceil(z - reach / voxel[2])), 0), min(int(np.floor(z + reach / voxel[2])), nz - 1) + 1):
            dz = ((k - z) * voxel[2]) ** 2
            for j in range(max(int(np.ceil(y - reach / voxel[1])), 0), min(int(np.floor(y + reach / voxel[1])), ny - 1) + 1):
                dy = dz + ((j - y) * voxel[1]) ** 2
                if dy > most:
                    continue
                for i in range(max(int(np.ceil(x - reach / voxel[0])), 0), min(int(np.floor(x + reach / voxel[0])), nx - 1) + 1):
                    d = dy + ((i - x) * voxel[0]) ** 2
                    if d <= most and d < squared[k, j, i]:
                        squared[k, j, i] = d
