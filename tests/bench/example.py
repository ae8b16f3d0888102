"""The shipped example, and its map with another number of voxels."""

from pathlib import Path

import numpy as np
from scipy.ndimage import zoom

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map

EXAMPLE = Path(__file__).resolve().parents[2] / "resources" / "example"
MAP, MODEL = EXAMPLE / "1bd2_4A.mrc.gz", EXAMPLE / "1bd2_moved.pdb.gz"
RESOLUTION = 4.0


def stretched(side: int) -> DensityMap:
    """The example's map, interpolated to ``side`` voxels along each axis of the same box."""
    source = read_map(MAP)
    values = zoom(source.values, [side / n for n in source.values.shape], order=1)
    return DensityMap(np.ascontiguousarray(values, np.float32), source.box / side, source.origin)
