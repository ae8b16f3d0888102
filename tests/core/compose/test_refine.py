"""Joint refinement and its two parts: the cost of contacts, and the climb."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.compose.body import Body
from difffit_core.compose.candidates.overlap import clashes, overlaps
from difffit_core.compose.solve.contacts import CONTACT, SOFTNESS, Contacts
from difffit_core.compose.solve.refine import Part, refine
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.subject import prepare_model
from difffit_core.pose import Pose
from difffit_core.target import Target

from .conftest import RESOLUTION, Known, nudged

UNBOUND = np.full((2, 2), 1e9)


def parts_of(known: Known, poses: list[Pose]) -> list[Part]:
    body = known.bodies[0]
    side = prepare_model(FitRequest(Target(known.density_map, known.resolution, known.level), body.model, device="cpu"))
    return [Part(body, side, pose, side.template.volume / RESOLUTION**3) for pose in poses]


def test_contacts_cost_what_the_formula_says() -> None:
    points = [np.array([[0.0, 0, 0], [9, 0, 0]]), np.array([[0.0, 0, 0]])]
    contacts = Contacts.between(points, np.array([np.eye(3)] * 2), np.array([[0.0, 0, 0], [0, 1.5, 0]]))
    cost, slope = contacts.cost_and_gradient(np.array([np.eye(3)] * 2), np.array([[0.0, 0, 0], [0, 1.5, 0]]), UNBOUND)
    assert cost == pytest.approx(0.5 * ((CONTACT - 1.5) / SOFTNESS) ** 2)
    assert slope[0, 1] == pytest.approx((CONTACT - 1.5) / SOFTNESS**2)
    assert slope[1, 1] == pytest.approx(-(CONTACT - 1.5) / SOFTNESS**2)


@pytest.mark.parametrize("bound", [1e9, 40.0])
def test_the_gradient_of_contacts_is_that_of_their_cost(tetramer: Known, bound: float) -> None:
    body = tetramer.bodies[0]
    rng = np.random.default_rng(0)
    poses = [nudged(pose, body.centre, 4.0, 5.0, rng) for _, pose in tetramer.truth[:3]]
    points = body.coordinates - body.centre
    rotations, centres = np.array([p.rotation for p in poses]), np.array([p.apply(body.centre) for p in poses])
    centres += 0.35 * (centres.mean(axis=0) - centres)
    contacts = Contacts.between([points] * 3, rotations, centres)
    most = np.full((3, 3), bound)
    cost, slope = contacts.cost_and_gradient(rotations, centres, most)
    assert cost > 1
    for k in range(3):
        for axis in range(6):
            step = np.zeros(6)
            step[axis] = 1e-5
            values = []
            for sign in (1, -1):
                r, c = rotations.copy(), centres.copy()
                c[k] += sign * step[:3]
                r[k] = Rotation.from_rotvec(sign * step[3:]).as_matrix() @ r[k]
                values.append(contacts.cost_and_gradient(r, c, most)[0])
            assert slope[k, axis] == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-3, abs=1e-3)


def test_contacts_never_cost_more_than_their_bound() -> None:
    points = [np.zeros((1, 3))] * 2
    places = np.array([[0.0, 0, 0], [0, 0.5, 0]])
    contacts = Contacts.between(points, np.array([np.eye(3)] * 2), places)
    full = contacts.costs(np.array([np.eye(3)] * 2), places)
    assert full[0, 1] > 20
    assert full[1, 0] == full[0, 0] == 0
    for bound in (0.5, 5.0):
        cost, slope = contacts.cost_and_gradient(np.array([np.eye(3)] * 2), places, np.full((2, 2), bound))
        assert 0.95 * bound < cost <= bound
        assert np.abs(slope).max() < full[0, 1]


def test_copies_apart_have_no_contacts() -> None:
    contacts = Contacts.between([np.zeros((1, 3))] * 2, np.array([np.eye(3)] * 2), np.array([[0.0, 0, 0], [90, 0, 0]]))
    cost, slope = contacts.cost_and_gradient(np.array([np.eye(3)] * 2), np.array([[0.0, 0, 0], [90, 0, 0]]), UNBOUND)
    assert cost == 0
    assert not slope.any()


def test_moved_copies_come_back_together(tetramer: Known) -> None:
    rng = np.random.default_rng(2)
    centre = tetramer.bodies[0].centre
    start = [nudged(pose, centre, 1.2, 3.0, rng) for _, pose in tetramer.truth]
    refined = refine(tetramer.density_map, RESOLUTION, parts_of(tetramer, start))
    assert tetramer.errors(0, start).min() > 1
    assert tetramer.errors(0, refined).max() < 0.3


def test_copies_that_clash_are_moved_apart(tetramer: Known) -> None:
    body = tetramer.bodies[0]
    truth = [pose for _, pose in tetramer.truth]
    middle = np.mean([pose.apply(body.centre) for pose in truth], axis=0)
    start = [Pose(p.rotation, p.translation + 0.2 * (middle - p.apply(body.centre))) for p in truth]
    before = clashes([pose.apply(body.coordinates) for pose in start])
    refined = refine(tetramer.density_map, RESOLUTION, parts_of(tetramer, start))
    after = clashes([pose.apply(body.coordinates) for pose in refined])
    assert before.max() > 0.004
    assert after.max() == clashes([pose.apply(body.coordinates) for pose in truth]).max()
    assert tetramer.errors(0, refined).max() < 0.4


def test_nothing_moves_once_told_to_stop(tetramer: Known) -> None:
    start = [pose for _, pose in tetramer.truth]
    assert refine(tetramer.density_map, RESOLUTION, parts_of(tetramer, start), lambda: False) == start
    assert refine(tetramer.density_map, RESOLUTION, []) == []


def test_overlap_is_the_share_of_the_smaller(tetramer: Known) -> None:
    body = tetramer.bodies[0]
    part = Body(body.model.__class__(**{**body.model.__dict__, "in_fit": body.model.in_fit & (np.arange(len(body.model)) < 300)}))
    pose, apart = tetramer.truth[0][1], tetramer.truth[3][1]
    share = overlaps([body, part], [(0, pose), (1, pose), (0, apart)]).toarray()
    assert share[0, 1] == share[1, 0] == 1
    assert share[0, 0] == 0
    assert share[0, 2] < 0.01


def test_clashes_count_atoms_of_both() -> None:
    points = [
        np.array([[0.0, 0, 0], [50, 0, 0]]),
        np.array([[0.0, 0, 1.9], [0, 1.0, 1.9], [99, 0, 0], [0, 0, -5]]),
        np.array([[500.0, 0, 0]]),
    ]
    np.testing.assert_allclose(clashes(points), [0.5, 0.25, 0])


def test_a_stranger_squeezed_in_moves_nothing_that_stands_right(tetramer: Known) -> None:
    """A further copy lies across two right ones: what pushes it away must not push them out of their density."""
    body = tetramer.bodies[0]
    truth = [pose for _, pose in tetramer.truth]
    between = Pose(truth[0].rotation, (truth[0].apply(body.centre) + truth[1].apply(body.centre)) / 2 - truth[0].rotation @ body.centre)
    refined = refine(tetramer.density_map, RESOLUTION, parts_of(tetramer, [*truth, between]))
    assert tetramer.errors(0, refined[: len(truth)]).max() < 1.0
