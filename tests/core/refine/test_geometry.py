"""Whether a bent model is sound beside the model that it was, and putting it right."""

from dataclasses import replace

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.refine.bending.bend import Matter
from difffit_core.refine.bending.geometry import Soundness
from difffit_core.refine.bending.mend import mended
from difffit_core.refine.bending.restraints import Restraints
from difffit_core.residues import Residues


@pytest.fixture(scope="module")
def matter(chain: AtomicModel) -> Matter:
    of_atom = Residues.of(chain).of_atom
    return Matter(chain.fit_coordinates, chain.fit_atomic_numbers, of_atom, np.zeros(len(of_atom), bool))


@pytest.fixture(scope="module")
def soundness(chain: AtomicModel, matter: Matter) -> Soundness:
    return Soundness(chain, matter.restraints(1.0))


def atoms_of(model: AtomicModel, number: int, *names: str) -> np.ndarray:
    fit = model.in_fit
    here = model.residue_numbers[fit] == number
    if names:
        here &= np.isin(model.atom_names[fit], names)
    return np.flatnonzero(here)


def test_a_model_is_sound_beside_itself(matter: Matter, soundness: Soundness) -> None:
    state = soundness.of(matter.own)
    assert state.holds
    assert state.sentences() == ()
    assert (state.bonds, state.angles) == (0, 0)


def test_each_kind_of_fault_is_named(chain: AtomicModel, matter: Matter, soundness: Soundness) -> None:
    stretched = matter.own.copy()
    stretched[chain.residue_numbers[chain.in_fit] > 100] += 1.5
    state = soundness.of(stretched)
    assert not state.holds
    assert state.broken_steps == ("E 100",)
    assert "E 100" in state.strained or "E 101" in state.strained
    assert "stretched at E 100" in " ".join(state.sentences())

    inverted = matter.own.copy()
    beta, alpha = atoms_of(chain, 50, "CB"), atoms_of(chain, 50, "CA")
    n, c = atoms_of(chain, 50, "N"), atoms_of(chain, 50, "C")
    normal = np.cross(inverted[n] - inverted[alpha], inverted[c] - inverted[alpha])[0]
    normal /= np.linalg.norm(normal)
    inverted[beta] -= 2 * ((inverted[beta] - inverted[alpha]) @ normal)[:, None] * normal
    assert "E 50" in soundness.of(inverted).inverted

    clashing = matter.own.copy()
    clashing[atoms_of(chain, 20, "CB")] = clashing[atoms_of(chain, 150, "CB")] + 0.9
    assert any("E 20" in one and "E 150" in one for one in soundness.of(clashing).clashes)


def test_a_mended_model_is_sound_again(chain: AtomicModel, matter: Matter, soundness: Soundness) -> None:
    spoilt = matter.own.copy()
    spoilt[chain.residue_numbers[chain.in_fit] > 100] += 0.9
    alpha, beta = atoms_of(chain, 50, "CA"), atoms_of(chain, 50, "CB")
    spoilt[beta] = 2 * spoilt[alpha] - spoilt[beta]
    assert not soundness.of(spoilt).holds
    points, state = mended(matter, soundness, spoilt, 3.0)
    assert state.holds, state
    assert np.sqrt(((points - spoilt) ** 2).sum(axis=1).mean()) < 0.6
    same, _ = mended(matter, soundness, matter.own, 3.0)
    np.testing.assert_array_equal(same, matter.own)


def test_atoms_of_a_group_keep_their_places_to_one_another(chain: AtomicModel) -> None:
    points, numbers = chain.fit_coordinates, chain.fit_atomic_numbers
    residue = Residues.of(chain).of_atom
    group = np.where(residue < 40, 0, -1)
    pushed = points + np.random.default_rng(2).normal(scale=1.5, size=points.shape)
    free, tied = np.zeros_like(points), np.zeros_like(points)
    Restraints(points, numbers, residue, 1.0).add_to(free, pushed)
    Restraints(points, numbers, residue, 1.0, group).add_to(tied, pushed)
    inside, outside = residue < 38, residue > 60
    assert np.linalg.norm(tied[inside]) > 1.5 * np.linalg.norm(free[inside])
    np.testing.assert_allclose(tied[outside], free[outside])


def test_the_restraints_pull_along_their_gradient(chain: AtomicModel) -> None:
    part = replace(chain, in_fit=chain.in_fit & (chain.residue_numbers < 12))
    points = part.fit_coordinates
    restraints = Restraints(points, part.fit_atomic_numbers, Residues.of(part).of_atom, 2.0)
    x = points + np.random.default_rng(3).normal(scale=0.3, size=points.shape)
    force = np.zeros_like(x)
    restraints.add_to(force, x)
    starts, other = restraints._held.starts, restraints._held.other
    distance, spring, release = restraints._held.columns

    def energy(y: np.ndarray) -> float:
        i = np.repeat(np.arange(len(y)), np.diff(starts))
        u = np.linalg.norm(y[i] - y[other], axis=1) - distance
        return float((spring * u**2 / (1 + release * u**2)).sum()) / 2

    for atom, axis in ((0, 0), (5, 1), (17, 2)):
        step = np.zeros_like(x)
        step[atom, axis] = 1e-5
        slope = (energy(x + step) - energy(x - step)) / 2e-5
        assert force[atom, axis] == pytest.approx(-slope, rel=1e-3, abs=1e-2)
