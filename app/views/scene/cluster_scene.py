"""The right view: a sphere for every placement of the selected fit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget

from difffit_app.state.metrics import describe
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.scene.cluster_drawing import ClusterDrawing
from difffit_app.views.scene.map_actor import MapActor
from difffit_app.views.scene.scene_widget import SceneWidget
from difffit_app.views.scene.spheres_actor import SpheresActor
from difffit_app.views.scene.stage import Ray


class ClusterScene(SceneWidget):
    """A widget around a `ClusterDrawing`. ``picked`` gives the rank of a sphere that was clicked."""

    picked = Signal(int)

    def __init__(self, session: Session, view_state: ViewState, maps: dict[str, MapActor], parent: QWidget | None = None) -> None:
        super().__init__("Cluster view: a sphere for every placement", parent)
        self._view_state = view_state
        self.drawing = ClusterDrawing(session, view_state, maps, self.stage)
        self.clicked.connect(self._on_click)
        self.hovered.connect(self._on_hover)

    @property
    def spheres(self) -> SpheresActor:
        return self.drawing.spheres

    def shut(self) -> None:
        self.drawing.end()
        super().shut()

    def _on_click(self, ray: Ray) -> None:
        placement = self.drawing.hit(ray)
        if placement is not None:
            self.picked.emit(placement.rank)

    def _on_hover(self, ray: Ray) -> None:
        placement = self.drawing.hit(ray)
        self.plotter.setCursor(Qt.CursorShape.ArrowCursor if placement is None else Qt.CursorShape.PointingHandCursor)
        if placement is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(QCursor.pos(), describe(placement, self._view_state.metric), self.plotter)
