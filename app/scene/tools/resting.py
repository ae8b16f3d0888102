"""What lies under a pointer that has rested for a moment: looking it up takes milliseconds."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from difffit_app.scene.drawings.picking import Under
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import Ray

_HOVER_MS = 60


class Resting(QObject):
    """``rested_on`` carries what ``under`` finds, and None when the pointer leaves the view."""

    rested_on = Signal(object)

    def __init__(self, scene: SceneWidget, under: Callable[[Ray], Under | None]) -> None:
        super().__init__(scene)
        self._under = under
        self._ray: Ray | None = None
        self._timer = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._timer.timeout.connect(self._tell)
        scene.hovered.connect(self._rest)
        scene.plotter.installEventFilter(self)

    def end(self) -> None:
        """Look nothing up any more."""
        self._timer.stop()
        self._under = lambda _: None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._timer.stop()
            self.rested_on.emit(None)
        return super().eventFilter(watched, event)

    def _rest(self, ray: Ray) -> None:
        self._ray = ray
        self._timer.start()

    def _tell(self) -> None:
        if self._ray is not None:
            self.rested_on.emit(self._under(self._ray))
