"""A map in the place of a model: what a composite is made of, or a library holds, as a subtomogram average.

Its atoms are points drawn from its density, carbons of one chain, which lead a search and take up room; what its places are judged by is
the density itself. Where a model would be written, the map is, moved there.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from difffit_core.align.cloud import Cloud, as_model, make_cloud, template_of
from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.fit.search.template import Template
from difffit_core.fit.weighting import Weighting
from difffit_core.io.files import suffix_of
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.pose import Pose
from difffit_core.target import Target

_VOLUME_A_POINT = 120.0
"""Å³ of density for each point: they lie about as far apart as the Cα atoms of a protein, so that bodies side by side do not clash."""
_FEWEST, _MOST = 300, 3000


_KEPT = 0.5
"""Share of the contour level below which a moved map's density is left out: it is solvent."""


@dataclass(frozen=True, eq=False)
class MapBody:
    """The map, the ``level`` above which it has density, and its cloud."""

    density_map: DensityMap
    level: float
    cloud: Cloud

    def template(self, resolution: float, weighting: Weighting | None) -> Template:
        """What its places are judged by, at a resolution in Å."""
        return template_of(self.cloud, resolution, weighting)

    def moved(self, pose: Pose, grid: DensityMap) -> DensityMap:
        """The map's density above its level, softly cut, at a pose on the voxels of another map; 0 elsewhere."""
        placed, there = resampled(self.density_map, pose, grid)
        return placed.with_values(np.where(there & (placed.values > _KEPT * self.level), placed.values, 0).astype(np.float32))

    def alone(self, pose: Pose) -> DensityMap:
        """The same on voxels of its own size, in a box that holds it."""
        voxel = float(self.density_map.voxel_size.min())
        density = self.cloud.density
        size = (np.array(density.values.shape[::-1]) - 1) * density.voxel_size
        corners = pose.apply(density.origin + np.array(list(np.ndindex(2, 2, 2))) * size)
        low, high = corners.min(axis=0), corners.max(axis=0)
        shape = np.ceil((high - low) / voxel).astype(int)[::-1] + 1
        return self.moved(pose, DensityMap(np.zeros(tuple(shape), np.float32), np.full(3, voxel), low, self.density_map.name))


def read_model_or_map(path: Path, models: str, resolution: float) -> AtomicModel:
    """A model from its file, or a map in the place of one, for a map of a ``resolution`` in Å; ``models`` as for `read_model`.

    Raises
    ------
    UserError
        If it cannot be read, or is a map without density.
    """
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import read_model

    return map_body(read_map(path), resolution) if is_map(path) else read_model(path, models)


def is_map(path: Path) -> bool:
    """Whether a file that stands where a model would is a map, by its name."""
    return suffix_of(path) in MAP_SUFFIXES


def map_body(density_map: DensityMap, resolution: float, level: float | None = None, seed: int = 0) -> AtomicModel:
    """A map as a model, for maps of a ``resolution`` in Å; with a suggested ``level`` if it is None.

    Raises
    ------
    UserError
        If nothing is above the level.
    """
    suggested = suggest_level(density_map).level if level is None else level
    volume = float((density_map.values > suggested).sum() * density_map.voxel_volume)
    count = int(np.clip(volume / _VOLUME_A_POINT, _FEWEST, _MOST))
    cloud = make_cloud(Target(density_map, resolution, suggested), count, seed)
    how = "which was suggested" if level is None else "as given"
    told = f"a map as a model: {count} points of its density above {suggested:.4g}, {how}"
    return replace(as_model(cloud, density_map), notes=(*density_map.notes, told), body=MapBody(density_map, suggested, cloud))
