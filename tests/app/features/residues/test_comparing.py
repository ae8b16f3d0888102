"""Two rows of the table compared, by mouse: what is echoed, what is wanted, and what ends it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.geometry.colours import rgb
from difffit_app.scene.drawings.compared_drawing import COLOUR
from difffit_app.state.items import OpenFit
from difffit_core.colours import chain_colour
from difffit_core.errors import UserError

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
Click = Callable[..., None]


@pytest.fixture
def click(opened: Application, true_fit: OpenFit, qtbot: Any) -> Click:
    """Clicks a row by its rank, with keys held."""
    opened.session.add_fit(true_fit)
    opened.window.raise_panel("Placements")
    table = opened.window.panels["Placements"]

    def press(rank: int, keys: Qt.KeyboardModifier = NONE) -> None:
        opened.window.raise_panel("Placements")
        place = table.view.visualRect(table.model.index(table.model.row_of(rank), 2)).center()
        qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, keys, place)

    return press


def test_compare_is_on_as_soon_as_it_is_wanted_and_off_stops_what_runs(opened: Application, click: Click, qtbot: Any) -> None:
    commands, compare = opened.commands, opened.window.actions_by_id["compare"]
    state = opened.window.panels["Residues"]._judging
    click(1)
    before = len(commands.done)
    compare.trigger()
    assert commands.done[before:] == [], "nothing was done"
    assert "select two rows in the table of placements, with Ctrl; one is selected" in opened.window.notices.texts()[-1]
    assert not compare.isChecked()
    with pytest.raises(UserError, match="compare was called off"):
        commands.run("compare on")
    assert commands.done[before:] == []

    click(2, CTRL)
    assert commands.done[before:] == ["placement 2 fit 1", "rows 1 2"]
    compare.trigger()
    assert commands.done[-1] == "compare on"
    assert compare.isChecked()
    assert state.busy
    compare.trigger()
    assert commands.done[-1] == "compare off"
    assert not compare.isChecked()
    qtbot.waitUntil(lambda: not state.busy and not opened.jobs.reading)
    assert state.judgement is None or state.judgement.comparison is None, "the job that ran came after all"
    compare.trigger()
    qtbot.waitUntil(lambda: state.judgement is not None and state.judgement.comparison is not None)
    assert compare.isChecked()
    lines = commands.done[before:]
    fit = opened.window.viewer.fit
    assert fit.compared.actor is not None
    assert not fit.contours.actors, "it is drawn once"
    (words, _), apart = fit.explaining.keys.keys[0].swatches, state.judgement.comparison.difference
    assert words == (COLOUR, f"placement 1, {apart.distance:.1f} Å away, turned by {apart.angle:.0f}°, RMSD {apart.rmsd:.1f} Å")
    palette = [rgb(chain_colour(i)).astype(int) for i in range(60)]
    assert min(np.abs(rgb(COLOUR) - one).sum() for one in palette) > 150, "it stands off every chain"

    click(1)
    assert commands.done[-2:] == ["placement 1 fit 1", "rows 1"]
    qtbot.waitUntil(lambda: not state.busy and (state.judgement is None or state.judgement.comparison is None))
    assert not compare.isChecked(), "one row alone is compared with nothing"
    assert fit.compared.actor is None
    assert "Compared" not in [key.title for key in fit.explaining.keys.keys]
    for line in lines:
        commands.run(line)
    qtbot.waitUntil(lambda: state.judgement is not None and state.judgement.comparison is not None)
    assert (state.judgement.placement.rank, state.judgement.comparison.other.rank) == (2, 1)
    with pytest.raises(UserError, match="the table shows 2 placements, none of that rank, got 7"):
        commands.run("rows 1 7")


def test_keys_that_select_several_rows_are_echoed(opened: Application, click: Click, qtbot: Any) -> None:
    table = opened.window.panels["Placements"]
    click(1)
    before = len(opened.commands.done)
    qtbot.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert opened.commands.done[before:] == ["placement 2 fit 1", "rows 1 2"]
    click(1)
    opened.commands.run("placement 2 fit 1")
    opened.commands.run("rows 1 2")
    assert (table.chosen_ranks(), opened.session.placement.rank) == ([1, 2], 2)


def test_a_row_that_a_filter_takes_is_no_choice_of_anyone(opened: Application, click: Click) -> None:
    click(1)
    click(2, CTRL)
    before = len(opened.commands.done)
    opened.window.actions_by_id["significant"].trigger()
    assert opened.commands.done[before:] == ["significant on"]


def test_what_is_compared_goes_with_the_rows_of_the_table(opened: Application, click: Click, qtbot: Any) -> None:
    state, compared = opened.window.panels["Residues"]._judging, opened.window.viewer.fit.compared
    for end in ("significant", "remove_fit"):
        click(1)
        click(2, CTRL)
        opened.window.actions_by_id["compare"].trigger()
        qtbot.waitUntil(lambda: compared.actor is not None)
        opened.window.actions_by_id[end].trigger()
        assert compared.actor is None
        assert state.other is None
        opened.window.actions_by_id["show_all"].trigger()
        qtbot.waitUntil(lambda: not state.busy)
        assert compared.actor is None
