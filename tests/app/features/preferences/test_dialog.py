"""The preferences as their user meets them, and what they do."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialogButtonBox

from difffit_app.application import Application
from difffit_app.features.preferences.dialog import PreferencesDialog
from difffit_app.theme import DARK, LIGHT


@pytest.fixture
def dialog(opened: Application, qtbot: Any) -> Iterator[PreferencesDialog]:
    opened.window.actions_by_id["preferences"].trigger()
    dialog = opened.window.findChild(PreferencesDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and "Looking" not in dialog.device_text.text() + dialog.kept_text.text(), timeout=30_000)
    yield dialog
    dialog.reject()


def choose(box: Any, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def test_what_is_chosen_goes_into_the_next_fit_and_its_command_line(
    opened: Application, dialog: PreferencesDialog, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog.device, "cpu")
    choose(dialog.preset, "paper")
    dialog.threads.setValue(1)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    panel = opened.window.panels["Fit"]
    assert panel.preset.currentData() == "paper"
    panel.chains.choose(("E",))
    panel.form.editors["starts"].set_value(20)
    panel.form.editors["steps"].set_value(2)
    opened.window.actions_by_id["fit"].trigger()
    qtbot.waitUntil(lambda: opened.session.fit is not None, timeout=60_000)
    assert opened.session.fit is not None
    record = opened.session.fit.record
    assert (record.recipe.device, record.recipe.threads) == ("cpu", 1)
    assert "--device cpu --threads 1" in record.command


def test_cancelled_it_changes_nothing(opened: Application, dialog: PreferencesDialog, qtbot: Any) -> None:
    before = opened.preferences.current
    choose(dialog.theme, "dark")
    dialog.threads.setValue(7)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert opened.preferences.current == before
    opened.window.actions_by_id["preferences"].trigger()
    assert dialog.threads.text() == "All"


def test_a_device_that_is_not_there_cannot_be_chosen(dialog: PreferencesDialog) -> None:
    model = dialog.device.model()
    enabled = {dialog.device.itemData(i): bool(model.item(i).isEnabled()) for i in range(dialog.device.count())}
    assert enabled["auto"]
    assert enabled["cpu"]
    assert not (enabled["cuda"] and enabled["mps"]), "no machine has both"
    choose(dialog.device, "mps")
    assert ("Not on this machine" in dialog.device_text.text()) != enabled["mps"]


@pytest.mark.slow
def test_the_theme_changes_at_once_and_defaults_come_back(opened: Application, dialog: PreferencesDialog, qtbot: Any) -> None:
    choose(dialog.theme, "dark")
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert opened.window.theme is DARK
    assert opened.window.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    opened.window.actions_by_id["preferences"].trigger()
    dialog.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert opened.window.theme is LIGHT
    assert "preferences" not in opened.settings.childGroups()
