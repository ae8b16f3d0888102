"""How much of a map's density placed models account for, and where the largest piece lies that they do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.ops.simulate import LocalDensity, simulate_on_grid
from difffit_core.pose import Pose
from difffit_core.quality.sample import sample
from difffit_core.target import Target, check_level

COVERED = 0.05
"""A voxel is covered where the simulated map is above this share of its maximum, as in the fit's local correlation."""
EXPLAINED = 0.25
"""Density lies where models are if they, scaled to the map, put at least this share of the contour level there."""
_RIM_PER_RESOLUTION = 0.25
"""Voxels this near to covered ones belong to the models' own rim, and to no unexplained piece."""


@dataclass(frozen=True)
class Blob:
    """A connected piece of density above the level that no model covers.

    Attributes
    ----------
    centre : (x, y, z) in Å, of the piece's voxel nearest to its centre of mass
    volume : Å³
    """

    centre: tuple[float, float, float]
    volume: float


@dataclass(frozen=True)
class Explained:
    """Shares from 0 to 1, of what is above the contour level.

    Attributes
    ----------
    density : of the density (the sum of the voxels' values), explained: it lies where the models are, as `lies_where` tells
    amount : of the density, accounted for by the simulated map, scaled by least squares over the voxels it covers, in no voxel for more
        than the map holds; what density between and beyond the atoms' own makes lower than the share that is explained
    voxels : of the voxels, where the models are
    atoms_inside : of the models' atoms, above the level
    scale : what the simulated map was multiplied with
    blob : the largest unexplained piece, or None where there is none
    """

    density: float
    amount: float
    voxels: float
    atoms_inside: float
    scale: float
    blob: Blob | None

    def lines(self) -> tuple[str, str]:
        """In words: the shares, and the largest piece that is left."""
        shares = (
            f"Above the level the model covers {self.voxels:.0%} of the volume and explains {self.density:.0%} of the density, "
            f"{self.amount:.0%} in amount; "
            f"{self.atoms_inside:.0%} of its atoms lie inside."
        )
        if self.blob is None:
            return shares, "Nothing above the level is left unexplained."
        x, y, z = self.blob.centre
        return shares, f"Largest unexplained piece: {self.blob.volume:,.0f} Å³ at ({x:.1f}, {y:.1f}, {z:.1f}) Å."


def explain(target: Target, models: Sequence[tuple[AtomicModel, Pose]]) -> Explained:
    """Weigh models in their poses against the map above its level.

    Raises
    ------
    UserError
        If nothing of the map lies above the level, or its density there does not add up to more than 0.
    """
    density_map, resolution, level = target.density_map, target.resolution, target.level
    values = density_map.values
    points = np.concatenate([pose.apply(model.fit_coordinates) for model, pose in models])
    if density_map.lattice is not None:
        points = density_map.lattice.home(points)
    weights = np.concatenate([model.fit_atomic_numbers for model, _ in models]).astype(np.float64)
    check_level(density_map, level)
    above = values > level
    total = float(values.sum(where=above, dtype=np.float64))
    name = density_map.path or density_map.name
    if total <= 0:
        raise UserError(f"{name}: level must leave density above it, got {level:g} with a maximum of {float(values.max()):.4g}")
    simulated = simulate_on_grid(points, weights, resolution, density_map.voxel_size, density_map.origin, values.shape)
    covered = simulated.values > COVERED * simulated.values.max(initial=0)
    here, above_here = values[simulated.box].astype(np.float64), above[simulated.box]
    scale = _scale(here[covered], simulated.values[covered])
    scaled = np.float32(scale) * simulated.values
    there = above_here & lies_where(scaled, level)
    explained = np.maximum(here, 0).sum(where=there)
    amount = np.maximum(np.minimum(scaled, here), 0).sum(where=above_here, dtype=np.float64)
    return Explained(
        density=float(np.clip(explained / total, 0, 1)),
        amount=float(np.clip(amount / total, 0, 1)),
        voxels=float(np.count_nonzero(there) / np.count_nonzero(above)),
        atoms_inside=float((sample(density_map, points, float(values.min())) > level).mean()),
        scale=scale,
        blob=_largest_unexplained(density_map, above, simulated, covered, resolution),
    )


def lies_where(scaled: NDArray[np.float32], level: float) -> NDArray[np.bool_]:
    """Where the models are, [z, y, x], by their simulated map ``scaled`` to a map; ``level`` in the map's units.

    Fits, composites and the window all take this for what is explained, so that one pose has one number.
    """
    return np.asarray(scaled > np.float32(EXPLAINED * max(level, 0.0)))


def _scale(density: Array, simulated: NDArray[np.float32]) -> float:
    """The s >= 0 for which s times the simulated map comes nearest to the density."""
    length = float((simulated.astype(np.float64) ** 2).sum())
    return max(0.0, float((density * simulated).sum()) / length) if length else 0.0


def _largest_unexplained(
    density_map: DensityMap, above: NDArray[np.bool_], simulated: LocalDensity, covered: NDArray[np.bool_], resolution: float
) -> Blob | None:
    rim = max(1, round(_RIM_PER_RESOLUTION * resolution / float(density_map.voxel_size.mean())))
    whole = np.zeros(above.shape, bool)
    whole[simulated.box] = covered
    near = tuple(slice(max(part.start - rim, 0), part.stop + rim) for part in simulated.box)
    if covered.any():
        whole[near] = ndimage.binary_dilation(whole[near], ndimage.generate_binary_structure(3, 1), iterations=rim)
    rest = above & ~whole
    labels, count = ndimage.label(rest)
    if not count:
        return None
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    largest = int(np.argmax(sizes))
    box = ndimage.find_objects(labels, largest)[largest - 1]
    voxels = np.argwhere(labels[box] == largest) + [part.start for part in box]
    density = density_map.values[tuple(voxels.T)].astype(np.float64)
    middle = (voxels * density[:, None]).sum(axis=0) / density.sum() if density.sum() > 0 else voxels.mean(axis=0)
    nearest = voxels[np.argmin(((voxels - middle) ** 2).sum(axis=1))]
    x, y, z = density_map.positions(nearest[None])[0].tolist()
    return Blob((x, y, z), float(sizes[largest] * density_map.voxel_volume))
