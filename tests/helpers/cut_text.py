"""Words on the screen for which there is no room, and of which no ellipsis says so."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)

from difffit_app.widgets.eliding_check_box import ElidingCheckBox

_SLACK = 1


def cut_off(root: QWidget) -> list[str]:
    """What is cut off in a window, each with where it stands; what one can scroll to is looked at, too."""
    return sorted({f"{text!r} in {_place_of(one)}" for one in root.findChildren(QWidget) if _seen(one) for text in _cut(one)})


def _seen(widget: QWidget) -> bool:
    inner = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    if not widget.isVisible() or not inner.visibleRegion().isEmpty():
        return widget.isVisible()
    outer = widget.parentWidget()
    while outer is not None and not isinstance(outer, QScrollArea):
        outer = outer.parentWidget()
    return outer is not None and not outer.viewport().visibleRegion().isEmpty()


def _place_of(widget: QWidget | None) -> str:
    names = []
    while widget is not None:
        names.append(widget.accessibleName() or widget.windowTitle())
        widget = widget.parentWidget()
    return " < ".join(name for name in names if name)


def _cut(one: QWidget) -> Iterator[str]:
    letters = one.fontMetrics()
    if isinstance(one, QLabel):
        if one.wordWrap() and one.text():
            longest = max(map(letters.horizontalAdvance, one.text().split()))
            if one.heightForWidth(one.width()) > one.height() + _SLACK or longest > one.contentsRect().width() + _SLACK:
                yield one.text()
        elif one.text() and one.sizeHint().width() > one.width() + _SLACK:
            yield one.text()
    elif isinstance(one, QAbstractButton):
        narrow = one.sizeHint().width() > one.width() + _SLACK and not isinstance(one, ElidingCheckBox)
        if one.text() and (narrow or letters.height() > one.height() + _SLACK):
            yield one.text()
    elif isinstance(one, QAbstractSpinBox):
        field = one.findChild(QLineEdit)
        if letters.horizontalAdvance(one.text()) > field.width():
            yield one.text()
    elif isinstance(one, QHeaderView):
        if one.textElideMode() == Qt.TextElideMode.ElideNone:
            yield "titles"
    elif isinstance(one, QAbstractItemView):
        if one.textElideMode() == Qt.TextElideMode.ElideNone:
            yield "rows"
    elif isinstance(one, QScrollArea):
        if one.widget() is not None and one.widget().width() > one.viewport().width():
            yield "what scrolls sideways"
    elif isinstance(one, QTabBar) and one.elideMode() == Qt.TextElideMode.ElideNone:
        wide = [one.tabText(i) for i in range(one.count()) if letters.horizontalAdvance(one.tabText(i)) > one.tabRect(i).width()]
        yield from wide
    if isinstance(one, (QLabel, QCheckBox, QComboBox, QAbstractSpinBox)) and not _lies_inside(one):
        yield f"{type(one).__name__} beyond its edge"


def _lies_inside(one: QWidget) -> bool:
    holder = one.parentWidget()
    return holder is None or holder.objectName().startswith("qt_") or isinstance(holder, QTabBar) or holder.rect().contains(one.geometry())
