"""What a user does to a composite, as edits of its record."""

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_names import free_names
from difffit_core.compose.body import Body
from difffit_core.compose.edit.accepted import clash_with, differences, overlap_with, placed_models
from difffit_core.compose.edit.edits import (
    accept,
    accepted_copies,
    branch,
    children,
    delete_round,
    remove_copy,
    rename_round,
    working_round,
    zero_out_round,
)
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.edit.working import working_map
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.errors import UserError
from difffit_core.pose import Pose
from difffit_core.project.base import PoseRecord, now
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, ZeroOutRecord
from difffit_core.target import Target
from tests.core.compose.conftest import Known

EMPTY = CompositeRecord(id="composite-1", name="Composite 1", map="map-1", rounds=())
CUT = ZeroOutRecord(method="threshold", threshold=0.0, resolution=8.0, level=0.25, removed=0.4, done=now())


def copy_of(model: str = "model-1", chain: str = "B", fit: str | None = "fit-1", rank: int = 1, pose: Pose | None = None) -> AcceptedRecord:
    pose = Pose.identity() if pose is None else pose
    return AcceptedRecord(
        model=model,
        chains={chain: chain},
        pose=PoseRecord.of(pose),
        accepted=now(),
        source="made",
        fit=fit,
        rank=rank,
        local_correlation=0.5,
    )


def two_rounds() -> CompositeRecord:
    """Round 1 zeroed out, and something accepted after it."""
    first = zero_out_round(accept(EMPTY, [copy_of()], {"fit-1": None}, ()), CUT)
    return accept(first, [copy_of(fit="fit-2")], {"fit-2": first.rounds[0].id}, ())


def test_what_is_accepted_goes_into_the_round_until_that_is_zeroed_out() -> None:
    one = accept(EMPTY, [copy_of()], {"fit-1": None}, ())
    more = accept(one, [copy_of(rank=2)], {"fit-1": None}, ())
    assert len(more.rounds) == 1
    assert [copy.rank for copy in more.rounds[0].accepted] == [1, 2]
    assert more.rounds[0].fits == ("fit-1",)
    after = accept(zero_out_round(more, CUT), [copy_of(fit="fit-2")], {"fit-2": more.rounds[0].id}, ())
    assert [one.parent for one in after.rounds] == [None, more.rounds[0].id]
    assert after.current == after.rounds[1].id
    assert after.rounds[1].fits == ("fit-2",)
    assert len(accepted_copies(after, after.current)) == 3
    assert len(EMPTY.rounds) == 0


def test_a_fit_of_another_map_is_no_fit_of_the_round() -> None:
    after = accept(zero_out_round(accept(EMPTY, [copy_of()], {"fit-1": None}, ()), CUT), [copy_of(rank=3)], {"fit-1": None}, ())
    assert after.rounds[1].fits == ()
    assert after.rounds[1].accepted[0].fit == "fit-1"


def test_every_copy_has_names_of_its_own() -> None:
    assert free_names(["A", "B"], {"A"}, {"A", "B", "C"}) == {"A": "D", "B": "B"}
    composite = accept(EMPTY, [copy_of(), copy_of(rank=2), copy_of(rank=3)], {"fit-1": None}, {"A", "B", "C"})
    assert [copy.chains["B"] for copy in composite.rounds[0].accepted] == ["B", "D", "E"]


def test_the_working_map_is_that_of_the_last_zero_out_on_the_way() -> None:
    composite = two_rounds()
    first, second = composite.rounds
    assert working_round(composite, None) is None
    assert working_round(composite, first.id) == first.id
    assert working_round(composite, second.id) == first.id


def test_one_branches_from_any_round_and_deletes_a_branch_with_all_after_it() -> None:
    composite = two_rounds()
    first, second = composite.rounds
    branched = branch(composite.model_copy(update={"current": first.id}))
    assert [one.id for one in children(branched, first.id)] == [second.id, branched.current]
    assert branched.rounds[-1].name == "Round 2, branch 2"
    assert len(accepted_copies(branched, branched.current)) == 1
    assert delete_round(branched, second.id).current == branched.current
    nothing = delete_round(branched, first.id)
    assert (nothing.rounds, nothing.current) == ((), None)
    again = branch(delete_round(branched, second.id))
    assert len({one.id for one in again.rounds}) == len(again.rounds)
    assert rename_round(composite, second.id, "with B")
    assert rename_round(composite, second.id, "with B").rounds[1].name == "with B"


