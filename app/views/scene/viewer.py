"""Both 3-D views side by side, looking from the same place."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import METRICS
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.scene.camera_link import CameraLink
from difffit_app.views.scene.cluster_scene import ClusterScene
from difffit_app.views.scene.fit_scene import FitScene
from difffit_app.views.scene.legend import Legend
from difffit_app.views.subscriptions import Subscriptions
from difffit_app.views.theme import Theme
from difffit_core.pose import Pose
from difffit_core.project.schema import Camera


class Viewer(QWidget):
    """The fit view and the cluster view, each under a bar that names it."""

    placement_picked = Signal(int)
    metric_chosen = Signal(str)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state = session, view_state
        self._look_at_placement = False
        self.fit = FitScene(session, view_state, self)
        self.clusters = ClusterScene(session, view_state, self.fit.maps, self)
        self._link = CameraLink(self.fit, self.clusters)

        self._fit_title, self._cluster_title = QElidingLabel("Fit"), QElidingLabel("Clusters")
        self.metric = QComboBox()
        self.metric.setAccessibleName("Metric that colours the spheres")
        self.metric.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.metric.setMinimumContentsLength(13)
        self.metric.view().setMinimumWidth(220)
        self.metric.setToolTip("What the colour of the spheres tells; their size tells the hits")
        for name, text in METRICS.items():
            self.metric.addItem(text, name)
        self.metric.activated.connect(lambda index: self.metric_chosen.emit(self.metric.itemData(index)))
        self.legend = Legend()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(_pane(self._fit_title, [], self.fit))
        splitter.addWidget(_pane(self._cluster_title, [self.legend, self.metric], self.clusters))
        splitter.setSizes([600, 500])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

        self.clusters.picked.connect(self.placement_picked)
        self._subscriptions = Subscriptions()
        self._subscriptions.add(self.clusters.drawing.range_changed, self.legend.set_range)
        for signal, slot in (
            (session.events.map_added, self._first_look),
            (session.events.model_added, self._first_look),
            (session.events.fit_added, self._look_at_first_fit),
            (session.events.fit_selected, self._name),
            (session.events.placement_selected, self._name),
            (session.events.renamed, self._name),
            (view_state.metric_changed, self._show_metric),
            (view_state.camera_asked, self._look_from),
        ):
            self._subscriptions.add(signal, slot)

    def set_theme(self, theme: Theme) -> None:
        for scene in (self.fit, self.clusters):
            scene.stage.set_background(theme.scene_bottom, theme.scene_top)
        self.clusters.spheres.halo_colour(theme.accent)

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None:
        self.fit.show_preview(model_id, chains, pose)

    def clear_preview(self) -> None:
        self.fit.clear_preview()

    def current_camera(self) -> tuple[Sequence[float], Sequence[float], Sequence[float], float]:
        camera = self.fit.camera
        return camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp(), camera.GetViewAngle()

    def look_at_everything(self) -> None:
        bounds = self.fit.visible_bounds()
        if bounds is not None:
            self.fit.look_at(bounds, min(self.fit.aspect, self.clusters.aspect))
            self.clusters.draw()

    def save_picture(self, path: Path) -> None:
        """Write the fit view as PNG, twice as large as it is shown."""
        self.fit.plotter.screenshot(str(path), scale=2)
        self.fit.draw()

    def shut(self) -> None:
        """Disconnect, and give back what VTK holds."""
        self._subscriptions.end()
        self._link.close()
        self.clusters.shut()
        self.fit.shut()

    def _first_look(self, _: object) -> None:
        if len(self._session.maps) + len(self._session.models) <= 2 and not self._session.fits:
            self.look_at_everything()

    def _look_at_first_fit(self, _: OpenFit) -> None:
        self._look_at_placement = len(self._session.fits) == 1

    def _name(self, *_: object) -> None:
        fit, placement = self._session.fit, self._session.placement
        if fit is None:
            self.legend.clear()
        if fit is None or placement is None:
            self._fit_title.setText("Fit")
            return
        chains = ", ".join(fit.record.chains)
        self._fit_title.setText(f"Fit  ·  {self._session.models[fit.record.model].name}, chain {chains}, placement {placement.rank}")
        if self._look_at_placement:
            self._look_at_placement = False
            self.look_at_everything()

    def _show_metric(self, name: str) -> None:
        self.metric.setCurrentIndex(self.metric.findData(name))

    def _look_from(self, camera: Camera) -> None:
        own = self.fit.camera
        own.SetPosition(*camera.position)
        own.SetFocalPoint(*camera.focal_point)
        own.SetViewUp(*camera.view_up)
        own.SetViewAngle(camera.view_angle)
        self.fit.draw()
        self.clusters.draw()


def _pane(title: QElidingLabel, tools: list[QWidget], scene: QWidget) -> QWidget:
    bar = QWidget()
    bar.setObjectName("viewBar")
    row = QHBoxLayout(bar)
    row.setContentsMargins(10, 3, 8, 3)
    title.setObjectName("viewTitle")
    title.setMinimumWidth(60)
    row.addWidget(title, 1)
    for tool in tools:
        row.addWidget(tool)
    bar.setFixedHeight(34)
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    column.addWidget(scene, 1)
    return pane
