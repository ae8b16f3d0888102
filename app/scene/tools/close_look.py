"""A view that has come to rest is looked at more closely: what is near in it is worth more than its voxels show."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from difffit_app.geometry.finer import Sight
from difffit_app.scene.camera.pose import sight_of
from difffit_app.scene.motion import REST_MS
from difffit_app.scene.scene_widget import SceneWidget


class CloseLook(QObject):
    """Tells ``look`` from where a scene is seen, a moment after that has changed, and never while anything moves."""

    def __init__(self, scene: SceneWidget, look: Callable[[Sight], None]) -> None:
        super().__init__(scene)
        self._scene, self._look = scene, look
        self._seen: tuple[object, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._on_rest)

    def notice(self) -> None:
        """A frame is about to be painted."""
        camera, plotter = self._scene.camera, self._scene.plotter
        seen = (
            camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp(), camera.GetViewAngle(),
            plotter.width(), plotter.height(), plotter.devicePixelRatioF(),
        )  # fmt: skip
        if seen != self._seen:
            self._seen = seen
            self._timer.start()

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._look = lambda _: None

    def _on_rest(self) -> None:
        if self._scene.closed:
            return
        if self._scene.motion.moving:
            self._timer.start()
        else:
            plotter = self._scene.plotter
            self._look(sight_of(self._scene.camera, self._scene.aspect, plotter.height() * plotter.devicePixelRatioF()))
