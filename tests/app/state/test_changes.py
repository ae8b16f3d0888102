"""Every change gives an inverse that brings back what was there, and its inverse does it again."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_app.state.changes.of_session import (
    AddComposite,
    AddFit,
    AddMap,
    Change,
    MoveByHand,
    RemoveComposite,
    RemoveFit,
    RemoveMap,
    RemoveModel,
    Rename,
    ReplaceComposite,
    ReplaceFit,
)
from difffit_app.state.dependants import Absent
from difffit_app.state.items import HandPose, OpenFit, OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_core.pose import Pose
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import InputFile


@pytest.fixture
def view_state() -> ViewState:
    return ViewState()


@pytest.fixture
def session(
    open_map: OpenMap,
    open_model: OpenModel,
    make_fit: Callable[..., OpenFit],
    composite_of: Callable[..., CompositeRecord],
    view_state: ViewState,
) -> Session:
    session = Session()
    session.forgetting.append(view_state.forget)
    view_state.add_map(open_map.id, 0.25)
    session.add_map(open_map)
    view_state.add_model(open_model.id)
    session.add_model(open_model)
    session.add_fit(make_fit())
    session.add_fit(make_fit("fit-2"))
    view_state.set_map_style("map-1", colour="#123456")
    view_state.set_model_style("model-1", colour_by="element")
    session.add_composite(composite_of(make_fit().record))
    session.add_fit(make_fit("fit-5", round="composite-1-round-1"))
    missing = InputFile(id="model-7", kind="model", name="gone", path="/gone.pdb", size=1, sha256="0" * 64)
    lost = (make_fit("fit-7", model="model-7"), make_fit("fit-8", model="model-7", round="composite-1-round-1"))
    session.absent = Absent((missing,), (), lost)
    session.select_fit("fit-1")
    session.select_placement(2)
    session.set_hand(hand(5.0))
    session.mark_saved(None)
    return session


def with_ids(composite: CompositeRecord, identifier: str) -> CompositeRecord:
    return CompositeRecord.model_validate(json.loads(composite.model_dump_json().replace(composite.id, identifier)))


def hand(shift: float) -> HandPose:
    return HandPose("model-1", ("D", "E"), np.zeros(3), Pose(np.eye(3), np.full(3, shift)))


def state_of(session: Session, view_state: ViewState) -> dict[str, Any]:
    """All that a change may touch."""
    return {
        "maps": {key: item.name for key, item in session.maps.items()},
        "models": {key: item.name for key, item in session.models.items()},
        "fits": {key: id(fit) for key, fit in session.fits.items()},
        "composites": dict(session.composites),
        "absent": [one.id for part in (session.absent.inputs, session.absent.composites, session.absent.fits) for one in part],
        "chosen": [getattr(item, "id", None) for item in (session.map, session.fit)],
        "rank": session.placement.rank if session.placement else None,
        "hand": None if session.hand is None else session.hand.pose.translation.tolist(),
        "styles": (dict(view_state.maps), dict(view_state.models)),
    }


CHANGES: dict[str, Callable[[Session, Callable[..., OpenFit]], Change]] = {
    "rename the map": lambda session, _: Rename.of(session.maps["map-1"], "other"),
    "rename the model": lambda session, _: Rename.of(session.models["model-1"], "other"),
    "remove the map": lambda session, _: RemoveMap.of(session, "map-1"),
    "remove the model": lambda session, _: RemoveModel.of(session, "model-1"),
    "remove the shown fit": lambda *_: RemoveFit("fit-1"),
    "remove another fit": lambda *_: RemoveFit("fit-2"),
    "add a fit": lambda _, make_fit: AddFit(make_fit("fit-3")),
    "replace the shown fit": lambda _, make_fit: ReplaceFit(make_fit("fit-1")),
    "replace another fit": lambda _, make_fit: ReplaceFit(make_fit("fit-2")),
    "remove the composite": lambda *_: RemoveComposite("composite-1"),
    "add a composite": lambda session, _: AddComposite(with_ids(session.composites["composite-1"], "composite-2")),
    "delete a round": lambda session, _: ReplaceComposite(session.composites["composite-1"].model_copy(update={"rounds": ()})),
    "rename the composite": lambda session, _: ReplaceComposite(session.composites["composite-1"].model_copy(update={"name": "other"})),
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


def test_what_goes_with_a_round_never_stays_to_search_another_map(session: Session, view_state: ViewState) -> None:
    history = History(session, view_state)
    for change in (RemoveModel.of(session, "model-1"), RemoveMap.of(session, "map-1"), RemoveComposite("composite-1")):
        history.do(change)
        assert session.composites == {}
        assert "fit-5" not in session.fits
        assert "fit-8" not in [fit.id for fit in session.absent.fits]
        history.undo()
        assert list(session.composites) == ["composite-1"]
        assert "fit-5" in session.fits


def test_a_removal_says_what_goes(session: Session) -> None:
    assert RemoveMap.of(session, "map-1").text == "Remove blob with The composite and 5 fits"
    session.remove_composite("composite-1")
    session.absent = Absent()
    assert RemoveMap.of(session, "map-1").text == "Remove blob"


def test_a_composite_or_fit_is_not_added_without_what_it_needs(
    session: Session, composite_of: Callable[..., CompositeRecord], make_fit: Callable[..., OpenFit]
) -> None:
    with pytest.raises(KeyError, match="model-9"):
        session.add_composite(composite_of(make_fit("fit-1", model="model-9").record, "composite-9"))
    with pytest.raises(KeyError, match="round-9"):
        session.add_fit(make_fit("fit-9", round="round-9"))
