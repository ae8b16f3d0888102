"""Placed models bent together: copies alike, none in another's way, what stands still stays."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.ops.simulate import simulate
from difffit_core.pose import Pose
from difffit_core.refine.bending.alike import copies_in, likened
from difffit_core.refine.bending.bend import Matter, regularised
from difffit_core.refine.pieces.alike import arranged_alike
from difffit_core.refine.pieces.move import Arranged
from difffit_core.refine.pieces.superpose import superposed
from difffit_core.refine.settings import RefineSettings
from difffit_core.refine.together import Placed, bend_together, merged
from difffit_core.residues import Residues
from difffit_core.target import Target

RESOLUTION, APART = 4.0, 62.0
Hinged = Callable[[AtomicModel, int, float], AtomicModel]


def rmsd(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(((a - b) ** 2).sum(axis=1).mean()))


@pytest.fixture(scope="module")
def there() -> Pose:
    """Where a second copy stands."""
    half_turn = np.diag([-1.0, -1.0, 1.0])
    return Pose(half_turn, np.array([APART, 0.0, 0.0]))


@pytest.fixture(scope="module")
def placed(chain: AtomicModel, hinged: Hinged, there: Pose) -> list[Placed]:
    """Two copies with a domain turned a little, and a third model that stays as it is."""
    middle = chain.fit_coordinates.mean(axis=0)
    own = replace(chain, coordinates=chain.coordinates - middle, structure=None)
    bent = hinged(own, 118, 5.0)
    still = own.select_residues(np.unique(own.residue_index)[:30].tolist(), "still")
    far = Pose(np.eye(3), np.array([0.0, 70.0, 0.0]))
    return [
        Placed(bent, Pose.identity(), {"E": "A"}),
        Placed(still, far, {"E": "B"}, still=True),
        Placed(bent, there, {"E": "C"}),
    ]


@pytest.fixture(scope="module")
def truth(chain: AtomicModel) -> np.ndarray:
    return chain.fit_coordinates - chain.fit_coordinates.mean(axis=0)


@pytest.fixture(scope="module")
def seen(truth: np.ndarray, placed: list[Placed], there: Pose, chain: AtomicModel) -> DensityMap:
    """The map of both copies as they should be, and of the third."""
    third = placed[1].pose.apply(placed[1].model.fit_coordinates)
    points = np.concatenate([truth, there.apply(truth), third])
    numbers = np.concatenate([chain.fit_atomic_numbers] * 2 + [placed[1].model.fit_atomic_numbers]).astype(np.float64)
    map_of = simulate(points, numbers, RESOLUTION, 1.3)
    noise = np.random.default_rng(0).normal(scale=0.1 * map_of.values.std(), size=map_of.values.shape)
    values = (map_of.values + noise).astype(np.float32)
    return DensityMap(values, np.full(3, map_of.spacing), map_of.origin, "together")


@pytest.mark.slow
def test_copies_go_home_alike_and_what_stands_still_stays(seen: DensityMap, placed: list[Placed], truth: np.ndarray, there: Pose) -> None:
    level = 0.25 * float(seen.values.max())
    settings = RefineSettings(alike=True, search=False, stiffness=1, trial_steps=60, steps=80, bends=1)
    whole, (one, still, other) = bend_together(Target(seen, RESOLUTION, level), placed, settings)
    points = [part.coordinates[part.model.in_fit] for part in (one, other)]
    assert rmsd(points[0], truth) < 0.6
    assert rmsd(points[1], there.apply(truth)) < 0.6
    assert rmsd(superposed(points[1], points[0]).apply(points[1]), points[0]) < 1e-3
    np.testing.assert_array_equal(still.coordinates, placed[1].pose.apply(placed[1].model.coordinates))
    assert one.rmsd_moved > 0.5
    assert len(one.residues) == placed[0].model.residue_count
    assert set(whole.model.chains) == {"A", "B", "C"}
    assert one.geometry.holds


def test_all_are_one_model_whose_residues_are_told_apart(placed: list[Placed], there: Pose) -> None:
    model = merged(placed)
    assert model.chains == ("A", "B", "C")
    assert model.residue_count == sum(one.model.residue_count for one in placed)
    np.testing.assert_allclose(model.select_chains(["C"]).coordinates, there.apply(placed[2].model.coordinates))


def test_copies_are_chains_with_the_same_atoms_that_are_not_held(placed: list[Placed]) -> None:
    model = merged(placed)
    held = np.zeros(int(model.in_fit.sum()), bool)
    (rows,) = copies_in(model, held)
    assert rows.shape == (2, int(placed[0].model.in_fit.sum()))
    held[rows[1, 0]] = True
    assert copies_in(model, held) == ()


def test_copies_get_the_mean_of_their_conformations_where_they_stand(placed: list[Placed]) -> None:
    model = merged(placed)
    x = model.fit_coordinates.copy()
    (rows,) = copies_in(model, np.zeros(len(x), bool))
    x[rows[1]] += np.random.default_rng(1).normal(scale=0.3, size=(rows.shape[1], 3))
    before = x.copy()
    likened(x, (rows,))
    first, second = x[rows[0]], x[rows[1]]
    assert rmsd(superposed(first, second).apply(first), second) < 1e-6
    assert rmsd(second, before[rows[1]]) == pytest.approx(rmsd(first, before[rows[0]]), rel=0.05)
    assert np.linalg.norm(second.mean(axis=0) - before[rows[1]].mean(axis=0)) < 0.02


def test_bodies_that_were_placed_into_one_another_part(chain: AtomicModel) -> None:
    """Within one body the model's own neighbours may be as near as it has them; two bodies may not."""
    model = replace(chain, structure=None)
    extent = np.ptp(model.fit_coordinates[:, 0])
    pair = merged(
        [Placed(model, Pose(np.eye(3), np.array([shift, 0.0, 0.0])), {"E": name}) for shift, name in ((0.0, "A"), (0.7 * extent, "B"))]
    )
    body = np.repeat([0, 1], model.residue_count)
    matter = Matter.of(pair, body=body)
    of_atom = body[matter.residue]

    def nearest(x: np.ndarray) -> float:
        apart = np.linalg.norm(x[of_atom == 0][:, None] - x[of_atom == 1][None], axis=2)
        return float(apart.min())

    before = pair.fit_coordinates
    assert nearest(before) < 2.0
    after = regularised(matter, before, 120)
    assert nearest(after) > 2.2  # what counts as a clash
    bonds = matter.restraints(1.0).bonds
    assert (of_atom[bonds[:, 0]] == of_atom[bonds[:, 1]]).all()


def test_the_arrangement_that_fits_best_is_given_to_all_copies(placed: list[Placed], truth: np.ndarray, there: Pose) -> None:
    """One copy of two had its domain moved home; the other gets it, too, where it stands."""
    model = merged([placed[0], placed[2]])
    before, residues = model.fit_coordinates, Residues.of(model)
    copies = copies_in(model, np.zeros(len(before), bool))
    points, half = before.copy(), len(truth)
    points[:half] = truth
    labels = np.where((residues.chains == "A") & (residues.numbers >= 118), 1, 0)
    found = Arranged(points, labels, (), (points.copy(),))
    home = np.concatenate([truth, there.apply(truth)])
    alike = arranged_alike(found, before, copies, residues.of_atom, lambda x: -rmsd(x, home))
    assert rmsd(alike.points, home) < 0.05
    assert rmsd(alike.spread[0], home) < 0.05
    assert (alike.labels == np.where(residues.numbers >= 118, 1, 0)).all()
    assert "2 copies arranged alike" in alike.steps[-1].sentence
