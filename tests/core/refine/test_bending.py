"""Bending: pieces about their hinges, the forces on atoms, and the density that judges."""

from collections.abc import Callable
from dataclasses import replace

import numba
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.low_pass import low_passed
from difffit_core.ops.simulate import spread
from difffit_core.pose import Pose
from difffit_core.refine.bending.bend import WAYS, Matter, bend, regularised
from difffit_core.refine.bending.blur import Gaussian, Spans
from difffit_core.refine.bending.carry import carried
from difffit_core.refine.bending.contacts import contacts
from difffit_core.refine.bending.kernels import pull, splat
from difffit_core.refine.bending.pairs import Pairs
from difffit_core.refine.bending.pull import cut_round
from difffit_core.refine.bending.restraints import Restraints
from difffit_core.refine.evidence import simulated
from difffit_core.refine.free import FreeShells
from difffit_core.refine.pieces.rigid import RigidChain
from difffit_core.refine.settings import RefineSettings
from difffit_core.refine.weigh import Weighed, weighed
from difffit_core.target import Target

LEVEL, RESOLUTION = 0.4, 4.0
Hinged = Callable[[AtomicModel, int, float], AtomicModel]


def rmsd(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(((a - b) ** 2).sum(axis=1).mean()))


def blurred(values: np.ndarray, sigma: np.ndarray, *, empty_outside: bool = False) -> np.ndarray:
    """Everywhere."""
    own, spare, out = values.copy(), np.empty_like(values), np.empty_like(values)
    Gaussian(sigma, own.shape, empty_outside=empty_outside).smooth(own, spare, out, Spans.all_of(own.shape))
    return out


def matter_of(model: AtomicModel) -> Matter:
    fit = model.in_fit
    return Matter(model.fit_coordinates, model.fit_atomic_numbers, model.residue_index[fit], np.zeros(int(fit.sum()), bool))


def test_a_turned_domain_goes_back_about_its_hinge(density: DensityMap, chain: AtomicModel, hinged: Hinged) -> None:
    broken = hinged(chain, 118, 35.0)
    assert rmsd(broken.fit_coordinates, chain.fit_coordinates) > 5
    rigid = RigidChain(Target(density, RESOLUTION, LEVEL), broken, Pose.identity(), RefineSettings(), 0, lambda _: True)
    rigid.run()
    assert rmsd(rigid.place(rigid.bodies), chain.fit_coordinates) < 0.6
    assert len(rigid.moved) == 1


def test_a_chain_that_fits_stays_one_body(density: DensityMap, chain: AtomicModel) -> None:
    rigid = RigidChain(Target(density, RESOLUTION, LEVEL), chain, Pose.identity(), RefineSettings(), 0, lambda _: True)
    rigid.run()
    assert rigid.moved == []
    assert rmsd(rigid.place(rigid.bodies), chain.fit_coordinates) < 0.3


def test_joints_become_linkers_with_the_bonds_of_the_model(chain: AtomicModel, hinged: Hinged) -> None:
    matter = matter_of(chain)
    pulled = hinged(chain, 118, 10.0).fit_coordinates + np.where(chain.residue_numbers[chain.in_fit] >= 118, 3.0, 0.0)[:, None]
    bonds_before, _ = matter.restraints(1.0).errors(pulled)
    bonds, angles = matter.restraints(1.0).errors(regularised(matter, pulled, 300))
    assert bonds_before > 0.02
    assert bonds < 0.3 * bonds_before
    assert angles < 0.03


def test_atoms_go_back_to_where_their_density_is(density: DensityMap, chain: AtomicModel) -> None:
    matter, truth = matter_of(chain), chain.fit_coordinates
    middle = truth.mean(axis=0)
    off = truth + 1.0 * np.sin((truth - middle)[:, [1, 2, 0]] / 12.0)
    part = cut_round(density, truth)
    bent = bend(Target(part, RESOLUTION, LEVEL), replace(matter, own=off), off, WAYS[1], 150)
    assert rmsd(bent, truth) < 0.7 * rmsd(off, truth)
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    again = bend(Target(part, RESOLUTION, LEVEL), replace(matter, own=off), off, WAYS[1], 150)
    numba.set_num_threads(threads)
    np.testing.assert_array_equal(bent, again, err_msg="whatever the number of threads")
    held = bend(Target(part, RESOLUTION, LEVEL), replace(matter, own=off, held=np.ones(len(off), bool)), off, WAYS[1], 20)
    np.testing.assert_array_equal(held, off)


