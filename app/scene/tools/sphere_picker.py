"""Clicks on spheres and pointing at them, in whichever view they are."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from difffit_app.scene.drawings.cluster_drawing import ClusterDrawing
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import Ray
from difffit_app.state.metrics import describe
from difffit_app.state.view_state import ViewState


class SpherePicker(QObject):
    """``picked`` gives the rank of a sphere that was clicked in ``scene``, as long as ``active()`` says that spheres are there."""

    picked = Signal(int)

    def __init__(
        self, scene: SceneWidget, drawing: ClusterDrawing, view_state: ViewState, active: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(scene)
        self._scene, self._drawing, self._view_state, self._active = scene, drawing, view_state, active
        scene.clicked.connect(self._on_click)
        scene.hovered.connect(self._on_hover)

    def _on_click(self, ray: Ray) -> None:
        placement = self._drawing.hit(ray) if self._active() else None
        if placement is not None:
            self.picked.emit(placement.rank)

    def _on_hover(self, ray: Ray) -> None:
        if not self._active():
            return
        placement = self._drawing.hit(ray)
        self._scene.plotter.setCursor(Qt.CursorShape.ArrowCursor if placement is None else Qt.CursorShape.PointingHandCursor)
        if placement is None:
            QToolTip.hideText()
        else:
            words = describe(placement, self._view_state.metric, on_its_way=self._view_state.frame is not None)
            QToolTip.showText(QCursor.pos(), words, self._scene.plotter)
