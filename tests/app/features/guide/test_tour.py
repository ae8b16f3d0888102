"""The tour on the shipped example, by mouse and by keys, and through whatever happens meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from difffit_app.application import Application
from difffit_app.features.guide.callout import Callout
from difffit_app.features.guide.tour import STEPS


@pytest.fixture
def callout(application: Application, qtbot: Any) -> Iterator[Callout]:
    application.window.actions_by_id["tour"].trigger()
    callout = application.window.findChild(Callout)
    assert callout.isVisible()
    yield callout
    callout.close_asked.emit()


def click(button: QPushButton, qtbot: Any) -> None:
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def place_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@pytest.mark.slow
def test_it_goes_through_a_real_fit_by_its_own_buttons(application: Application, callout: Callout, qtbot: Any) -> None:
    assert callout.step.text() == "1 of 5"
    click(callout.action, qtbot)
    qtbot.waitUntil(lambda: callout.step.text() == "2 of 5", timeout=60_000)
    assert len(application.session.maps) == len(application.session.models) == 1
    click(callout.next, qtbot)
    panel = application.window.panels["Fit"]
    panel.chains.choose(("D", "E"))
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    for name, value in (("starts", 300), ("candidates", 20)):
        panel.form.editors[name].set_value(value)
    click(callout.action, qtbot)
    assert not callout.action.isEnabled(), "it runs"
    qtbot.waitUntil(lambda: callout.step.text() == "4 of 5", timeout=120_000)
    assert application.session.placement is not None
    click(callout.next, qtbot)
    assert callout.next.text() == "&Done"
    click(callout.next, qtbot)
    assert not callout.isVisible()


def test_it_can_be_walked_with_keys_alone(application: Application, callout: Callout, qtbot: Any) -> None:
    application.window.activateWindow()
    qtbot.waitUntil(callout.action.hasFocus)
    qtbot.keyClick(callout.action, Qt.Key.Key_Tab)
    assert callout.next.hasFocus()
    qtbot.keyClick(callout.next, Qt.Key.Key_Space)
    assert callout.step.text() == "2 of 5"
    assert callout.next.hasFocus()
    qtbot.keyClick(callout.next, Qt.Key.Key_Tab)
    assert callout.back.hasFocus()
    qtbot.keyClick(callout.back, Qt.Key.Key_Space)
    assert callout.step.text() == "1 of 5"
    qtbot.keyClick(callout.action, Qt.Key.Key_Escape)
    assert not callout.isVisible()


def test_a_card_lies_inside_the_window_and_not_on_what_it_points_at(application: Application, callout: Callout, qtbot: Any) -> None:
    window = application.window
    for number, step in enumerate(STEPS):
        assert callout.step.text() == f"{number + 1} of {len(STEPS)}"
        for size in ((1280, 800), (1000, 700)):
            window.resize(*size)
            qtbot.waitUntil(lambda size=size: window.size().toTuple() == size)
            assert window.rect().contains(callout.geometry())
            assert all(frame.isVisible() for frame in callout.frames), step.title
            assert not callout.geometry().adjusted(8, 8, -8, -8).intersects(place_of(step.targets(window)[0], window))
        callout.next_asked.emit()


def test_it_survives_closed_panels_and_closed_files(application: Application, callout: Callout, example: list[Any], qtbot: Any) -> None:
    window = application.window
    application.files.open_paths(example)
    qtbot.waitUntil(lambda: callout.step.text() == "2 of 5", timeout=60_000)
    window.panel("Map").close()
    assert callout.isVisible()
    assert window.rect().contains(callout.geometry())
    window.actions_by_id["close_all"].trigger()
    click(callout.next, qtbot)
    assert not callout.action.isEnabled(), "there is nothing to fit"
    click(callout.back, qtbot)
    assert window.panel("Map").isVisible(), "a step shows its panel again"
    assert application.close()


def test_it_is_offered_once(application: Application, qtbot: Any) -> None:
    callout = application.window.findChild(Callout)
    application.offer_tour()
    assert callout.isVisible()
    assert callout.title.text() == "New here?"
    click(callout.next, qtbot)
    assert callout.step.text() == "1 of 5"
    click(callout.close_button, qtbot)
    application.offer_tour()
    assert not callout.isVisible()
