"""Every change gives an inverse that brings back what was there, and its inverse does it again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_app.state.changes import AddFit, AddMap, Change, MoveByHand, RemoveFit, RemoveMap, RemoveModel, Rename, ReplaceFit
from difffit_app.state.items import HandPose, OpenFit, OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_core.pose import Pose


@pytest.fixture
def view_state() -> ViewState:
    return ViewState()


@pytest.fixture
def session(open_map: OpenMap, open_model: OpenModel, make_fit: Callable[..., OpenFit], view_state: ViewState) -> Session:
    session = Session()
    view_state.add_map(open_map.id, 0.25)
    session.add_map(open_map)
    view_state.add_model(open_model.id)
    session.add_model(open_model)
    session.add_fit(make_fit())
    session.add_fit(make_fit("fit-2"))
    view_state.set_map_style("map-1", colour="#123456")
    view_state.set_model_style("model-1", colour_by="element")
    session.select_fit("fit-1")
    session.select_placement(2)
    session.set_hand(hand(5.0))
    session.mark_saved(None)
    return session


def hand(shift: float) -> HandPose:
    return HandPose("model-1", ("D", "E"), np.zeros(3), Pose(np.eye(3), np.full(3, shift)))


def state_of(session: Session, view_state: ViewState) -> dict[str, Any]:
    """All that a change may touch."""
    return {
        "maps": {key: item.name for key, item in session.maps.items()},
        "models": {key: item.name for key, item in session.models.items()},
        "fits": {key: id(fit) for key, fit in session.fits.items()},
        "chosen": [getattr(item, "id", None) for item in (session.map, session.fit)],
        "rank": session.placement.rank if session.placement else None,
        "hand": None if session.hand is None else session.hand.pose.translation.tolist(),
        "styles": (dict(view_state.maps), dict(view_state.models)),
    }


CHANGES: dict[str, Callable[[Session, Callable[..., OpenFit]], Change]] = {
    "rename the map": lambda session, _: Rename.of(session.maps["map-1"], "other"),
    "rename the model": lambda session, _: Rename.of(session.models["model-1"], "other"),
    "remove the map": lambda session, _: RemoveMap.of(session.maps["map-1"]),
    "remove the model": lambda session, _: RemoveModel.of(session.models["model-1"]),
    "remove the shown fit": lambda *_: RemoveFit("fit-1"),
    "remove another fit": lambda *_: RemoveFit("fit-2"),
    "add a fit": lambda _, make_fit: AddFit(make_fit("fit-3")),
    "replace the shown fit": lambda _, make_fit: ReplaceFit(make_fit("fit-1")),
    "replace another fit": lambda _, make_fit: ReplaceFit(make_fit("fit-2")),
    "move by hand": lambda *_: MoveByHand(hand(5.0), hand(9.0)),
    "put back": lambda *_: MoveByHand(hand(5.0), None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_undone_all_is_as_it_was_and_redone_as_it_became(
    session: Session, view_state: ViewState, make_fit: Callable[..., OpenFit], name: str
) -> None:
    history = History(session, view_state)
    before = state_of(session, view_state)
    history.do(CHANGES[name](session, make_fit))
    after = state_of(session, view_state)
    assert after != before
    assert history.stack.undoText()
    for _ in range(2):
        history.undo()
        assert state_of(session, view_state) == before
        history.redo()
        assert state_of(session, view_state) == after


def test_undoing_to_what_was_saved_counts_as_saved(session: Session, view_state: ViewState) -> None:
    history = History(session, view_state)
    history.do(RemoveFit("fit-2"))
    assert session.dirty
    history.undo()
    assert not session.dirty
    history.redo()
    session.mark_saved(None)
    history.undo()
    assert session.dirty
    history.redo()
    assert not session.dirty


def test_what_is_no_step_stays_unsaved_when_steps_are_undone(session: Session, view_state: ViewState) -> None:
    history = History(session, view_state)
    history.do(RemoveFit("fit-2"))
    session.mark_changed()
    history.undo()
    assert session.dirty


def test_closing_everything_forgets_the_steps(session: Session, view_state: ViewState) -> None:
    history = History(session, view_state)
    history.do(RemoveFit("fit-2"))
    session.clear()
    assert not history.stack.canUndo()


def test_a_change_that_cannot_be_made_is_not_kept(session: Session, view_state: ViewState, make_fit: Callable[..., OpenFit]) -> None:
    history = History(session, view_state)
    with pytest.raises(KeyError, match="map-9"):
        history.do(AddFit(make_fit("fit-3", map="map-9")))
    assert not history.stack.canUndo()


def test_a_map_opened_by_a_change_gets_the_next_colour_and_keeps_it(session: Session, view_state: ViewState, open_map: OpenMap) -> None:
    history = History(session, view_state)
    history.do(AddMap(replace(open_map, id="map-2")))
    style = view_state.maps["map-2"]
    assert style.colour != view_state.maps["map-1"].colour
    history.undo()
    assert "map-2" not in view_state.maps
    history.redo()
    assert view_state.maps["map-2"] == style


def test_another_placement_or_model_ends_what_the_hand_shows(session: Session) -> None:
    session.select_placement(2)
    assert session.hand is None
    session.set_hand(hand(1.0))
    session.select_placement(1)
    assert session.hand is None
    session.set_hand(hand(1.0))
    session.remove_model("model-1")
    assert session.hand is None
