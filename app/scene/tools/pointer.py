"""What the mouse does over a view beside turning it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent

from difffit_app.scene.scene_widget import SceneWidget

_REST_MS = 40


class Pointer(QObject):
    """Watches a view. ``rested`` gives the ray under the pointer, at most 25 times a second; ``left`` tells that it is elsewhere.

    ``stepped`` counts the notches of the wheel with Ctrl, where ``takes_steps`` says so; else they are left to the view.
    """

    rested = Signal(object)
    left = Signal()
    stepped = Signal(int)

    def __init__(self, scene: SceneWidget, takes_steps: Callable[[], bool] = lambda: False) -> None:
        super().__init__(scene)
        self._takes_steps = takes_steps
        self._ray: object = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(lambda: self.rested.emit(self._ray))
        scene.hovered.connect(self._on_hover)
        scene.plotter.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            notches = round(event.angleDelta().y() / 120)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._takes_steps():
                if notches:
                    self.stepped.emit(notches)
                return True
        elif event.type() == QEvent.Type.Leave:
            self._rest.stop()
            self.left.emit()
        return super().eventFilter(watched, event)

    def _on_hover(self, ray: object) -> None:
        self._ray = ray
        if not self._rest.isActive():
            self._rest.start()
