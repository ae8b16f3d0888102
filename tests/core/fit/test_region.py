"""A fit inside a sphere: other density does not attract, and results lie inside."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.region import EDGE, masked
from difffit_core.fit.run import run_fit
from difffit_core.fit.sphere import Sphere
from difffit_core.io.models import read_model
from difffit_core.placement import Verdict
from difffit_core.pose import Pose


def sphere_at(problem: Any, pose: Pose, aside: float, radius: float) -> Sphere:
    """A sphere around the middle of the placed model, or beside it by ``aside`` in each direction."""
    x, y, z = (pose.apply(problem.model.fit_coordinates.mean(axis=0)) + aside).tolist()
    return Sphere((x, y, z), radius)


@pytest.fixture(scope="module")
def two_copies(problem: Any, make_map: Any) -> tuple[Any, Pose]:
    """The chain of the small problem twice in one map: at the truth, and 70 Å beside it, where its atoms weigh twice as much."""
    aside = Pose(np.eye(3), np.array([70.0, 0.0, 0.0])).compose(problem.truth)
    points = np.concatenate([pose.apply(problem.model.fit_coordinates) for pose in (problem.truth, aside)])
    weights = np.concatenate([factor * problem.model.fit_atomic_numbers.astype(float) for factor in (1, 2)])
    density_map = make_map(points, weights, problem.resolution, problem.density_map.voxel_size, noise=0.01)
    return replace(problem, density_map=density_map, level=0.3), aside


def test_the_sphere_decides_which_of_two_copies_is_found(two_copies: tuple[Any, Pose]) -> None:
    problem, aside = two_copies
    settings = {"starts": 800}
    everywhere = run_fit(problem.request(**settings)).placements
    assert problem.error(everywhere[0].pose) < 0.3 or problem.error(everywhere[1].pose) < 0.3
    for pose in (problem.truth, aside):
        wanted = replace(problem, truth=pose)
        sphere = sphere_at(problem, pose, 2.0, 25.0)
        result = run_fit(replace(problem.request(**settings), region=sphere))
        assert wanted.error(result.placements[0].pose) < 0.3
        centres = np.array([placement.pose.apply(result.centre) for placement in result.placements])
        assert sphere.holds(centres).all()
        assert result.placements[0].verdict is Verdict.UNIQUE, "its copy outside is no rival"


def test_a_sphere_smaller_than_the_model_cuts_off_no_density_of_it(two_copies: tuple[Any, Pose]) -> None:
    problem, _ = two_copies
    result = run_fit(replace(problem.request(starts=800), region=sphere_at(problem, problem.truth, 2.0, 8.0)))
    assert problem.error(result.placements[0].pose) < 0.3


def test_a_fit_in_the_wrong_place_is_not_significant(example: Any, example_folder: Path) -> None:
    """Chains A and B sought where D and E are."""
    wrong = replace(example, model=read_model(example_folder / "1bd2_moved.pdb.gz").select_chains(["A", "B"]))
    placements = run_fit(replace(wrong.request("fast"), region=sphere_at(example, example.truth, 0.0, 12.0))).placements
    assert {placement.verdict for placement in placements} == {Verdict.NOT_SIGNIFICANT}


@pytest.mark.parametrize(
    ("centre", "words"), [((9e3, 0.0, 0.0), "no part of the map lies in the sphere of 5 Å around"), (None, "no density above level")]
)
def test_where_nothing_is_it_says_so(problem: Any, centre: tuple[float, float, float] | None, words: str) -> None:
    corner = tuple((problem.density_map.origin + 1).tolist())
    with pytest.raises(UserError, match=words):
        run_fit(replace(problem.request(starts=50), region=Sphere(centre or corner, 5.0 if centre else 1.0)))


@pytest.mark.parametrize(("x", "radius"), [(float("nan"), 5.0), (0.0, 0.0), (0.0, -3.0), (0.0, float("inf"))])
def test_what_is_no_sphere_is_refused(x: float, radius: float) -> None:
    with pytest.raises(UserError, match="sphere"):
        Sphere((x, 0.0, 0.0), radius)


def test_a_mask_keeps_the_inside_and_fades_the_rest() -> None:
    rng = np.random.default_rng(0)
    voxel, origin = np.array([1.0, 1.5, 2.0]), np.array([10.0, -20.0, 5.0])
    density_map = DensityMap(rng.normal(size=(20, 24, 28)).astype(np.float32), voxel, origin)
    sphere = Sphere((24.0, -4.0, 26.0), 8.0)
    part = masked(density_map, sphere, 0.5)
    positions = part.positions(np.argwhere(np.ones(part.values.shape, bool)))
    offset = np.rint((part.origin - origin) / voxel).astype(int)[::-1]
    window = tuple(slice(a, a + n) for a, n in zip(offset, part.values.shape, strict=True))
    original, seen = density_map.values[window].ravel(), part.values.ravel()
    distance = np.linalg.norm(positions - sphere.centre, axis=1)
    np.testing.assert_array_equal(seen[distance <= 8], original[distance <= 8])
    ground = np.median(original[original <= 0.5])
    np.testing.assert_allclose(seen[distance >= 8 + EDGE * 1.5], ground, atol=1e-6)
    between = (distance > 8.1) & (distance < 7.9 + EDGE * 1.5)
    assert between.any()
    assert (np.abs(seen[between] - ground) < np.abs(original[between] - ground)).all()
    assert (sphere.holds(positions) == (distance <= 8)).all()
