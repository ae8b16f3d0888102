"""What the status bar says of a button goes with the button."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from difffit_app.application import Application


def point_at(application: Application, widget: QWidget, qtbot: Any, tip: str) -> None:
    """The mouse first elsewhere, then on it."""
    QTest.mouseMove(application.window.viewer, QPoint(150, 150))
    QTest.mouseMove(widget, widget.rect().center())
    qtbot.waitUntil(lambda: application.window.statusBar().currentMessage() == tip)


@pytest.mark.parametrize("how", ["hidden", "hidden with its bar", "gone", "left"])
def test_a_tip_goes_with_its_button(opened: Application, how: str, qtbot: Any) -> None:
    bar = opened.window.statusBar()
    button = opened.window.tool("fit")
    if how == "gone":
        button = QToolButton(opened.window.viewer)
        button.setStatusTip("It will not last.")
        button.setGeometry(20, 60, 40, 40)
        button.show()
    for _ in range(2):  # also when it comes back
        button.setVisible(True)
        point_at(opened, button, qtbot, button.statusTip())
        if how == "left":
            QTest.mouseMove(opened.window.viewer, QPoint(150, 150))
        elif how == "hidden with its bar":
            button.parentWidget().hide()
        elif how == "hidden":
            button.hide()
        else:
            button.deleteLater()
        qtbot.waitUntil(lambda: bar.currentMessage() == "")
        if how == "gone":
            break
        button.parentWidget().show()
    opened.window.statusBar().showMessage("Said by another.")
    assert bar.currentMessage() == "Said by another."
