"""What can be read on the screen."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)  # fmt: skip
from superqt import QElidingLabel


def windows() -> list[QWidget]:
    """What is open, the front last; menus and lists that have popped up, too."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def seen(widget: QWidget) -> bool:
    """Whether some of it can be seen, in its own window."""
    inner = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget  # which may cover all of the widget
    return widget.isVisible() and not inner.visibleRegion().isEmpty()


def plain(text: str) -> str:
    """Words as they are read: without marks of keys, an ellipsis and tags."""
    text = re.sub(r"<[^>]+>", "", text) if text.startswith("<") else text
    return " ".join(text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…").split())


def lines(widget: QWidget) -> Iterator[str]:
    """What can be read in a widget and all that is in it."""
    for one in (widget, *widget.findChildren(QWidget)):
        if seen(one):
            yield from (text for text in map(plain, _own(one)) if text)


def everything() -> list[str]:
    """All that can be read on the screen."""
    return list(dict.fromkeys(text for window in windows() for text in lines(window)))


def rows_of(view: QAbstractItemView) -> list[str]:
    """The rows of a table, a list or a tree that are not scrolled away, each with its cells side by side."""
    model = view.model()
    rows: list[str] = []
    index = view.indexAt(view.viewport().rect().topLeft())
    index = index.siblingAtColumn(0) if index.isValid() else model.index(0, 0)
    below = getattr(view, "indexBelow", None)
    while index.isValid() and view.visualRect(index).top() <= view.viewport().height():
        rows.append("  ".join(written(cell) for cell in cells_of(index)))
        index = below(index) if below is not None else model.index(index.row() + 1, 0)
    return rows


def cells_of(index: QModelIndex) -> list[QModelIndex]:
    """All cells of the row in which one is."""
    model = index.model()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(index.parent())
    return [index.siblingAtColumn(column) for column in range(columns)]


def written(cell: QModelIndex) -> str:
    return str(cell.data(Qt.ItemDataRole.DisplayRole) or "")


def _own(widget: QWidget) -> list[str]:
    if isinstance(widget, QMainWindow):
        return [widget.windowTitle().replace("[*]", "*" if widget.isWindowModified() else "")]
    if isinstance(widget, (QLabel, QElidingLabel, QAbstractButton, QLineEdit)):
        return [widget.text()]
    if isinstance(widget, QComboBox):
        return [widget.currentText()]
    if isinstance(widget, QAbstractSpinBox):
        return [widget.text()]
    if isinstance(widget, QTabBar):
        return [widget.tabText(i) for i in range(widget.count())]
    if isinstance(widget, QMenu):
        return [one.text() for one in widget.actions() if one.isVisible()]
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return widget.toPlainText().splitlines()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        return rows_of(widget)
    if isinstance(widget, QDockWidget) or widget.isWindow():
        return [widget.windowTitle()]
    return []
