"""Every converter against its inverse, and rotations against known answers."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mrcfile.dtypes import HEADER_DTYPE
from scipy.spatial.transform import Rotation

from difffit_core.conventions import (
    index_to_position,
    matrix_to_quaternion,
    position_to_index,
    quaternion_to_matrix,
    reverse_axes,
    rotation_angle,
)
from difffit_core.io.maps import read_map

PROPERTY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
COORDINATES = hnp.arrays(np.float64, (5, 3), elements=st.floats(-500, 500))
VOXELS = hnp.arrays(np.float64, 3, elements=st.floats(0.2, 8))
ORIGINS = hnp.arrays(np.float64, 3, elements=st.floats(-400, 400))
QUATERNIONS = hnp.arrays(np.float64, 4, elements=st.floats(-1, 1))


def test_voxel_centres_by_hand() -> None:
    voxel, origin = np.array([1.0, 2, 4]), np.array([10.0, 20, 30])
    np.testing.assert_array_equal(index_to_position(np.array([0.0, 0, 0]), voxel, origin), origin)
    np.testing.assert_array_equal(index_to_position(np.array([1.0, 2, 3]), voxel, origin), [11, 24, 42])
    np.testing.assert_array_equal(position_to_index(np.array([10.5, 19, 34]), voxel, origin), [0.5, -0.5, 1])


@given(COORDINATES, VOXELS, ORIGINS)
@PROPERTY
def test_index_and_position_undo_each_other(points: np.ndarray, voxel: np.ndarray, origin: np.ndarray) -> None:
    np.testing.assert_allclose(index_to_position(position_to_index(points, voxel, origin), voxel, origin), points, atol=1e-9)
    np.testing.assert_allclose(position_to_index(index_to_position(points, voxel, origin), voxel, origin), points, atol=1e-8)


def test_reversing_axes() -> None:
    np.testing.assert_array_equal(reverse_axes(np.array([[1, 2, 3], [4, 5, 6]])), [[3, 2, 1], [6, 5, 4]])
    np.testing.assert_array_equal(reverse_axes(reverse_axes(np.arange(3))), np.arange(3))


HALF = np.sqrt(0.5)


@pytest.mark.parametrize(
    ("quaternion", "x_goes_to", "y_goes_to"),
    [
        ([1, 0, 0, 0], [1, 0, 0], [0, 1, 0]),
        ([HALF, 0, 0, HALF], [0, 1, 0], [-1, 0, 0]),
        ([HALF, HALF, 0, 0], [1, 0, 0], [0, 0, 1]),
        ([HALF, 0, HALF, 0], [0, 0, -1], [0, 1, 0]),
        ([0, 0, 0, 5], [-1, 0, 0], [0, -1, 0]),
    ],
)
def test_quaternions_with_known_answers(quaternion: list[float], x_goes_to: list[float], y_goes_to: list[float]) -> None:
    matrix = quaternion_to_matrix(np.array(quaternion, float))
    np.testing.assert_allclose(matrix @ [1, 0, 0], x_goes_to, atol=1e-12)
    np.testing.assert_allclose(matrix @ [0, 1, 0], y_goes_to, atol=1e-12)


@given(QUATERNIONS)
@PROPERTY
def test_quaternion_and_matrix_undo_each_other(quaternion: np.ndarray) -> None:
    assume(np.linalg.norm(quaternion) > 0.01)
    matrix = quaternion_to_matrix(quaternion)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(matrix, Rotation.from_quat(quaternion, scalar_first=True).as_matrix(), atol=1e-12)
    back = matrix_to_quaternion(matrix)
    assert back[0] >= 0
    unit = quaternion / np.linalg.norm(quaternion)
    assert abs(back @ unit) == pytest.approx(1, abs=1e-12)


def test_batches_keep_their_shape() -> None:
    rotations = Rotation.random(6, rng=0).as_matrix().reshape(2, 3, 3, 3)
    quaternions = matrix_to_quaternion(rotations)
    assert quaternions.shape == (2, 3, 4)
    np.testing.assert_allclose(quaternion_to_matrix(quaternions), rotations, atol=1e-12)


@given(QUATERNIONS, st.floats(0, 180))
@PROPERTY
def test_rotation_angle(quaternion: np.ndarray, angle: float) -> None:
    assume(np.linalg.norm(quaternion) > 0.01)
    first = quaternion_to_matrix(quaternion)
    axis = np.array([2.0, -1, 2]) / 3
    second = first @ Rotation.from_rotvec(np.radians(angle) * axis).as_matrix()
    assert rotation_angle(first, second) == pytest.approx(angle, abs=1e-5)
    assert rotation_angle(np.stack([first, second]), second).shape == (2,)


@given(
    axes=st.permutations((1, 2, 3)),
    voxel=st.tuples(*[st.integers(1, 40)] * 3).map(lambda v: np.array(v) / 8),
    start=st.tuples(*[st.integers(-60, 60)] * 3),
    in_origin=st.booleans(),
    packed=st.booleans(),
)
@PROPERTY
def test_map_file_to_position(
    tmp_path: Path, axes: list[int], voxel: np.ndarray, start: tuple[int, int, int], in_origin: bool, packed: bool
) -> None:
    """Anisotropic voxels, permuted axes and a shifted origin together: the value written for a point in Å is found at that point."""
    count = np.array([4, 5, 6])
    x, y, z = np.meshgrid(*[np.arange(n) for n in count], indexing="ij")
    values_xyz = (100 * x + 10 * y + z).astype("<f4")
    column, row, section = (axis - 1 for axis in axes)
    header = np.zeros((), HEADER_DTYPE.newbyteorder("<"))
    fields = {"mode": 2, "cellb": (90, 90, 90), "ispg": 1, "map": b"MAP ", "machst": (0x44, 0x44, 0, 0), "cella": tuple(count * voxel)}
    fields |= dict(zip(("nx", "ny", "nz"), count[[column, row, section]], strict=True))
    fields |= dict(zip(("mx", "my", "mz"), count, strict=True))
    fields |= dict(zip(("mapc", "mapr", "maps"), axes, strict=True))
    if in_origin:
        fields["origin"] = tuple(np.array(start) * voxel)
    else:
        fields |= dict(zip(("nxstart", "nystart", "nzstart"), np.array(start)[[column, row, section]], strict=True))
    for key, value in fields.items():
        header[key] = value
    content = header.tobytes() + np.ascontiguousarray(values_xyz.transpose(section, row, column)).tobytes()
    path = tmp_path / ("a.mrc.gz" if packed else "a.mrc")
    path.write_bytes(gzip.compress(content, 1) if packed else content)

    density = read_map(path)
    point = (np.array([3, 1, 4]) + start) * voxel
    index = position_to_index(point, density.voxel_size, density.origin)
    np.testing.assert_allclose(index, [3, 1, 4], atol=1e-4)
    assert density.values[tuple(reverse_axes(np.round(index).astype(int)))] == 314
    np.testing.assert_allclose(density.positions(np.array([[4, 1, 3]])), [point], atol=1e-4)
