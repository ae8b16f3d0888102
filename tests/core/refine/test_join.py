"""Joints of rigid bodies, spread over the residues beside them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.pose import Pose
from difffit_core.refine.pieces.bodies import Bodies
from difffit_core.refine.pieces.join import WIDTHS, joints_of, spread
from difffit_core.refine.trace import Trace


@pytest.fixture(scope="module")
def trace(chain: AtomicModel) -> Trace:
    return Trace.of(replace(chain, structure=None))


@pytest.fixture(scope="module")
def bodies(trace: Trace) -> Bodies:
    labels = np.zeros(len(trace), np.int64)
    labels[60:90] = 1
    turned = Pose(Rotation.from_rotvec([0.0, 0.3, 0.0]).as_matrix(), np.array([3.0, -2.0, 1.0]))
    return Bodies(labels, (Pose.identity(), turned))


def longest_step(trace: Trace, points: np.ndarray) -> float:
    places = trace.moved(points)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    return float(steps[trace.linked[1:]].max())


def test_each_change_of_body_is_a_joint(trace: Trace, bodies: Bodies) -> None:
    assert [one.at for one in joints_of(trace, bodies)] == [60, 90]


def test_a_wider_joint_stretches_the_chain_less(trace: Trace, bodies: Bodies, chain: AtomicModel) -> None:
    own = chain.fit_coordinates
    longest = [longest_step(trace, spread(trace, bodies, own, width)) for width in WIDTHS]
    excess = np.array(longest) - longest_step(trace, own)
    assert excess[0] > 2.5
    assert (excess[1:] < 0.5 * excess[0]).all()
    assert excess[-1] < 0.3 * excess[0]


def test_residues_away_from_joints_stand_as_their_bodies_do(trace: Trace, bodies: Bodies, chain: AtomicModel) -> None:
    own = chain.fit_coordinates
    rigid, joined = (spread(trace, bodies, own, width) for width in (0, 4))
    of_atom = trace.residues.of_atom
    near = np.min([np.abs(of_atom - at) for at in (60, 90)], axis=0) <= 5
    np.testing.assert_array_equal(joined[~near], rigid[~near])
    assert np.abs(joined[near] - rigid[near]).max() > 0.5


def test_a_spread_residue_keeps_its_shape(trace: Trace, bodies: Bodies, chain: AtomicModel) -> None:
    own = chain.fit_coordinates
    joined = spread(trace, bodies, own, 7)
    mine = trace.residues.of_atom == 58
    between = [np.linalg.norm(x[mine][:, None] - x[mine][None], axis=2) for x in (own, joined)]
    np.testing.assert_allclose(between[0], between[1], atol=1e-9)