def test_what_later_maps_rest_on_is_not_changed() -> None:
    composite = two_rounds()
    first, second = composite.rounds
    with pytest.raises(UserError, match="Round 1 is zeroed out"):
        remove_copy(composite, first.id, 0)
    assert remove_copy(composite, second.id, 0).rounds[1].accepted == ()
    with pytest.raises(UserError, match="zeroed out already"):
        zero_out_round(composite.model_copy(update={"current": first.id}), CUT)
    with pytest.raises(UserError, match="at least one placement must be accepted"):
        zero_out_round(EMPTY, CUT)
    grown = branch(composite)
    with pytest.raises(UserError, match="has rounds after it"):
        remove_copy(grown, second.id, 0)
    with pytest.raises(UserError, match="has rounds after it"):
        zero_out_round(grown.model_copy(update={"current": second.id}), CUT)
    beside = accept(grown.model_copy(update={"current": second.id}), [copy_of(rank=5)], {"fit-1": None}, ())
    assert beside.rounds[-1].parent == second.id


def test_a_working_map_of_two_rounds_is_both_zero_outs_in_turn(pair: Known) -> None:
    models = {"model-1": pair.models[0], "model-2": pair.models[1]}
    composite = EMPTY
    for number, (index, pose) in enumerate(pair.truth, start=1):
        copy = copy_of(f"model-{index + 1}", pair.models[index].chains[0], None, pose=pose)
        composite = zero_out_round(accept(composite, [copy], {}, ()), CUT)
        assert len(composite.rounds) == number
    expected = pair.density_map
    for placed in pair.truth:
        expected = zero_out(Target(expected, 8.0, 0.25), pair.bodies, [placed], ZeroOutMethod.THRESHOLD).density_map
    assert np.array_equal(working_map(composite, composite.current, pair.density_map, models).values, expected.values)
    assert working_map(composite, None, pair.density_map, models) is pair.density_map


def test_overlap_and_clash_with_what_is_accepted(beta2: AtomicModel) -> None:
    models, body = {"model-1": beta2}, Body(beta2)
    away = Pose(np.eye(3), np.array([200.0, 0, 0]))
    beside = Pose(np.eye(3), np.array([0.6 * body.radius, 0, 0]))
    shares = overlap_with([copy_of()], models, beta2, [Pose.identity(), away, beside])
    assert shares[0] == 1
    assert shares[1] == 0
    assert 0 < shares[2] < 1
    assert overlap_with([], models, beta2, [away]).tolist() == [0]
    clash = clash_with([copy_of()], models, beta2, [away, Pose.identity()])
    assert clash.tolist() == [0, 1]


def test_differences_name_what_came_went_and_moved(beta2: AtomicModel) -> None:
    models = {"model-1": beta2}
    stays, goes = copy_of(), copy_of(pose=Pose(np.eye(3), np.array([150.0, 0, 0])))
    moves = copy_of(pose=Pose(np.eye(3), np.array([0.0, 90.0, 0])))
    moved = copy_of(pose=Pose(np.eye(3), np.array([3.0, 90.0, 4.0])))
    comes = copy_of(pose=Pose(np.eye(3), np.array([0.0, 0, -300.0])))
    found = differences([stays, goes, moves], [comes, moved, stays], models)
    assert found.same == 1
    assert found.lost == (goes,)
    assert found.gained == (comes,)
    assert [(before, after) for before, after, _ in found.moved] == [(moves, moved)]
    assert found.moved[0][2] == pytest.approx(5.0)
    bodies, placed = placed_models([stays, goes], models)
    assert len(bodies) == 1
    assert [index for index, _ in placed] == [0, 0]
