"""The search fields against the formulae of the paper, written out in plain numpy."""

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.search.field import Density, cut_density, negative_laplacian, paper_field, search_fields, surrounded
from difffit_core.fit.settings import FitSettings
from difffit_core.ops.grid import Grid, PointSet

VOXEL_SIZE = np.array([1.0, 1.4, 1.9])


def blobs(seed: int = 0, offset: float = 0.0) -> DensityMap:
    """Three blobs in noise, well inside an anisotropic box."""
    rng = np.random.default_rng(seed)
    z, y, x = np.meshgrid(*(np.arange(n) for n in (30, 33, 37)), indexing="ij")
    values = rng.normal(0, 0.05, z.shape)
    for centre, width in (((14, 15, 17), 3.0), ((12, 20, 20), 2.0), ((17, 13, 23), 2.5)):
        values += 2 * np.exp(-((z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2) / (2 * width**2))
    return DensityMap((values + offset).astype(np.float32), VOXEL_SIZE, np.array([-20.0, 7.0, 100.0]))


def smooth(values: np.ndarray) -> np.ndarray:
    """Convolution with a 5³ Gaussian of σ = 1 voxel that sums to 1, 125 shifted copies; the border goes on outside."""
    line = np.exp(-0.5 * np.arange(-2, 3) ** 2.0)
    kernel = np.einsum("i,j,k->ijk", line, line, line) / line.sum() ** 3
    padded = np.pad(values, 2, mode="edge")
    total = np.zeros_like(values)
    for (i, j, k), weight in np.ndenumerate(kernel):
        total += weight * padded[i : i + values.shape[0], j : j + values.shape[1], k : k + values.shape[2]]
    return total


def paper_volumes(density: Density, order: str, negative: float = -0.5) -> list[np.ndarray]:
    """The raw volume and three smoother ones, float64, by the recipe: clamp, normalise, smooth, negative outside the footprint."""
    positive = np.where(density.inside, np.clip(density.values.astype(np.float64), 0, None), 0.0)
    volumes = [np.where(positive == 0, negative, positive)]
    smoothed = positive
    for _ in range(3):
        if order == "expand":
            smoothed = smooth(smoothed)
            volumes.append(np.where(smoothed == 0, negative, smoothed))
        else:
            volumes.append(smooth(volumes[-1]))
    return volumes


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (0.5, 2.0, 0.0, 3.0)])
@pytest.mark.parametrize("order", ["expand", "shrink"])
def test_the_papers_field_is_the_sum_of_its_volumes(order: str, weights: tuple[float, ...]) -> None:
    density = cut_density(blobs(), 0.4)
    found = paper_field(density, FitSettings(negative_order=order, smoothing_weights=weights), 4.0)
    expected = sum(weight * volume for weight, volume in zip(weights, paper_volumes(density, order), strict=True))
    assert expected.min() < -1
    assert expected.max() > 2
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_sampling_the_sum_is_summing_the_samples() -> None:
    """The loss is linear in the volumes, and so is trilinear sampling."""
    rng = np.random.default_rng(2)
    density = cut_density(blobs(), 0.4)
    points, weights = PointSet.of(rng.normal(0, 4, (100, 3))), np.array([0.5, 2.0, 1.0, 3.0])
    poses = rng.normal(size=(50, 4)), density.origin + rng.uniform(0.2, 0.8, (50, 3)) * density.voxel_size * density.values.shape[::-1]
    field = paper_field(density, FitSettings(smoothing_weights=tuple(weights), negative_order="expand"), 4.0)
    apart = [Grid.of(volume, VOXEL_SIZE, density.origin).mean(points, *poses) for volume in paper_volumes(density, "expand")]
    np.testing.assert_allclose(Grid.of(field, VOXEL_SIZE, density.origin).mean(points, *poses), weights @ apart, atol=1e-5)
    assert np.ptp(weights @ apart) > 1


@pytest.mark.parametrize(("resolution", "order"), [(4.9, "shrink"), (5.0, "expand"), (12.0, "expand")])
def test_auto_chooses_the_order_by_resolution(resolution: float, order: str) -> None:
    density = cut_density(blobs(), 0.4)
    auto, named = (paper_field(density, FitSettings(negative_order=name), resolution) for name in ("auto", order))
    np.testing.assert_array_equal(auto, named)
    assert not np.array_equal(auto, paper_field(density, FitSettings(negative_order="shrink" if order == "expand" else "expand"), 4.0))


