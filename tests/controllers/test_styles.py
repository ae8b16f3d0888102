"""Levels stay within the map; ids that are gone are ignored."""

from pathlib import Path
from typing import Any

import pytest

from difffit_app.controllers.files import FilesController
from difffit_app.controllers.styles import StylesController


@pytest.fixture
def styles(desk: Any, example: tuple[Path, Path]) -> StylesController:
    FilesController(desk.session, desk.view_state, desk.jobs, desk.messages, desk.prompts, desk.history).open_paths(example[:1])
    desk.session.mark_saved(Path("p.difffit"))
    return StylesController(desk.session, desk.view_state)


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
