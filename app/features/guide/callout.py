"""A card that points at a widget of the window, with buttons to go on; it interrupts nothing."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_WIDTH, _ARROW, _GAP, _RADIUS = 340, 10, 6, 8


class Callout(QWidget):
    """A child of ``host`` that lies above everything in it."""

    next_asked = Signal()
    back_asked = Signal()
    close_asked = Signal()
    action_asked = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("callout")
        self.setAccessibleName("Tour")
        self._host = host
        self._targets: list[QWidget] = []
        self._arrow: tuple[QPoint, Qt.Edge] | None = None
        self.frames: list[_Frame] = []
        self.title, self.text, self.step = QLabel(), QLabel(), QLabel()
        self.action, self.back, self.next, self.close_button = (
            QPushButton("&Do It"),
            QPushButton("&Back"),
            QPushButton("&Next"),
            QPushButton("&Close"),
        )
        self._lay_out()
        self.action.clicked.connect(self.action_asked)
        self.back.clicked.connect(self.back_asked)
        self.next.clicked.connect(self.next_asked)
        self.close_button.clicked.connect(self.close_asked)
        host.installEventFilter(self)
        self.hide()

    def say(self, title: str, text: str, *, step: str = "", action: str = "", go_on: str = "", back: bool = False, close: str = "") -> None:
        """Change what stands on it; a button without words is left out."""
        self.title.setText(title)
        self.text.setText(text)
        self.step.setText(step)
        for button, words in ((self.action, action), (self.next, go_on), (self.close_button, close)):
            button.setText(words)
            button.setVisible(bool(words))
        self.back.setVisible(back)
        self.setAccessibleDescription(f"{title}. {text}")

    def point_at(self, targets: list[QWidget]) -> None:
        """Show it beside the first of ``targets``, with a frame round each; without any, in the middle below."""
        self.let_go()
        self._targets = targets
        for target in targets:
            target.installEventFilter(self)
            self.frames.append(_Frame(self._host, target))
        self.show()
        self.place()
        first = self.action if self.action.isVisibleTo(self) and self.action.isEnabled() else self.next
        first.setFocus()

    def let_go(self) -> None:
        """Take away the frames, and follow nothing any more."""
        for frame in self.frames:
            frame.setParent(None)
            frame.deleteLater()
        for target in self._targets:
            target.removeEventFilter(self)
        self.frames, self._targets = [], []

    def leave(self) -> None:
        self.let_go()
        self.hide()

    def place(self) -> None:
        """Move beside the target, wherever that is now."""
        if not self.isVisible():
            return
        inside = QRect(0, 0, self._host.width(), self._host.height()).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        self.setFixedSize(_WIDTH + 2 * _ARROW, self.heightForWidth(_WIDTH + 2 * _ARROW))
        size = self.size()
        target = next((place for place in map(self._place_of, self._targets) if place is not None), None)
        self._arrow = None
        if target is None:
            self.move(inside.center().x() - size.width() // 2, inside.bottom() - size.height() - 40)
        else:
            self._move_beside(target, inside)
        for frame in self.frames:
            frame.follow(self._place_of(frame.target))
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}:
            self.place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Round its own buttons, what goes on first; Escape leaves."""
        stops = [one for one in (self.action, self.next, self.back, self.close_button) if one.isVisible()]
        now = QApplication.focusWidget()
        if now not in stops:
            return super().focusNextPrevChild(forward)
        stops[(stops.index(now) + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, _: QPaintEvent) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(_ARROW, _ARROW, -_ARROW, -_ARROW), _RADIUS, _RADIUS)
        if self._arrow is not None:
            tip = QPainterPath()
            tip.addPolygon(self._tip(*self._arrow))
            shape = shape.united(tip)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlight(), 1.5))
        painter.setBrush(self.palette().alternateBase())
        painter.drawPath(shape)

    def _place_of(self, target: QWidget) -> QRect | None:
        """Of what is seen of a widget, in the host."""
        seen, widget = target.rect(), target
        while widget is not self._host:
            parent = widget.parentWidget()
            if parent is None or not target.isVisible():
                return None
            seen = seen.translated(widget.pos()) & parent.rect()
            widget = parent
        return None if seen.isEmpty() else seen

    def _move_beside(self, target: QRect, inside: QRect) -> None:
        """Take the first side with room for the card: right of the target, left, below, above; else the lower right corner."""
        width, height, middle = self.width(), self.height(), target.center()
        for edge, x, y, fits in (
            (Qt.Edge.LeftEdge, target.right() + _GAP, middle.y() - height // 2, target.right() + _GAP + width <= inside.right()),
            (Qt.Edge.RightEdge, target.left() - _GAP - width, middle.y() - height // 2, target.left() - _GAP - width >= inside.left()),
            (Qt.Edge.TopEdge, middle.x() - width // 2, target.bottom() + _GAP, target.bottom() + _GAP + height <= inside.bottom()),
            (Qt.Edge.BottomEdge, middle.x() - width // 2, target.top() - _GAP - height, target.top() - _GAP - height >= inside.top()),
        ):
            if fits:
                x = max(inside.left(), min(x, inside.right() - width))
                y = max(inside.top(), min(y, inside.bottom() - height))
                self.move(x, y)
                self._arrow = (middle - QPoint(x, y), edge)
                return
        self.move(inside.right() - width, inside.bottom() - height)

    def _tip(self, towards: QPoint, edge: Qt.Edge) -> QPolygonF:
        """The triangle on an edge of the card, as near to its target as the edge goes."""
        room = 2 * _ARROW + _RADIUS
        x = max(room, min(towards.x(), self.width() - room))
        y = max(room, min(towards.y(), self.height() - room))
        near = _ARROW + 1
        if edge in {Qt.Edge.LeftEdge, Qt.Edge.RightEdge}:
            base, point = (near, 1) if edge is Qt.Edge.LeftEdge else (self.width() - near, self.width() - 1)
            corners = (base, y - _ARROW), (point, y), (base, y + _ARROW)
        else:
            base, point = (near, 1) if edge is Qt.Edge.TopEdge else (self.height() - near, self.height() - 1)
            corners = (x - _ARROW, base), (x, point), (x + _ARROW, base)
        return QPolygonF([QPointF(*corner) for corner in corners])

    def _lay_out(self) -> None:
        self.title.setObjectName("title")
        self.step.setObjectName("dim")
        self.next.setObjectName("primary")
        self.text.setWordWrap(True)
        self.text.setObjectName("rich")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.step)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(_ARROW + 14, _ARROW + 12, _ARROW + 14, _ARROW + 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.action)
        column.addLayout(foot)


class _Frame(QWidget):
    """A frame round a widget, through which the mouse goes."""

    def __init__(self, host: QWidget, target: QWidget) -> None:
        super().__init__(host)
        self.target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def follow(self, place: QRect | None) -> None:
        self.setVisible(place is not None)
        if place is not None:
            self.setGeometry(place.adjusted(-3, -3, 3, 3))
            self.raise_()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.palette().highlight().color()), 2.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
