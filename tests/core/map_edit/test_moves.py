"""A map placed on another grid, and averaged over a symmetry: against what they must be by another route."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import Place, Symmetrise
from difffit_core.pose import Pose


@pytest.fixture(scope="module")
def blobs() -> DensityMap:
    values = np.zeros((30, 34, 38), np.float32)
    for place, height in (((15, 17, 24), 60.0), ((9, 20, 14), 90.0), ((21, 12, 17), 40.0)):
        values[place] = height
    return DensityMap(gaussian_filter(values, 2.5), np.full(3, 1.1), np.array([-4.0, 2.0, 7.0]), "blobs")


def do(density_map: DensityMap, step: Place | Symmetrise) -> DensityMap:
    return MapRecipe.checked({"map": "m.mrc", "steps": [step]}).make(density_map).density_map


def test_a_placed_map_has_its_density_where_the_pose_takes_it(blobs: DensityMap) -> None:
    pose = Pose(Rotation.from_rotvec([0.3, -0.2, 0.5]).as_matrix(), np.array([5.0, -3.0, 4.0]))
    grid = (40, 44, 42, 1.0, 1.0, 1.0, -6.0, -8.0, 4.0)
    there = do(blobs, Place.checked({"pose": pose, "grid": grid}))
    assert there.values.shape == (42, 44, 40)
    highest = blobs.positions(np.array([np.unravel_index(blobs.values.argmax(), blobs.values.shape)]))
    found = there.positions(np.array([np.unravel_index(there.values.argmax(), there.values.shape)]))
    assert np.linalg.norm(found - pose.apply(highest)) < 1.0
    back = do(there, Place.checked({"pose": pose.invert(), "grid": (*blobs.shape_xyz, *blobs.voxel_size, *blobs.origin)}))
    dense = blobs.values > 0.1
    assert np.abs(back.values - blobs.values)[dense].max() < 0.05 * blobs.values.max()
    with pytest.raises(UserError, match="nothing of it lies in the grid"):
        do(blobs, Place.checked({"pose": Pose(np.eye(3), np.full(3, 1e4))}))
    with pytest.raises(UserError, match="must be nine numbers"):
        Place.checked({"pose": pose, "grid": (1, 2, 3)})


def test_an_imposed_symmetry_is_there_then(blobs: DensityMap) -> None:
    frame = Pose(Rotation.from_rotvec([0.0, 0.4, 0.0]).as_matrix(), blobs.origin + blobs.box / 2)
    four = do(blobs, Symmetrise.checked({"group": "C4", "frame": frame}))
    turn = frame.compose(Pose(Rotation.from_rotvec([0, 0, np.pi / 2]).as_matrix(), np.zeros(3))).compose(frame.invert())
    turned = do(four, Place.checked({"pose": turn}))
    middle = (slice(8, -8),) * 3
    assert np.corrcoef(four.values[middle].ravel(), turned.values[middle].ravel())[0, 1] > 0.995
    assert np.corrcoef(blobs.values[middle].ravel(), do(blobs, Place.checked({"pose": turn})).values[middle].ravel())[0, 1] < 0.8
    with pytest.raises(UserError, match="must be more than C1"):
        Symmetrise.checked({"group": "C1"})
    with pytest.raises(UserError, match="a helix has Cn"):
        Symmetrise.checked({"group": "D2", "rise": 5.0})
