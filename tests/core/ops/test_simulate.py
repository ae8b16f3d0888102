"""Simulated density against what is known of a sum of Gaussians."""

import numpy as np
import pytest

from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION, SimulatedDensity, simulate, spread


def moments(density: SimulatedDensity) -> tuple[float, np.ndarray, np.ndarray]:
    """Total, centre (x, y, z) and variance along (x, y, z) in Å."""
    values = density.values.astype(np.float64)
    total = values.sum()
    centre, variance = np.empty(3), np.empty(3)
    for axis, n in enumerate(values.shape[::-1]):
        at = density.origin[axis] + density.spacing * np.arange(n)
        marginal = values.sum(axis=tuple(a for a in range(3) if a != 2 - axis)) / total
        centre[axis] = at @ marginal
        variance[axis] = (at - centre[axis]) ** 2 @ marginal
    return float(total), centre, variance


@pytest.mark.parametrize("atom", [(0.0, 0.0, 0.0), (0.5, 0.25, 0.9), (103.21, -57.7, 12.05)])
@pytest.mark.parametrize(("resolution", "spacing"), [(3.0, 1.0), (4.0, 0.8), (10.0, 1.5), (20.0, 5.0)])
def test_an_atom_keeps_its_weight_and_its_place(atom: tuple[float, ...], resolution: float, spacing: float) -> None:
    total, centre, _ = moments(simulate(np.array([atom]), np.array([7.0]), resolution, spacing))
    assert total == pytest.approx(7.0, rel=1e-4)
    np.testing.assert_allclose(centre, atom, atol=0.01 * spacing)


@pytest.mark.parametrize("resolution", [3.0, 8.0, 20.0])
def test_an_atom_has_the_width_of_the_resolution(resolution: float) -> None:
    _, _, variance = moments(simulate(np.array([[1.3, -2.4, 0.1]]), np.ones(1), resolution, resolution / 15))
    np.testing.assert_allclose(np.sqrt(variance), SIGMA_PER_RESOLUTION * resolution, rtol=0.01)


@pytest.mark.parametrize(("voxels_in_resolution", "tolerance"), [(3.0, 0.025), (4.0, 0.01), (5.0, 0.01)])
def test_many_atoms_have_that_width_on_coarse_grids_too(voxels_in_resolution: float, tolerance: float) -> None:
    """Between voxels an atom is spread wider than on one; on the average over its places the width is right."""
    resolution = 6.0
    atoms = np.random.default_rng(0).uniform(0, 6, (300, 3))
    widths = [moments(simulate(atom[None], np.ones(1), resolution, resolution / voxels_in_resolution))[2] for atom in atoms]
    assert np.sqrt(np.mean(widths)) == pytest.approx(SIGMA_PER_RESOLUTION * resolution, rel=tolerance)


def test_an_atom_has_the_height_of_a_gaussian() -> None:
    density = simulate(np.zeros((1, 3)), np.ones(1), 10.0, 0.25)
    sigma = SIGMA_PER_RESOLUTION * 10.0
    assert density.values.max() / 0.25**3 == pytest.approx((2 * np.pi * sigma**2) ** -1.5, rel=0.01)


def test_densities_add_up() -> None:
    rng = np.random.default_rng(4)
    atoms, weights = rng.uniform(-20, 20, (60, 3)), rng.uniform(1, 16, 60)
    whole = simulate(atoms, weights, 6.0, 1.7)
    total = np.zeros_like(whole.values, dtype=np.float64)
    for half in (slice(0, 25), slice(25, None)):
        part = simulate(atoms[half], weights[half], 6.0, 1.7)
        corner = np.rint((part.origin - whole.origin) / whole.spacing).astype(int)[::-1]
        total[tuple(slice(c, c + n) for c, n in zip(corner, part.values.shape, strict=True))] += part.values
    np.testing.assert_allclose(total, whole.values, atol=1e-5 * whole.values.max())
    np.testing.assert_allclose(simulate(atoms, 3 * weights, 6.0, 1.7).values, 3 * whole.values, rtol=1e-5, atol=1e-8)


def test_axes_are_z_y_x() -> None:
    density = simulate(np.array([[0.0, 0, 0], [30, 0, 0], [0, 20, 0]]), np.ones(3), 4.0, 1.0)
    nz, ny, nx = density.values.shape
    assert nx - nz == 30
    assert ny - nz == 20


def test_spreading_splits_a_weight_over_its_voxels() -> None:
    found = spread(np.array([[1.25, 2.0, 0.5]]), np.array([8.0]), (3, 4, 5))
    expected = np.zeros((3, 4, 5))
    expected[0:2, 2, 1], expected[0:2, 2, 2] = 3.0, 1.0
    np.testing.assert_allclose(found, expected)


def test_spreading_loses_what_falls_outside() -> None:
    found = spread(np.array([[-0.25, 0, 0], [9, 0, 0], [4.5, 0, 0]]), np.ones(3), (1, 1, 5))
    np.testing.assert_allclose(found[0, 0], [0.75, 0, 0, 0, 0.5])
