"""Levels stay within the map; ids that are gone are ignored."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from difffit_app.features.contents.controller import StylesController
from difffit_app.features.files.controller import FilesController
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.styles import MapStyle, ModelStyle


@pytest.fixture
def styles(desk: Any, example: tuple[Path, Path]) -> StylesController:
    FilesController(desk).open_paths(example[:1])
    desk.session.mark_saved(Path("p.difffit"))
    return StylesController(desk)


def test_a_level_beyond_the_map_is_brought_back(desk: Any, styles: StylesController) -> None:
    statistics = desk.session.maps["map-1"].statistics
    styles.set_level("map-1", 1e9)
    assert 0.99 * statistics.high < desk.view_state.maps["map-1"].level < statistics.high
    styles.set_level("map-1", -1e9)
    assert desk.view_state.maps["map-1"].level == statistics.low
    assert desk.session.dirty


def test_dragging_sets_nothing_until_it_ends(desk: Any, styles: StylesController) -> None:
    before, moved = desk.view_state.maps["map-1"].level, []
    desk.view_state.moving_level_changed.connect(lambda identifier, level: moved.append(level))
    styles.move_level("map-1", 0.7)
    assert moved == [0.7]
    assert desk.view_state.maps["map-1"].level == before
    assert not desk.session.dirty


def test_a_drag_that_ends_where_it_began_is_still_drawn_in_full(desk: Any, styles: StylesController) -> None:
    drawn = []
    desk.view_state.map_style_changed.connect(lambda identifier, style: drawn.append(style.level))
    level = desk.view_state.maps["map-1"].level
    styles.set_level("map-1", level)
    assert drawn == [level]


def test_steps_are_hundredths_of_the_range_and_the_suggestion_comes_back(desk: Any, styles: StylesController) -> None:
    item = desk.session.maps["map-1"]
    styles.step_level(3)
    assert desk.view_state.maps["map-1"].level == pytest.approx(item.suggestion.level + 0.03 * (item.statistics.high - item.statistics.low))
    styles.suggest_level("map-1")
    assert desk.view_state.maps["map-1"].level == item.suggestion.level


def test_what_is_closed_is_left_alone(desk: Any, styles: StylesController) -> None:
    for call in (styles.set_level, styles.move_level):
        call("map-9", 0.1)
    styles.change_map("map-9", visible=False)
    styles.change_model("model-9", visible=False)
    styles.suggest_level("map-9")
    assert not desk.session.dirty


def test_a_slider_that_is_dragged_is_one_step(desk: Any, styles: StylesController, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.view_state.maps["map-1"]
    for opacity in (0.5, 0.6, 0.7):
        styles.change_map("map-1", opacity=opacity)
    assert desk.history.stack.undoText() == f"Change Opacity of {desk.session.maps['map-1'].name}"
    styles.set_level("map-1", 0.5)
    monkeypatch.setattr("difffit_app.undo._PAUSE_S", -1.0)
    styles.set_level("map-1", 0.6)
    assert desk.history.stack.count() == 4, "to open the map, its opacity, and two levels with a pause between them"
    desk.history.undo()
    assert desk.view_state.maps["map-1"].level == 0.5
    desk.history.undo()
    assert desk.view_state.maps["map-1"] == before.model_copy(update={"opacity": 0.7})
    desk.history.undo()
    assert desk.view_state.maps["map-1"] == before
    assert not desk.session.dirty, "as it was saved"
    desk.history.redo()
    assert desk.view_state.maps["map-1"].opacity == 0.7


def test_after_undoing_or_saving_a_step_begins_anew(desk: Any, styles: StylesController) -> None:
    styles.change_map("map-1", opacity=0.5)
    desk.session.mark_saved(Path("p.difffit"))
    styles.change_map("map-1", opacity=0.6)
    desk.history.undo()
    assert desk.view_state.maps["map-1"].opacity == 0.5
    assert not desk.session.dirty
    styles.change_map("map-1", opacity=0.7)
    assert desk.history.stack.count() == 3
    desk.history.undo()
    assert desk.view_state.maps["map-1"].opacity == 0.5


def test_what_changes_nothing_is_no_step(desk: Any, styles: StylesController) -> None:
    styles.change_map("map-1", visible=True, mode="surface")
    assert desk.history.stack.count() == 1
    assert not desk.session.dirty


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"visible": False}, "Hide model"),
        ({"representation": "sticks"}, "Show model as Sticks"),
        ({"colour_by": "b_factor"}, "Colour model by B Factor"),
        ({"colour_by": "plain"}, "Colour model Plainly"),
        ({"colour": "#010203", "colour_by": "plain"}, "Change Colour of model"),
        ({"mode": "mesh"}, "Show model as Mesh"),
        ({"box": True}, "Show Box of model"),
        ({"slices": (1, 2, 3)}, "Move Slice of model"),
        ({"smallest_island": 10.0}, "Hide Islands of model"),
    ],
)
def test_steps_say_what_they_do(changes: dict[str, Any], text: str) -> None:
    session = Mock(maps={}, models={"model-1": Mock()})
    session.models["model-1"].name = "model"
    assert ChangeStyle.of(session, "model-1", changes).text == text


def test_every_field_of_a_style_can_be_told(desk: Any, styles: StylesController) -> None:
    for style in (MapStyle, ModelStyle):
        for name in style.model_fields:
            assert ChangeStyle.of(desk.session, "map-1", {name: "x"}).text