def test_expanding_widens_the_footprint_and_shrinking_does_not() -> None:
    density = cut_density(blobs(), 0.4)
    expand, shrink = (paper_field(density, FitSettings(negative_order=order), 4.0) for order in ("expand", "shrink"))
    assert np.count_nonzero(expand > 0) > np.count_nonzero(density.inside) > np.count_nonzero(shrink > 0)


@pytest.mark.parametrize("value", [-0.5, -2.0, 0.0])
def test_far_from_density_every_volume_holds_the_negative_value(value: float) -> None:
    density = cut_density(blobs(), 0.4)
    field = paper_field(density, FitSettings(negative_value=value, smoothings=1), 4.0)
    np.testing.assert_allclose(field[0, 0], 2 * value, rtol=1e-6)


def test_weights_must_match_the_smoothings() -> None:
    with pytest.raises(UserError, match=r"smoothing_weights must hold 4 weights.*got 2"):
        paper_field(cut_density(blobs(), 0.4), FitSettings(smoothing_weights=(1.0, 2.0)), 4.0)


def test_a_negative_level_counts_no_negative_density_as_positive() -> None:
    density = cut_density(blobs(offset=-1.0), -0.6)
    assert density.unit == pytest.approx(blobs(offset=-1.0).values.max())
    field = paper_field(density, FitSettings(smoothings=0), 4.0)
    np.testing.assert_array_equal(field[density.inside], np.maximum(density.values[density.inside], 0))
    np.testing.assert_array_equal(field[~density.inside], np.float32(-0.5))


def test_the_laplacian_is_in_angstrom_on_anisotropic_voxels() -> None:
    """-∇² of a Gaussian of σ₀ smoothed by σ is (3 - r²/s²) / s² times one of s² = σ₀² + σ², as tall as (σ₀ / s)³."""
    voxel_size, sigma = np.array([0.5, 0.6, 0.8]), 2.0
    z, y, x = np.meshgrid(*(step * (np.arange(n) - n // 2) for n, step in zip((61, 71, 81), voxel_size[::-1], strict=True)), indexing="ij")
    squared, s2 = x**2 + y**2 + z**2, 3.0**2 + sigma**2
    found = negative_laplacian(np.exp(-squared / (2 * 9.0)).astype(np.float32), voxel_size, sigma)
    expected = (9.0 / s2) ** 1.5 * (3 - squared / s2) / s2 * np.exp(-squared / (2 * s2))
    inner = squared < 8.0**2
    np.testing.assert_allclose(found[inner], expected[inner], atol=0.03 * expected.max())


def test_a_mixed_field_is_the_sum_of_two_of_unit_spread() -> None:
    density = cut_density(blobs(), 0.4)
    settings = FitSettings(laplacian_sigma=2.5, fine_laplacian_sigma=1.5)
    fields = dict(search_fields(density, settings, 4.0))
    assert list(fields) == ["paper", "mixed", "fine"]
    paper = paper_field(density, settings, 4.0)
    np.testing.assert_array_equal(fields["paper"], paper)
    for name, sigma in (("mixed", 2.5), ("fine", 1.5)):
        detail = negative_laplacian(density.values, VOXEL_SIZE, sigma)
        np.testing.assert_allclose(fields[name], paper / paper.std() + detail / detail.std(), atol=1e-4)


def test_fields_come_in_the_order_asked_for() -> None:
    density = cut_density(blobs(), 0.4)
    assert [name for name, _ in search_fields(density, FitSettings(fields=("fine", "paper")), 4.0)] == ["fine", "paper"]


def test_surrounding_moves_the_origin_outwards() -> None:
    values, voxel_size, origin = surrounded(np.ones((2, 3, 4), np.float32), VOXEL_SIZE, np.array([5.0, 6.0, 7.0]), -3.0)
    assert values.shape == (6, 7, 8)
    np.testing.assert_array_equal(values[2:-2, 2:-2, 2:-2], 1)
    assert np.count_nonzero(values == -3.0) == values.size - 24
    np.testing.assert_allclose(origin + 2 * voxel_size, [5.0, 6.0, 7.0])
