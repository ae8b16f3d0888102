"""What the mouse does over a view beside turning it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from difffit_app.scene.scene_widget import SceneWidget

_REST_MS = 40
_AFTER_WHEEL_MS = 300


class Pointer(QObject):
    """Watches a view. ``rested`` gives the ray under the pointer, at most 25 times a second; ``left`` tells that it is elsewhere.

    ``stepped`` counts the notches of the wheel with Ctrl, where ``takes_steps`` says so; else they are left to the view. ``turning`` tells
    when the camera begins to move and when it has come to rest.
    """

    rested = Signal(object)
    left = Signal()
    stepped = Signal(int)
    turning = Signal(bool)

    def __init__(self, scene: SceneWidget, takes_steps: Callable[[], bool] = lambda: False) -> None:
        super().__init__(scene)
        self._takes_steps = takes_steps
        self._ray: object = None
        self._moving = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(lambda: self.rested.emit(self._ray))
        self._stop = QTimer(self, singleShot=True, interval=_AFTER_WHEEL_MS)
        self._stop.timeout.connect(lambda: self._move(False))
        scene.hovered.connect(self._on_hover)
        scene.plotter.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            notches = round(event.angleDelta().y() / 120)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._takes_steps():
                if notches:
                    self.stepped.emit(notches)
                return True
            self._move(True)
            self._stop.start()
        elif isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove and event.buttons() != Qt.MouseButton.NoButton:
                self._stop.stop()
                self._move(True)
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._move(False)
        elif event.type() == QEvent.Type.Leave:
            self._rest.stop()
            self.left.emit()
        return super().eventFilter(watched, event)

    def _on_hover(self, ray: object) -> None:
        self._ray = ray
        if not self._rest.isActive():
            self._rest.start()

    def _move(self, moving: bool) -> None:
        if moving != self._moving:
            self._moving = moving
            self.turning.emit(moving)
