"""No class of ours hides a name of its Qt base: Qt calls what it finds there, and a combo box in place of `metric()` ends the process."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from typing import Any

import pyqtgraph
import pytest
import shiboken6
from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

import difffit_app
from difffit_app.application import Application

FOREIGN = ("PySide6", "superqt", "pyvistaqt", "pyqtgraph")
MEANT_FOR_OVERRIDING = {
    "eventFilter", "sizeHint", "minimumSizeHint", "paint", "paintGL", "boundingRect", "textFromValue", "tickValues", "tickStrings",
    "rowCount", "columnCount", "data", "headerData", "sort", "undo", "redo", "staticMetaObject", "validate", "fixup", "scrollContentsBy",
    "event", "focusNextPrevChild", "loadResource",
}  # fmt: skip
"""Virtual functions by which Qt asks; those of events end in Event."""
WRAPPED = {("ProgressLine", "setValue"), ("StatusLine", "setText")}
"""Call what they hide, with the same arguments."""


def classes() -> Iterator[type]:
    seen = set()
    for info in pkgutil.walk_packages(difffit_app.__path__, "difffit_app."):
        if not info.name.endswith("__main__"):
            for thing in vars(importlib.import_module(info.name)).values():
                if inspect.isclass(thing) and thing.__module__.startswith("difffit_app") and thing not in seen:
                    seen.add(thing)
                    if issubclass(thing, shiboken6.Object):
                        yield thing


def names_of_qt(kind: type) -> set[str]:
    return {name for base in kind.__mro__ if base.__module__.startswith(FOREIGN) for name in vars(base) if not name.startswith("__")}


def set_on_self(kind: type) -> set[str]:
    nodes = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind))))
    stored = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return {node.attr for node in stored if isinstance(node.value, ast.Name) and node.value.id == "self"}


def hidden(kind: type) -> set[str]:
    """Names of its Qt base that a class gives to something else."""
    qt = names_of_qt(kind)
    own = {name for name in vars(kind) if not name.endswith("Event")} - MEANT_FOR_OVERRIDING
    own -= {name for of, name in WRAPPED if of == kind.__name__}
    return (own | set_on_self(kind)) & qt


def test_no_class_hides_a_name_of_its_qt_base() -> None:
    found = {kind.__name__: hidden(kind) for kind in classes()}
    assert len(found) > 60, "the classes were not found"
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize("name", ["metric", "show", "font"])
def test_the_check_sees_what_it_is_to_see(name: str) -> None:
    class Hiding(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.metric = self.show = self.font = 1

        def window(self) -> QWidget:
            return self

    class Honest(pyqtgraph.PlotWidget):
        def resizeEvent(self, event: object) -> None: ...

    assert name in hidden(Hiding)
    assert "window" in hidden(Hiding)
    assert hidden(Honest) == set()


@pytest.mark.slow
def test_nothing_in_the_open_window_hides_one(crowded: Application) -> None:
    crowded.view_state.set_layout("gallery")
    for child in (crowded.window, *crowded.window.findChildren(QObject)):
        if type(child).__module__.startswith("difffit_app") and not isinstance(child, pyqtgraph.GraphicsView):  # it hides names itself
            own = {name for name, value in vars(child).items() if not isinstance(value, SignalInstance)}
            assert not own & names_of_qt(type(child)), child


@pytest.mark.slow
def test_every_widget_is_drawn_measured_and_takes_another_font(crowded: Application, picture_of: Any) -> None:
    font = QFont(crowded.window.font())
    font.setPointSize(font.pointSize() + 3)
    crowded.window.setFont(font)
    for widget in (crowded.window, *crowded.window.findChildren(QWidget)):
        assert widget.devicePixelRatioF() > 0
        assert widget.logicalDpiX() > 0
        if type(widget).__module__.startswith("difffit_app") and widget.isVisible() and not widget.size().isEmpty():
            assert picture_of(widget).size
