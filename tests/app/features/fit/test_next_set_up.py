"""The next fit can be set up while one runs."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from difffit_app.application import Application
from difffit_app.state.items import OpenFit


def begin(application: Application) -> Any:
    window = application.window
    window.raise_panel("Fit")
    panel = window.panels["Fit"]
    panel.show_running(True)
    return panel


def end(application: Application, panel: Any, fit: OpenFit) -> None:
    panel.show_running(False)
    application.session.add_fit(fit)


def test_what_is_typed_while_a_fit_runs_stays_when_it_ends(opened: Application, true_fit: OpenFit, qtbot: Any) -> None:
    panel = begin(opened)
    line = panel.resolution.lineEdit()
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    panel.resolution.setFocus()
    qtbot.waitUntil(panel.resolution.hasFocus)
    line.selectAll()
    QTest.keyClicks(line, "7,")
    end(opened, panel, true_fit)
    QTest.keyClicks(line, "25")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert panel.resolution.value() == 7.25
    assert opened.session.resolution("map-1").value == 7.25
    opened.session.add_fit(OpenFit.of(true_fit.record.changed(id="fit-2"), true_fit.arrays))
    assert panel.resolution.value() == true_fit.record.resolution, "one that nothing was set up meanwhile is shown"
    panel.resolution.setValue(8.5)
    opened.session.select_fit("fit-1")
    assert panel.resolution.value() == true_fit.record.resolution, "and so is one that is looked at"


@pytest.mark.parametrize("what", ["chains", "preset", "seed", "settings"])
def test_whatever_was_set_up_stays(opened: Application, true_fit: OpenFit, what: str) -> None:
    panel = begin(opened)
    if what == "chains":
        panel.chains.choose(("A",))
    elif what == "preset":
        panel.preset.setCurrentIndex(panel.preset.findData("exhaustive"))
    elif what == "seed":
        panel.seed.setValue(41)
    else:
        panel.form.editors["starts"].set_value(123)
    before = panel.recipe()
    end(opened, panel, true_fit)
    assert panel.recipe() == before


def test_a_fit_is_shown_as_it_was_set_up(opened: Application, true_fit: OpenFit) -> None:
    panel = begin(opened)
    end(opened, panel, true_fit)
    shown, recipe = panel.recipe(), true_fit.record.recipe
    for name in ("map", "model", "chains", "resolution", "settings"):
        assert getattr(shown, name) == getattr(recipe, name), name