def test_the_density_left_out_knows_the_better_model(density: DensityMap, chain: AtomicModel) -> None:
    truth, weights = chain.fit_coordinates, matter_of(chain).weights
    shells = FreeShells.of(cut_round(density, truth), RESOLUTION, 1.4)
    noisy = truth + np.random.default_rng(0).normal(scale=0.7, size=truth.shape)
    right, wrong = shells.fine(truth, weights), shells.fine(noisy, weights)
    assert shells.correlation(right) > shells.correlation(wrong) + 0.05
    assert shells.lead(right, wrong, 40_000.0) > 3
    assert shells.lead(wrong, right, 40_000.0) < -3
    assert shells.lead(right, shells.fine(truth, weights), 40_000.0) == 0
    own = simulated(shells.grid, truth, weights, RESOLUTION)
    low = [low_passed(own, shells.grid.voxel_size, finest) for finest in (RESOLUTION, 1.4 * RESOLUTION)]
    np.testing.assert_allclose(right.values, low[0] - low[1], atol=1e-4 * float(own.max()))


def test_bending_that_the_density_left_out_does_not_support_is_not_taken(density: DensityMap, chain: AtomicModel) -> None:
    """Where that is noise alone, the bent model agrees better or worse by chance."""
    piece = chain.select_residues(np.unique(chain.residue_index[chain.residue_numbers < 50]).tolist(), "piece")
    truth, matter, settings = piece.fit_coordinates, Matter.of(piece), RefineSettings(trial_steps=60)
    off = truth + 0.4 * np.sin((truth - truth.mean(axis=0))[:, [1, 2, 0]] / 12)
    box = cut_round(density, truth)

    def shell(values: np.ndarray) -> np.ndarray:
        return low_passed(values, box.voxel_size, RESOLUTION) - low_passed(values, box.voxel_size, settings.free_from * RESOLUTION)

    def choice(values: np.ndarray) -> Weighed:
        return weighed(Target(box.with_values(values), RESOLUTION, LEVEL), matter, off, WAYS[1:2], settings, lambda *_: True)

    coarse, detail = low_passed(box.values, box.voxel_size, settings.free_from * RESOLUTION), shell(box.values)
    by_chance = []
    for seed in (0, 3):
        noise = shell(np.random.default_rng(seed).normal(size=box.values.shape).astype(np.float32))
        found = choice(coarse + noise * np.float32(detail.std() / noise.std()))
        assert found.way is None
        assert "none is supported" in found.sentence()
        by_chance.append(found.trials[0].lead)
    assert min(by_chance) > 0, "the ones that agree better"


def test_the_pull_is_the_gradient_of_the_field() -> None:
    rng = np.random.default_rng(1)
    field = rng.normal(size=(6, 7, 8)).astype(np.float32)
    origin, voxel = np.array([1.0, -2.0, 3.0]), np.array([1.1, 0.9, 1.3])
    x = origin + rng.uniform(0.05, 0.9, (5, 3)) * (np.array([7, 6, 5]) * voxel) * 0.9
    force = np.zeros_like(x)
    pull(x, np.full(5, 2.0), field, origin, voxel, force)

    def value(points: np.ndarray) -> np.ndarray:
        from scipy.ndimage import map_coordinates

        return 2.0 * map_coordinates(field.astype(float), ((points - origin) / voxel)[:, ::-1].T, order=1)

    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-5
        np.testing.assert_allclose(force[:, axis], (value(x + step) - value(x - step)) / 2e-5, atol=1e-3)


def test_atoms_outside_the_fit_go_with_their_neighbours(chain: AtomicModel) -> None:
    pose = Pose(Rotation.from_rotvec([0.3, -0.2, 0.9]).as_matrix(), np.array([3.0, -4, 5]))
    np.testing.assert_allclose(carried(chain, pose.apply(chain.fit_coordinates)), pose.apply(chain.coordinates), atol=1e-6)


def test_an_ion_goes_with_the_body_with_which_it_stays_clear(chain: AtomicModel) -> None:
    """It lies at a part that has swung to it in the file; carried along as that part goes back, it would end in another."""
    model, swings = chain.select_residues(np.unique(chain.residue_index)[:90].tolist(), "part"), 60
    part = model.residue_index >= np.unique(model.residue_index)[swings]
    at = model.coordinates[part & model.in_fit][-1] + np.array([0.0, 0.0, 2.9])
    ion = {
        "coordinates": at[None], "atomic_numbers": [12], "atom_names": ["MG"], "residue_names": ["MG"], "chain_names": ["E"],
        "residue_numbers": [900], "residue_index": [model.residue_index.max() + 1], "b_factors": [20.0], "in_fit": [False],
    }  # fmt: skip
    arrays = {
        name: np.concatenate([getattr(model, name), np.asarray(value)]).astype(getattr(model, name).dtype) for name, value in ion.items()
    }
    with_ion = replace(model, **arrays, structure=None)
    inside = model.coordinates[~part & model.in_fit].mean(axis=0)
    nearest = model.coordinates[~part & model.in_fit][np.linalg.norm(model.coordinates[~part & model.in_fit] - inside, axis=1).argmin()]
    after = model.coordinates.copy()
    after[part] += nearest + np.array([0.5, 0, 0]) - at
    moved = carried(with_ion, after[model.in_fit])
    np.testing.assert_allclose(moved[-1], at, atol=1e-6, err_msg="it stays with what has not moved")
    assert np.linalg.norm(moved[:-1] - moved[-1], axis=1).min() >= 2.2


