"""Views are painted one after another, and roughly where that is slow and something else is urgent."""

from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from difffit_app.application import Application
from difffit_app.scene import scene_widget
from difffit_app.scene.camera.turns import Turns


class Canvas(QWidget):
    """Writes down that it was asked to paint itself."""

    def __init__(self, asked: list[str], name: str, visible: bool = True) -> None:
        super().__init__()
        self._asked, self._name, self._visible = asked, name, visible

    def update(self) -> None:  # type: ignore[override]
        self._asked.append(self._name)

    def isVisible(self) -> bool:
        return self._visible


def test_a_view_waits_until_the_one_before_is_painted(qtbot: Any) -> None:
    asked: list[str] = []
    turns = Turns()
    first, second, third = (Canvas(asked, name) for name in ("first", "second", "third"))
    for view in (first, second, first, second, third):
        turns.ask(view)
    assert asked == ["first", "first"], "a view that asks again before it is painted may have it in one"
    turns.painted(second)
    assert asked == ["first", "first"], "it is not its turn"
    turns.painted(first)
    assert asked == ["first", "first"], "the window comes first"
    qtbot.waitUntil(lambda: asked[2:] == ["second"], timeout=5000)
    turns.forget(third)
    turns.painted(second)
    qtbot.waitUntil(lambda: turns._painting is None and not turns._next.isActive(), timeout=5000)
    assert asked == ["first", "first", "second"]


def test_a_view_that_is_not_painted_holds_up_no_other(qtbot: Any) -> None:
    asked: list[str] = []
    turns = Turns()
    covered, hidden, other = Canvas(asked, "covered"), Canvas(asked, "hidden", visible=False), Canvas(asked, "other")
    for view in (covered, hidden, other):
        turns.ask(view)
    qtbot.waitUntil(lambda: asked == ["covered", "hidden", "other"], timeout=5000)


def test_the_view_that_leads_is_painted_before_the_others(qtbot: Any) -> None:
    asked: list[str] = []
    turns = Turns()
    leading, other, third = (Canvas(asked, name) for name in ("leading", "other", "third"))
    turns.ask(third)
    turns.ask(other)
    turns.lead(leading)
    turns.ask(leading)
    turns.painted(third)
    qtbot.waitUntil(lambda: asked == ["third", "leading"], timeout=5000)
    turns.painted(leading)
    qtbot.waitUntil(lambda: asked[2:] == ["other"], timeout=5000)
    turns.painted(other)
    turns.ask(other)
    turns.ask(leading)
    assert asked[3:] == ["leading"], "the other pauses, and may not come first however often it asks"
    turns.lead(None)
    turns.painted(leading)
    qtbot.waitUntil(lambda: asked[4:] == ["other"], timeout=5000)


def test_a_view_that_waits_is_not_passed_by(qtbot: Any) -> None:
    asked: list[str] = []
    turns = Turns()
    first, second = Canvas(asked, "first"), Canvas(asked, "second")
    turns.ask(first)
    turns.ask(second)
    turns.painted(first)
    turns.ask(first)  # before the second was given its turn
    qtbot.waitUntil(lambda: asked[1:] == ["second"], timeout=5000)


@pytest.mark.parametrize("slow", [True, False])
def test_edges_are_rough_during_a_fit_where_frames_take_long(opened: Application, slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene_widget, "SLOW_FRAME_S", -1.0 if slow else 1e9)
    viewer = opened.window.viewer
    viewer.hurry(True)
    assert [scene.plotter.renderer.GetUseFXAA() for scene in (viewer.fit, viewer.clusters)] == [not slow] * 2
    viewer.hurry(False)
    assert all(scene.plotter.renderer.GetUseFXAA() for scene in (viewer.fit, viewer.clusters))
