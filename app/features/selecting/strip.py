"""The sequences of a model, a row a chain: painted by how well residues fit, selected by the mouse and the keys."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontDatabase,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from difffit_app.geometry.colours import SELECTED
from difffit_app.geometry.sequence import Row
from difffit_app.theme import Theme
from difffit_core.chain_words import chain_in_words, list_chains

CELL, ROW = 10, 19
HEAD, EYE = 96, 18
"""Widths in pixels of what stands before the letters, and of the eye in it."""
_SHOWN_ROWS = 3
_SELECTED = QColor(*SELECTED)
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
Place = tuple[int, int]
"""A row, and a place in it."""


class SequenceStrip(QAbstractScrollArea):
    """``chosen`` carries residues by their index, whether they come to what is selected, and whether they are taken away where they are.

    ``chain_chosen`` and ``chain_toggled`` carry the name of a chain, the first also whether it comes to what is selected; ``looked_at``
    a residue; ``menu_asked`` a residue or the name of a chain, and a place on the screen.
    """

    chosen = Signal(object, bool, bool)
    chain_chosen = Signal(str, bool)
    chain_toggled = Signal(str)
    looked_at = Signal(int)
    menu_asked = Signal(object, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self._theme = theme
        self._selected: frozenset[int] = frozenset()
        self._hidden: frozenset[int] = frozenset()
        self._colours: Mapping[int, NDArray[np.uint8]] = {}
        self._told: Mapping[int, str] = {}
        self._current: Place = (0, 0)
        self._anchor: Place | None = None
        self._adding = False
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Sequences of the chosen model")
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.horizontalScrollBar().setSingleStep(CELL)
        self.verticalScrollBar().setSingleStep(ROW)
        self._fit_height()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show the chains of another model."""
        self.rows, self._current, self._anchor = rows, (0, 0), None
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)
        self._fit_height()
        self._set_ranges()
        self.viewport().update()

    def show_selected(self, residues: frozenset[int]) -> None:
        """Mark what is selected, and have it in sight if none of it is."""
        if residues != self._selected:
            self._selected = residues
            self.viewport().update()
            if residues and not any(self._is_in_sight(place) for place in self._places(residues)):
                first = next(self._places(residues), None)
                if first is not None:
                    self._current = first
                    self._go_to(first)

    def show_hidden(self, residues: frozenset[int]) -> None:
        """Grey what is not drawn."""
        self._hidden = residues
        self.viewport().update()

    def show_fit(self, colours: Mapping[int, NDArray[np.uint8]], told: Mapping[int, str]) -> None:
        """Colours (3,) of residues by how well they fit, and that in words; of those that are not there nothing is known."""
        self._colours, self._told = colours, told
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def place_at(self, point: QPointF | QPoint) -> Place | None:
        """The row, and the place in it, -1 before its letters."""
        row = int(point.y() + self.verticalScrollBar().value()) // ROW
        if not 0 <= row < len(self.rows):
            return None
        if point.x() < HEAD:
            return row, -1
        column = int(point.x() - HEAD + self.horizontalScrollBar().value()) // CELL
        return (row, column) if column < len(self.rows[row]) else None

    def rect_of(self, place: Place) -> QRect:
        """Where a place is on the viewport."""
        row, column = place
        top = row * ROW - self.verticalScrollBar().value()
        if column < 0:
            return QRect(0, top, HEAD, ROW)
        return QRect(HEAD + column * CELL - self.horizontalScrollBar().value(), top, CELL, ROW)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._theme.base))
        first = self.verticalScrollBar().value() // ROW
        for row in range(first, min(len(self.rows), first + self.viewport().height() // ROW + 2)):
            self._paint_row(painter, row)
        for row in range(first, min(len(self.rows), first + self.viewport().height() // ROW + 2)):
            self._paint_head(painter, row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            return
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row, column = place
        if column < 0:
            name = self.rows[row].chain
            if event.position().x() < EYE:
                self.chain_toggled.emit(name)
            else:
                self.chain_chosen.emit(name, adds)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor is not None:
            self._current = place
            self.chosen.emit(self._between(self._anchor, place), True, False)
        else:
            self._current = self._anchor = place
            self._adding = adds
            self.chosen.emit([self._residue(place)], adds, adds)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor is not None and place is not None and place[1] >= 0:
            if place != self._current:
                self._current = place
                self.chosen.emit(self._between(self._anchor, place), self._adding, False)
            self._go_to(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if place is not None and place[1] >= 0:
            self.looked_at.emit(self._residue(place))
        elif place is not None:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._current if by_key and self.rows else self.place_at(event.pos())
        if place is not None:
            where = self.viewport().mapToGlobal(self.rect_of(place).bottomLeft()) if by_key else event.globalPos()
            self.menu_asked.emit(self.rows[place[0]].chain if place[1] < 0 else self._residue(place), where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if not self.rows or (step is None and event.key() not in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space, Qt.Key.Key_Return)):
            super().keyPressEvent(event)
            return
        row, column = self._current
        if event.key() == Qt.Key.Key_Space:
            self.chosen.emit([self._residue(self._current)], True, True)
            return
        if event.key() == Qt.Key.Key_Return:
            self.looked_at.emit(self._residue(self._current))
            return
        if step is not None:
            row = min(max(row + step[0], 0), len(self.rows) - 1)
            column = min(max(column + step[1], 0), len(self.rows[row]) - 1)
        else:
            column = 0 if event.key() == Qt.Key.Key_Home else len(self.rows[row]) - 1
        self._current = (row, column)
        self._go_to(self._current)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor is not None:
            self.chosen.emit(self._between(self._anchor, self._current), False, False)
        elif not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._anchor = self._current
            self.chosen.emit([self._residue(self._current)], False, False)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if place is None else self.words_at(place), self.viewport())
            return True
        return super().viewportEvent(event)

    def words_at(self, place: Place) -> str:
        """What is there: a residue with how well it fits, or a chain."""
        row = self.rows[place[0]]
        if place[1] < 0:
            words = f"{chain_in_words(row.chain)}, {len(row)} residues: click to select it; the circle shows and hides it"
            return words[:1].upper() + words[1:]
        residue = self._residue(place)
        words = f"{row.names[place[1]]} {row.numbers[place[1]]}, {chain_in_words(row.chain)}"
        words += " (hidden)" if residue in self._hidden else ""
        return f"{words}  ·  {self._told[residue]}" if residue in self._told else words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_ranges()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002 - all of it is painted anew
        self.viewport().update()

    def _paint_row(self, painter: QPainter, number: int) -> None:
        row, offset = self.rows[number], self.horizontalScrollBar().value()
        first, last = max(0, offset // CELL), min(len(self.rows[number]), (offset + self.viewport().width() - HEAD) // CELL + 1)
        text, dim, dark = QColor(self._theme.text), QColor(self._theme.border), QColor("#101418")
        for column in range(first, last):
            residue, cell = int(row.residues[column]), self.rect_of((number, column))
            colour = self._colours.get(residue)
            selected, hidden = residue in self._selected, residue in self._hidden
            if colour is not None and not hidden:
                painter.fillRect(cell.adjusted(0, 1, 0, -1), QColor(*(int(part) for part in colour)))
            if selected:
                painter.fillRect(
                    cell.adjusted(0, 1, 0, -1) if colour is None or hidden else QRect(cell.x(), cell.bottom() - 4, CELL, 4), _SELECTED
                )
            painter.setPen(dim if hidden else dark if selected or colour is not None else text)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, row.letters[column])
            if self.hasFocus() and (number, column) == self._current:
                painter.setPen(QColor(self._theme.accent))
                painter.drawRect(cell.adjusted(0, 1, -1, -2))
        painter.setPen(QColor(self._theme.dim))
        for column in row.breaks().tolist():
            if first <= column < last:
                edge = self.rect_of((number, column))
                painter.drawLine(edge.topLeft(), edge.bottomLeft())

    def _paint_head(self, painter: QPainter, number: int) -> None:
        row, head = self.rows[number], self.rect_of((number, -1))
        painter.fillRect(head, QColor(self._theme.panel))
        shown = not set(row.residues.tolist()) <= self._hidden
        painter.setPen(QColor(self._theme.text if shown else self._theme.dim))
        painter.drawText(QRect(0, head.y(), EYE, ROW), Qt.AlignmentFlag.AlignCenter, "●" if shown else "○")
        name = painter.fontMetrics().elidedText(f"{list_chains([row.chain])}  {len(row)}", Qt.TextElideMode.ElideRight, HEAD - EYE - 4)
        painter.drawText(QRect(EYE, head.y(), HEAD - EYE, ROW), Qt.AlignmentFlag.AlignVCenter, name)

    def _residue(self, place: Place) -> int:
        return int(self.rows[place[0]].residues[place[1]])

    def _between(self, one: Place, other: Place) -> list[int]:
        """Residues from a place to another, through the rows between them."""
        (first, start), (last, end) = sorted((one, other))
        found: list[int] = []
        for row in range(first, last + 1):
            begin = start if row == first else 0
            stop = end + 1 if row == last else len(self.rows[row])
            found += self.rows[row].residues[begin:stop].tolist()
        return found

    def _places(self, residues: frozenset[int]) -> Iterator[Place]:
        for number, row in enumerate(self.rows):
            yield from ((number, int(column)) for column in np.flatnonzero(np.isin(row.residues, list(residues))))

    def _is_in_sight(self, place: Place) -> bool:
        room = self.viewport().rect().adjusted(HEAD, 0, 0, 0)
        return room.contains(self.rect_of(place))

    def _go_to(self, place: Place) -> None:
        """Scroll no farther than needed, and where it was out of sight leave some of what is before it."""
        cell, room = self.rect_of(place), self.viewport().rect().adjusted(HEAD, 0, 0, 0)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if cell.left() < room.left() or cell.right() > room.right():
            across.setValue(place[1] * CELL - room.width() // 3)
        if cell.top() < room.top() or cell.bottom() > room.bottom():
            down.setValue(place[0] * ROW - (room.height() - ROW) // 2)

    def _set_ranges(self) -> None:
        width = max((len(row) for row in self.rows), default=0) * CELL
        room = self.viewport().width() - HEAD
        self.horizontalScrollBar().setRange(0, max(0, width - room))
        self.horizontalScrollBar().setPageStep(max(room, CELL))
        self.verticalScrollBar().setRange(0, max(0, len(self.rows) * ROW - self.viewport().height()))
        self.verticalScrollBar().setPageStep(max(self.viewport().height(), ROW))

    def _fit_height(self) -> None:
        rows = min(max(len(self.rows), 1), _SHOWN_ROWS)
        self.setFixedHeight(rows * ROW + self.horizontalScrollBar().sizeHint().height() + 2)