def test_grids_are_smoothed_as_scipy_does_it() -> None:
    values = np.random.default_rng(3).normal(size=(7, 30, 41)).astype(np.float32)
    for sigma in ((1.3, 0.9, 2.0), (3.1, 0.05, 5.0)):
        for mode, empty in (("reflect", False), ("constant", True)):
            expected = gaussian_filter(values, sigma, mode=mode)
            np.testing.assert_allclose(blurred(values, np.array(sigma), empty_outside=empty), expected, atol=1e-6)


def test_atoms_are_spread_over_a_grid_as_a_model_is_simulated() -> None:
    rng = np.random.default_rng(4)
    index, weights = rng.uniform(-2, 12, (500, 3)), rng.uniform(0.5, 2, 500)
    grid = np.zeros((9, 11, 10), np.float32)
    splat(index, weights, grid)
    np.testing.assert_allclose(grid, spread(index, weights, grid.shape), atol=1e-5)


def test_contacts_are_those_of_a_tree(chain: AtomicModel) -> None:
    x = chain.fit_coordinates
    known = np.array(sorted(cKDTree(x).query_pairs(2.0)), np.int64)
    least = np.where(np.arange(len(known)) % 2 == 0, 0.0, 2.5)
    found = contacts(x, 4.2, Pairs.of(len(x), known, least), 3.3)
    expected = dict.fromkeys(cKDTree(x).query_pairs(4.2), 3.3) | dict(zip(map(tuple, known.tolist()), least.tolist(), strict=True))
    expected = {pair: value for pair, value in expected.items() if value > 0}
    first = np.repeat(np.arange(len(x)), np.diff(found.starts))
    listed = dict(zip(zip(first.tolist(), found.other.tolist(), strict=True), found.columns[0].tolist(), strict=True))
    assert len(listed) == 2 * len(expected)
    assert {pair: value for pair, value in listed.items() if pair[0] < pair[1]} == expected
    assert len(contacts(np.zeros((0, 3)), 4.2, Pairs.of(0, known[:0], least[:0]), 3.3).other) == 0


def test_a_grid_is_smoothed_where_it_is_needed_as_it_is_everywhere() -> None:
    rng = np.random.default_rng(6)
    shape, sigma = (24, 31, 40), np.array([1.1, 0.8, 1.6])
    index = rng.uniform(8, 16, (20, 3))
    drops = np.zeros(shape, np.float32)
    splat(index, np.ones(20), drops)
    atoms = Spans.near(index, shape)
    whole = blurred(drops, sigma, empty_outside=True)
    for smooth in (True, False):
        values, spare, out = drops.copy(), np.full(shape, 7, np.float32), np.full(shape, 7, np.float32)
        gaussian = Gaussian(sigma, shape, empty_outside=True)
        needed = atoms.grown(1, 2, 3)
        if smooth:
            gaussian.smooth(values, spare, out, needed)
        else:
            needed = gaussian.spread(values, atoms, spare, out)
        columns = np.arange(shape[2])
        there = (columns >= needed.first[..., None]) & (columns < needed.last[..., None])
        np.testing.assert_allclose(out, np.where(there, whole, 0), atol=1e-6)
        assert 0 < there.mean() < 0.9
        assert smooth or np.array_equal(whole != 0, (whole != 0) & there)


def test_contacts_are_listed_anew_where_atoms_went_far(chain: AtomicModel) -> None:
    """Restraints of one stiffness share with those of another what does not depend on it, and no list of contacts."""
    matter = Matter.of(chain)
    gentle, stiff = matter.restraints(1.0), matter.restraints(5.0)
    x = chain.fit_coordinates + np.random.default_rng(5).normal(scale=0.6, size=chain.fit_coordinates.shape)
    forces = []
    for one in (gentle, stiff):
        one.look_for_contacts(chain.fit_coordinates)
        one.look_for_contacts(x)
        fresh = Restraints(matter.own, matter.atomic_numbers, matter.residue, 1.0 if one is gentle else 5.0, None, matter.polymer)
        fresh.look_for_contacts(x)
        both = [np.zeros_like(x), np.zeros_like(x)]
        one.add_to(both[0], x)
        fresh.add_to(both[1], x)
        np.testing.assert_allclose(both[0], both[1], atol=1e-9)
        forces.append(both[0])
    assert not np.allclose(*forces)
