"""Turns of domains that no residue betrays: found by what pulls them, and taken only where detail supports them."""

from collections.abc import Callable

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.low_pass import low_passed
from difffit_core.refine.bending.bend import Matter
from difffit_core.refine.bending.pull import worked_on
from difffit_core.refine.domains import Settled, Stands, settle
from difffit_core.refine.pieces.parting import SHORTEST, partings
from difffit_core.refine.pieces.superpose import superposed
from difffit_core.refine.trace import Trace
from difffit_core.target import Target

Settle = Callable[[float, np.random.Generator | None], tuple[Settled | None, AtomicModel]]
Hinged = Callable[[AtomicModel, int, float], AtomicModel]
LEVEL, RESOLUTION = 0.4, 8.0


def rmsd(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(((a - b) ** 2).sum(axis=1).mean()))


def test_a_chain_is_parted_where_what_pulls_it_turns() -> None:
    rng = np.random.default_rng(0)
    places = np.cumsum(rng.normal(size=(150, 3)), axis=0)
    weights = rng.uniform(5, 10, 150)
    turns = np.repeat([[0.1, 0, 0.05], [-0.1, 0.2, 0], [0, -0.1, 0.2]], [40, 60, 50], axis=0)
    forces = weights[:, None] * np.cross(turns, places) + rng.normal(scale=0.5, size=(150, 3))
    two, three = partings(places, weights, forces)
    assert np.bincount(two).min() >= SHORTEST
    assert np.count_nonzero(np.diff(three)) == 2
    np.testing.assert_allclose(1 + np.flatnonzero(np.diff(three)), [40, 100], atol=2)
    assert list(partings(places[: 2 * SHORTEST - 1], weights, forces)) == []


@pytest.fixture(scope="module")
def settled(density: DensityMap, hinged: Hinged, chain: AtomicModel) -> Settle:
    """What comes of a chain with a domain turned by an angle in its map at 8 Å, laid onto its place as one body; or in noise alone."""
    coarse = density.with_values(low_passed(density.values, density.voxel_size, RESOLUTION))

    def run(degrees: float, noise: np.random.Generator | None) -> tuple[Settled | None, AtomicModel]:
        turned = hinged(chain, 118, degrees)
        start = superposed(turned.fit_coordinates, chain.fit_coordinates).apply(turned.fit_coordinates)
        near = worked_on(coarse, start, RESOLUTION)
        if noise is not None:
            grain = low_passed(noise.normal(size=near.values.shape).astype(np.float32), near.voxel_size, RESOLUTION)
            near = near.with_values(grain * np.float32(2 * LEVEL / grain.std()))
        trace = Trace.of(turned)
        stands = Stands(turned, Matter.of(turned), trace, start, np.zeros(len(trace), np.int64))
        found = settle(Target(near, RESOLUTION, LEVEL), stands, None, free_from=1.4, judged_at=RESOLUTION, go_on=lambda *_: True)
        return found, turned

    return run


def test_a_small_turn_at_low_resolution_is_taken_back(settled: Settle, chain: AtomicModel) -> None:
    found, turned = settled(12.0, None)
    truth = chain.fit_coordinates
    assert rmsd(superposed(turned.fit_coordinates, truth).apply(turned.fit_coordinates), truth) > 1.0
    assert found is not None
    assert rmsd(found.spread[0], truth) < 0.8
    edge = int(np.flatnonzero(np.diff(found.labels))[0])
    assert "bodies" in found.sentence
    assert edge > 0


@pytest.mark.slow
def test_what_fits_and_what_lies_in_noise_stays(settled: Settle) -> None:
    fits, _ = settled(0.0, None)
    assert fits is None or fits.spread == ()
    for seed in range(2):
        strange, _ = settled(0.0, np.random.default_rng(seed))
        assert strange is None or strange.spread == ()
