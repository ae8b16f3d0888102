"""The right view: a sphere for every placement of the selected fit."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.spheres_actor import SpheresActor
from difffit_app.scene.drawings.cluster_drawing import ClusterDrawing
from difffit_app.scene.drawings.picking import Under
from difffit_app.scene.drawings.region_drawing import RegionDrawing
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import Ray
from difffit_app.scene.tools.resting import Resting
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState


class ClusterScene(SceneWidget):
    """A widget around a `ClusterDrawing`. ``rested_on`` carries the `Under` beneath a pointer that has rested, or None."""

    rested_on = Signal(object)

    def __init__(self, session: Session, view_state: ViewState, maps: dict[str, MapActor], parent: QWidget | None = None) -> None:
        super().__init__("Cluster view: a sphere for every placement", parent)
        self.drawing = ClusterDrawing(session, view_state, maps, self.stage)
        self._region = RegionDrawing(view_state, self.stage)
        self._resting = Resting(self, self.under)
        self._resting.rested_on.connect(self.rested_on)
        self._subscriptions = Subscriptions()
        self._subscriptions.add(self.drawing.legend_changed, self._tell)
        self.scale_changed.connect(self.drawing.legend.set_scale)
        self.scale_changed.connect(self.drawing.ranks.set_scale)

    @property
    def spheres(self) -> SpheresActor:
        return self.drawing.spheres

    def under(self, ray: Ray) -> Under | None:
        """What a line of sight meets first."""
        return self.drawing.under(ray)

    def _tell(self, words: str) -> None:
        self.plotter.setAccessibleDescription(words)

    def shut(self) -> None:
        self._resting.end()
        self._subscriptions.end()
        self.drawing.end()
        self._region.end()
        super().shut()
