"""Rows of what is open go, and come back, while they are typed over, pressed, pointed at, dragged or asked for a menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from difffit_app.application import Application

_LEFT = Qt.MouseButton.LeftButton


def _edit(application: Application, _: QWidget, __: QPoint) -> None:
    application.window.panels["Open"].rename("map-1")


def _press(_: Application, port: QWidget, place: QPoint) -> None:
    QTest.mousePress(port, _LEFT, Qt.KeyboardModifier.NoModifier, place)


def _drag(_: Application, port: QWidget, place: QPoint) -> None:
    QTest.mousePress(port, _LEFT, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseMove(port, place + QPoint(0, 20))


def _hover(_: Application, port: QWidget, place: QPoint) -> None:
    QTest.mouseMove(port, place)


def _ask(application: Application, port: QWidget, place: QPoint) -> None:
    application.window.panels["Open"].list.customContextMenuRequested.emit(place)


def test_a_row_goes_while_it_is_used(opened: Application) -> None:
    contents = opened.window.panels["Open"]
    listed: QListWidget = contents.list
    uses: list[Callable[[Application, QWidget, QPoint], None]] = [_edit, _press, _drag, _hover, _ask]
    for use in uses:
        place = listed.visualItemRect(listed.item(0)).center()
        use(opened, listed.viewport(), place)
        opened.files.remove("map-1")
        listed.viewport().repaint()
        QApplication.processEvents()
        QTest.mouseRelease(listed.viewport(), _LEFT, Qt.KeyboardModifier.NoModifier, place)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        assert "map-1" not in contents.rows, use.__name__
        assert listed.count() == len(contents.rows) == 1
        opened.history.undo()
        listed.viewport().repaint()
        QApplication.processEvents()
        assert listed.count() == len(contents.rows) == 2, use.__name__
