"""Maps, models, poses and placements: what they hold, refuse and never change."""

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose, PoseBatch


def small_map() -> DensityMap:
    return DensityMap(np.arange(24, dtype=np.float32).reshape(2, 3, 4), np.array([1, 2, 3]), np.array([10, 20, 30]))


def test_map_geometry_is_in_xyz() -> None:
    density = small_map()
    assert density.shape_xyz.tolist() == [4, 3, 2]
    assert density.box.tolist() == [4, 6, 6]
    assert density.voxel_volume == 6
    np.testing.assert_array_equal(density.positions(np.array([[1, 2, 3]])), [[13, 24, 33]])


def test_map_cannot_be_changed_and_leaves_its_source_writable() -> None:
    source = np.zeros((2, 2, 2), np.float32)
    density = DensityMap(source, np.ones(3), np.zeros(3))
    for array in (density.values, density.voxel_size, density.origin):
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1
    assert source.flags.writeable


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": np.zeros((2, 2), np.float32)},
        {"values": np.zeros((0, 2, 2), np.float32)},
        {"voxel_size": np.array([1, 0, 1])},
        {"voxel_size": np.array([1, np.nan, 1])},
        {"voxel_size": np.ones(2)},
        {"origin": np.array([0, 0, np.inf])},
    ],
)
def test_map_refuses(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DensityMap(**({"values": np.zeros((2, 2, 2), np.float32), "voxel_size": np.ones(3), "origin": np.zeros(3)} | wrong))


def test_map_with_other_values() -> None:
    density = small_map()
    doubled = density.with_values(density.values * 2)
    assert doubled.values.max() == 46
    assert density.values.max() == 23
    np.testing.assert_array_equal(doubled.origin, density.origin)
    with pytest.raises(ValueError, match="shape"):
        density.with_values(np.zeros((2, 2, 2), np.float32))


def small_model() -> AtomicModel:
    return AtomicModel(
        coordinates=np.arange(15, dtype=float).reshape(5, 3),
        atomic_numbers=np.array([6, 7, 1, 8, 6], np.int16),
        atom_names=np.array(["CA", "N", "H", "O", "CA"]),
        residue_names=np.array(["ALA", "ALA", "ALA", "HOH", "GLY"]),
        chain_names=np.array(["B", "B", "B", "B", "A"]),
        residue_numbers=np.array([7, 7, 7, 100, 1], np.int32),
        residue_index=np.array([0, 0, 0, 1, 2], np.int32),
        b_factors=np.full(5, 20, np.float32),
        in_fit=np.array([True, True, False, False, True]),
    )


def test_model_in_fit_and_chains() -> None:
    model = small_model()
    assert len(model) == 5
    assert model.chains == ("B", "A")
    assert model.fit_atomic_numbers.tolist() == [6, 7, 6]
    np.testing.assert_array_equal(model.fit_coordinates[-1], [12, 13, 14])
    assert model.residue_count == 2
    with pytest.raises(ValueError, match="read-only"):
        model.coordinates[0, 0] = 1


def test_model_selection_by_chain() -> None:
    only = small_model().select_chains(["B"])
    assert (len(only), only.chains, only.residue_count) == (4, ("B",), 1)
    with pytest.raises(UserError, match="must be one of B, A, got C, D"):
        small_model().select_chains(["A", "C", "D"])


def test_model_refuses_arrays_of_other_lengths() -> None:
    model = small_model()
    fields = {name: getattr(model, name) for name in model.__dataclass_fields__} | {"b_factors": np.zeros(4, np.float32)}
    with pytest.raises(ValueError, match="b_factors must have 5 entries, got 4"):
        AtomicModel(**fields)


def random_pose(seed: int) -> Pose:
    return Pose(Rotation.random(rng=seed).as_matrix(), np.random.default_rng(seed).normal(size=3) * 50)


def test_pose_turns_then_shifts() -> None:
    pose = Pose(np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]), np.array([10, 0, 0]))
    np.testing.assert_allclose(pose.apply(np.array([[1.0, 2, 3]])), [[8, 1, 3]])


def test_pose_composition_and_inverse() -> None:
    first, second, points = random_pose(1), random_pose(2), np.random.default_rng(3).normal(size=(7, 3)) * 30
    np.testing.assert_allclose(second.compose(first).apply(points), second.apply(first.apply(points)), atol=1e-9)
    np.testing.assert_allclose(first.invert().apply(first.apply(points)), points, atol=1e-9)
    np.testing.assert_allclose(Pose.identity().apply(points), points)


@pytest.mark.parametrize("rotation", [np.diag([1, 1, -1]), np.eye(3) * 1.01, np.eye(2), np.full((3, 3), np.nan)])
def test_pose_refuses_what_is_no_rotation(rotation: np.ndarray) -> None:
    with pytest.raises(ValueError, match="rotation"):
        Pose(rotation, np.zeros(3))


@pytest.mark.parametrize("length", [math.nan, math.inf, -math.inf, 1e308, -2e9, 10**400])
def test_pose_refuses_what_is_no_length(length: float) -> None:
    """A fit that starts from NaN reads beyond the map, and ends the program by signal 11."""
    with pytest.raises(ValueError, match=r"a pose needs numbers|translation must be three finite lengths within 1e"):
        Pose(np.eye(3), [1.0, length, 0.0])  # type: ignore[arg-type]


def test_batch_of_poses_is_its_poses() -> None:
    poses = [random_pose(seed) for seed in range(4)]
    batch = PoseBatch(np.stack([p.rotation for p in poses]), np.stack([p.translation for p in poses]))
    points = np.random.default_rng(0).normal(size=(6, 3))
    assert len(batch) == 4
    moved = batch.apply(points)
    for i, pose in enumerate(poses):
        np.testing.assert_allclose(moved[i], pose.apply(points), atol=1e-9)
        np.testing.assert_array_equal(batch[i].rotation, pose.rotation)
    with pytest.raises(ValueError, match="a batch needs"):
        PoseBatch(np.zeros((2, 3, 3)), np.zeros((3, 3)))


@pytest.mark.parametrize("copy_of", [None, 1])
def test_placement_survives_json(copy_of: int | None) -> None:
    metrics = FitMetrics(1.5, 0.2, 0.3, 0.4, 0.95, 0.6)
    placement = Placement(2, random_pose(5), 12, metrics, 7.5, 1e-12, Verdict.SYMMETRIC_COPY, copy_of)
    back = Placement.from_dict(json.loads(json.dumps(placement.to_dict())))
    assert (back.rank, back.hits, back.metrics, back.z_score, back.p_value) == (2, 12, metrics, 7.5, 1e-12)
    assert (back.verdict, back.copy_of) == (Verdict.SYMMETRIC_COPY, copy_of)
    np.testing.assert_array_equal(back.pose.rotation, placement.pose.rotation)
    np.testing.assert_array_equal(back.pose.translation, placement.pose.translation)
