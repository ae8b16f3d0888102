"""What a plane cuts out of a map."""

import numpy as np
import pytest

from difffit_app.geometry.cap import cap
from difffit_app.geometry.filled import filled
from difffit_core.density_map import DensityMap


def area(points: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (points[triangles[:, i]] for i in range(3))
    if points.shape[1] == 2:
        points = np.column_stack([points, np.zeros(len(points))])
        return area(points, triangles)
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.fixture
def ball() -> DensityMap:
    """Of radius 8 Å about (1, 2, 3), in a box of unlike sides and voxels."""
    axes = [np.arange(n) * step + low for n, step, low in ((30, 1.0, -12.0), (40, 0.8, -14.0), (25, 1.2, -12.0))]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    values = 8 - np.sqrt((x - 1) ** 2 + (y - 2) ** 2 + (z - 3) ** 2)
    return DensityMap(values.astype(np.float32), np.array([1.2, 0.8, 1.0]), np.array([-12.0, -14.0, -12.0]))


def test_all_sixteen_kinds_of_cells() -> None:
    for case in range(16):
        values = np.array([[case & 1, case >> 1 & 1], [case >> 3 & 1, case >> 2 & 1]], float)
        expected = {0: 0.0, 1: 1 / 8, 2: 1 / 2, 3: 7 / 8, 4: 1.0}[case.bit_count()]
        if case in (5, 10):
            expected = 3 / 4  # opposite corners hang together
        assert area(*filled(values, 0.5)) == pytest.approx(expected), case


def test_what_is_filled_is_as_large_as_what_is_above() -> None:
    values = np.random.default_rng(3).normal(size=(40, 50)).cumsum(axis=0).cumsum(axis=1)
    whole = area(*filled(values, values.min()))
    assert whole == pytest.approx(39 * 49)
    level = float(np.median(values))
    above, below = area(*filled(values, level)), area(*filled(-values, -level))
    assert above + below == pytest.approx(whole, rel=0.02), "but for saddles, where both hang together"
    assert filled(values, values.max() + 1)[1].shape == (0, 3)


@pytest.mark.parametrize("normal", [(0.0, 0, 1), (0, -1, 0), (1, 1, 1), (0.2, -0.9, 0.4)])
@pytest.mark.parametrize("off", [0.0, 5.0])
def test_a_plane_cuts_a_circle_out_of_a_ball(ball: DensityMap, normal: tuple[float, ...], off: float) -> None:
    direction = np.array(normal) / np.linalg.norm(normal)
    centre = np.array([1.0, 2, 3])
    made = cap(ball, 0.0, centre + off * direction, direction, 200)
    assert made is not None
    points, triangles = made
    np.testing.assert_allclose((points - centre) @ direction, off, atol=1e-9)
    assert area(points, triangles) == pytest.approx(np.pi * (64 - off**2), rel=0.03)
    assert np.linalg.norm(points - centre, axis=1).max() < 8.3


def test_a_plane_beside_the_box_cuts_nothing(ball: DensityMap) -> None:
    assert cap(ball, 0.0, np.array([0.0, 0, 50]), np.array([0.0, 0, 1]), 100) is None
    made = cap(ball, 0.0, np.array([0.0, 0, -11]), np.array([0.0, 0, 1]), 100)
    assert made is not None
    assert len(made[1]) == 0, "in the box, and beside the ball"
    made = cap(ball, -100.0, np.array([0.0, 0, 0]), np.array([0.0, 0, 1]), 100)
    assert made is not None
    points, triangles = made
    assert area(points, triangles) == pytest.approx(np.prod((ball.shape_xyz - 1)[:2] * ball.voxel_size[:2]), rel=0.02), "all of it"
