"""Two maps, two models and several fits open, and rows of one fit selected with the mouse, Ctrl, Shift and the keys."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.features.placements.panel import PlacementsTable
from difffit_app.state.items import OpenFit

NONE, CTRL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Click = Callable[..., tuple[list[int], int]]


@pytest.fixture
def table(crowded: Application, make_fit: Callable[..., OpenFit], fit_of_many: Callable[[OpenFit, int], OpenFit]) -> PlacementsTable:
    """Of a fit with fourteen placements, in front of all else that is open."""
    crowded.session.add_fit(fit_of_many(make_fit(), 14))
    crowded.window.raise_panel("Placements")
    panel = crowded.window.panels["Placements"]
    assert isinstance(panel, PlacementsTable)
    return panel


@pytest.fixture
def click(crowded: Application, table: PlacementsTable, qtbot: Any) -> Click:
    """Clicks a row by its rank; what is selected then, and what the views show."""

    def press(rank: int, keys: Qt.KeyboardModifier = NONE) -> tuple[list[int], int]:
        row = table.model.row_of(rank)
        place = table.view.visualRect(table.model.index(row, 2)).center()
        qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, keys, place)
        assert crowded.session.placement is not None
        return table.chosen_ranks(), crowded.session.placement.rank

    return press


@pytest.mark.slow
def test_rows_are_added_taken_away_and_ranged_and_taken_by_all_that_acts_on_them(
    crowded: Application, table: PlacementsTable, click: Click, qtbot: Any
) -> None:
    session, window = crowded.session, crowded.window
    assert click(1) == ([1], 1)
    assert click(3, CTRL) == ([1, 3], 3)
    assert click(4, CTRL) == ([1, 3, 4], 4)
    assert click(3, CTRL) == ([1, 4], 3), "a row that was selected is not any more, and is where one stands"
    assert click(2) == ([2], 2)
    assert click(5, SHIFT) == ([2, 3, 4, 5], 5)
    assert click(3, SHIFT) == ([2, 3], 3)
    session.select_placement(6)  # as a click on a sphere
    assert table.chosen_ranks() == [6]
    assert click(4, SHIFT) == ([4, 5, 6], 4)
    session.select_placement(5)
    assert table.chosen_ranks() == [4, 5, 6], "one of those that are selected together leaves them so"

    assert click(2) == ([2], 2)
    assert click(7, CTRL) == ([2, 7], 7)
    window.actions_by_id["gallery"].trigger()
    gallery = window.viewer.gallery
    assert gallery is not None
    assert [one.rank for one in gallery.drawing.placements] == [2, 7]
    table.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert sorted(table.chosen_ranks()) == [2, 7], "sorting leaves the selection"
    assert click(2, CTRL) == ([7], 2)
    assert [one.rank for one in gallery.drawing.placements] == [1, 2, 3, 4], "one row is no selection: the page that holds it"
    window.actions_by_id["gallery"].trigger()

    click(1)
    click(4, SHIFT)
    window.actions_by_id["compare"].trigger()
    assert "select two rows in the table of placements, with Ctrl; 4 are selected" in window.notices.texts()[-1]
    window.raise_panel("Placements")
    click(2)
    click(3, CTRL)
    window.actions_by_id["accept"].trigger()
    qtbot.waitUntil(lambda: crowded.history.stack.undoText() == "Accept 2 placements of 1bd2_moved.pdb.gz D, E", timeout=20_000)
