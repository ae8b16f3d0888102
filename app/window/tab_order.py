"""The order in which Tab goes through the window: as one reads, whatever the order in which things were made or come and go."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QMainWindow,
    QScrollArea,
    QScrollBar,
    QWidget,
)

_WHOLE = (QComboBox, QAbstractSpinBox, QScrollBar)
"""What is one stop, whatever it is made of."""


def stops(root: QWidget) -> list[QWidget]:
    """What can have the keyboard of a widget and all within it, in the order of reading: line by line, of columns one after the other."""
    found = [root] if _is_stop(root) else []
    if isinstance(root, _WHOLE):
        return found
    if isinstance(root, QAbstractScrollArea):
        return [*found, *(one for child in _read(_children(root.viewport())) for one in stops(child))]
    children = _children(root)
    ordered = _columns(root, children) if isinstance(root, QMainWindow) else _read(children)
    return [*found, *(one for child in ordered for one in stops(child))]


def go_on(window: QMainWindow, forward: bool) -> bool:
    """Give the keyboard to the next stop of a window, or the one before; whether there was one."""
    order, now = stops(window), QApplication.focusWidget()
    while now is not None and now not in order and now is not window:
        now = now.parentWidget()
    if now not in order or len(order) < 2:
        return False
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # from now on one sees where the keyboard is
    there = order[(order.index(now) + (1 if forward else -1)) % len(order)]
    there.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    holder = there.parentWidget()
    while holder is not None:
        if isinstance(holder, QScrollArea):
            holder.ensureWidgetVisible(there)
        holder = holder.parentWidget()
    return True


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.focusProxy() is None


def _children(widget: QWidget) -> list[QWidget]:
    """What is seen of it, or would be if it were scrolled to; not windows of their own, nor panels that lie behind others as tabs."""
    found = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = [one for one in found if one.isVisible() and not one.isWindow() and not one.size().isEmpty()]
    return [one for one in shown if not (isinstance(one, QDockWidget) and one.visibleRegion().isEmpty())]


def _read(widgets: list[QWidget]) -> list[QWidget]:
    """Line by line, those of a line from left to right: of a line is whatever has its middle beside the first of it."""
    left = sorted(widgets, key=lambda one: (one.y(), one.x()))
    lines: list[list[QWidget]] = []
    for one in left:
        middle = one.geometry().center().y()
        first = lines[-1][0].geometry() if lines else QRect()
        beside = lines and (first.top() <= middle <= first.bottom() or one.y() <= first.center().y() <= one.geometry().bottom())
        if beside:
            lines[-1].append(one)
        else:
            lines.append([one])
    return [one for line in lines for one in sorted(line, key=QWidget.x)]


def _columns(window: QMainWindow, widgets: list[QWidget]) -> list[QWidget]:
    """Of the window: what is left of the views, the views, and what is below them and to their right."""
    centre = window.centralWidget() or window
    middle = QRect(centre.mapTo(window, QPoint(0, 0)), centre.size())

    def place(widget: QWidget) -> tuple[int, int, int]:
        box = widget.geometry()
        column = 0 if box.right() <= middle.left() else 3 if box.left() >= middle.right() else 2 if box.top() >= middle.bottom() else 1
        return column, box.y(), box.x()

    return sorted(widgets, key=place)
