"""A map as a model: a cloud of points that climbs in another map as atoms do, and the map's own density as its template.

The points only lead the search. What poses are polished and ranked by is the density itself, voxel by voxel, as for a model its simulated
map is (`fit.template`).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, index_to_position
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.search.field import Density, cut_density, negative_laplacian
from difffit_core.fit.search.subject import POLISH_POINTS, QUICK_POINTS, ModelSide
from difffit_core.fit.search.template import Template, sharpen
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.weighting import Weighting
from difffit_core.ops.grid import PointSet
from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION
from difffit_core.ops.spectrum import low_passed
from difffit_core.target import Target

COVERED, HALO = 0.15, 0.005
"""Shares of the smoothed inside of the density above which a voxel is covered by it, and belongs to its surroundings."""
_LEAST_KEPT = 0.5
"""Specks are left out of a cloud where at least this share of the density stays."""
_SEARCH_POINTS = 600
_CARBON = 6


@dataclass(frozen=True, eq=False)
class Cloud:
    """A map made ready to be moved.

    Attributes
    ----------
    density : the part with density above the level, without detail finer than the resolution
    centre : (3,) in Å, the middle of the points, about which it turns
    points : (N, 3) in Å in the map's frame, drawn from the density
    covered, near : bool [z, y, x], the voxels of ``density`` that it covers, and those with their surroundings
    """

    density: Density
    centre: Array
    points: Array
    covered: NDArray[np.bool_]
    near: NDArray[np.bool_]

    def positions(self, voxels: NDArray[np.bool_]) -> Array:
        """Centres (M, 3) in Å of voxels [z, y, x] of the density."""
        index = np.argwhere(voxels)[:, ::-1].astype(np.float64)
        return index_to_position(index, self.density.voxel_size, self.density.origin)

    @cached_property
    def volume(self) -> float:
        """Å³ covered."""
        return float(self.covered.sum() * np.prod(self.density.voxel_size))


def make_cloud(target: Target, count: int, seed: int) -> Cloud:
    """Draw ``count`` points from the density above the level, each place as often as it is dense, and jitter them inside their voxels.

    Raises
    ------
    UserError
        If nothing is above the level.
    """
    resolution = target.resolution
    density = _without_specks(target)
    smooth = low_passed(density.values, density.voxel_size, resolution)
    if smooth is not density.values:
        density = replace(density, values=smooth)
    rng = np.random.default_rng([seed, 20])
    voxels = np.argwhere(density.inside)
    weight = np.maximum(density.values[density.inside].astype(np.float64), 0)
    chance = weight / weight.sum() if weight.sum() > 0 else None
    chosen = rng.choice(len(voxels), count, p=chance)
    index = voxels[chosen][:, ::-1] + rng.uniform(-0.5, 0.5, (count, 3))
    points = index_to_position(index, density.voxel_size, density.origin)
    sigma = np.maximum(SIGMA_PER_RESOLUTION * resolution / density.voxel_size[::-1], 0.5)
    soft = gaussian_filter(density.inside.astype(np.float32), tuple(sigma.tolist()), mode="constant")
    return Cloud(density, points.mean(axis=0), points, (soft > COVERED) | density.inside, soft > HALO)


def _without_specks(target: Target) -> Density:
    density_map, resolution, level = target.density_map, target.resolution, target.level
    whole = cut_density(density_map, level, speck=resolution**3)
    if (density_map.values > level).sum() * density_map.voxel_volume < 2 * resolution**3:
        return whole
    try:
        solid = cut_density(density_map, level, smallest_island=resolution**3)
    except UserError:
        return whole
    return solid if solid.inside.sum() > _LEAST_KEPT * whole.inside.sum() else whole


def as_model(cloud: Cloud, density_map: DensityMap) -> AtomicModel:
    """The cloud as a model of one carbon a point, under the map's name: what a fit's request holds."""
    count = len(cloud.points)

    def text(value: str) -> NDArray[np.str_]:
        return np.full(count, value)

    return AtomicModel(
        cloud.points, np.full(count, _CARBON, np.int16), text("CA"), text("UNK"), text("A"), np.arange(1, count + 1, dtype=np.int32),
        np.arange(count, dtype=np.int32), np.zeros(count, np.float32), np.ones(count, bool), density_map.name, density_map.path,
    )  # fmt: skip


def as_side(cloud: Cloud, resolution: float, settings: FitSettings, seed: int) -> ModelSide:
    """The model side of a fit: the points for the search, the density for the polish and the ranking."""
    rng = np.random.default_rng([seed, 21])
    points = cloud.points - cloud.centre
    few = points[rng.choice(len(points), min(_SEARCH_POINTS, len(points)), replace=False)]
    many = points[: settings.refine_atoms or len(points)]
    template = template_of(cloud, resolution)
    return ModelSide(
        cloud.centre,
        PointSet.of(points),
        PointSet.of(few),
        PointSet.of(many),
        template,
        template.draw(QUICK_POINTS, rng, halo=False),
        template.draw(POLISH_POINTS, rng, halo=False),
        template.draw(POLISH_POINTS, rng, halo=True),
    )


def template_of(cloud: Cloud, resolution: float, weighting: Weighting | None = None) -> Template:
    """The density itself as a template, sharpened, or weighed as a searched map with half maps is."""
    density = cloud.density
    detail = negative_laplacian(density.values, density.voxel_size, max(0.1 * resolution, 1.0))
    weight = float(density.values[cloud.covered].std() / max(float(detail[cloud.covered].std()), 1e-12))
    weight = float(np.exp(np.round(np.log(max(weight, 1e-12)), 1)))
    if weighting is None:
        values = sharpen(density.values, density.voxel_size, resolution, weight)
    else:
        weight, values = 0.0, weighting.map(density.values, density.voxel_size)
    index = ((cloud.points - density.origin) / density.voxel_size)[:, ::-1].T
    at_points = np.asarray(map_coordinates(density.values, index, order=1, mode="nearest"), np.float32)
    near = cloud.near | cloud.covered
    return Template(cloud.positions(near) - cloud.centre, values[near], cloud.covered[near], at_points, cloud.volume, weight)
