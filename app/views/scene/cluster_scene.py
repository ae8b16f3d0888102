"""The right view: a sphere for every placement of the selected fit."""

from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget
from vtkmodules.vtkRenderingCore import vtkActor

from difffit_app.state.items import OpenFit, OpenMap
from difffit_app.state.session import Session
from difffit_app.state.view_state import METRICS, ViewState
from difffit_app.views.scene.map_actor import MapActor
from difffit_app.views.scene.scene_widget import Ray, SceneWidget
from difffit_app.views.scene.spheres_actor import SpheresActor
from difffit_app.views.subscriptions import Subscriptions
from difffit_core.placement import Placement, Verdict

_SIZE_OF_BOX = 0.032
_SMALLEST = 1.0


class ClusterScene(SceneWidget):
    """Spheres coloured by the metric of the view state. ``picked`` gives the rank of a sphere that was clicked."""

    picked = Signal(int)
    range_changed = Signal(float, float)

    def __init__(self, session: Session, view_state: ViewState, maps: dict[str, MapActor], parent: QWidget | None = None) -> None:
        super().__init__("Cluster view: a sphere for every placement", parent)
        self._session, self._view_state, self._maps = session, view_state, maps
        self._ghosts: dict[str, vtkActor] = {}
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)
        self.spheres = SpheresActor()
        self.add(self.spheres.actor)
        self.add(self.spheres.halo)
        self.clicked.connect(self._on_click)
        self.hovered.connect(self._on_hover)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.map_added, self._add_map),
            (session.events.map_removed, self._remove_map),
            (session.events.fit_selected, self._show_fit),
            (session.events.placement_selected, self._select),
            (view_state.metric_changed, self._show_again),
            (view_state.significant_only_changed, self._show_again),
            (view_state.map_style_changed, self._redraw),
            (view_state.moving_level_changed, self._redraw),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()
        super().shut()

    def _add_map(self, item: OpenMap) -> None:
        ghost = self._ghosts[item.id] = self._maps[item.id].ghost
        self.add(ghost)

    def _remove_map(self, identifier: str) -> None:
        self.remove(self._ghosts.pop(identifier))

    def _redraw(self, *_: object) -> None:
        self.draw()

    def _show_again(self, _: object) -> None:
        self._show_fit(self._session.fit)
        self._select(self._session.placement)

    def _show_fit(self, fit: OpenFit | None) -> None:
        if fit is None:
            self._shown = np.zeros(0, np.int64)
            self.spheres.show(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool), 1.0)
            self.draw()
            return
        values = metric_values(fit, self._view_state.metric)
        doubtful = np.array([placement.verdict == Verdict.NOT_SIGNIFICANT for placement in fit.placements], bool)
        hits = np.array([placement.hits for placement in fit.placements], np.int64)
        self._shown = np.flatnonzero(~doubtful if self._view_state.significant_only else np.ones(len(values), bool))
        box = self._session.maps[fit.record.map].density.box
        size = max(_SIZE_OF_BOX * float(np.linalg.norm(box)), _SMALLEST)
        shown = self._shown
        self.spheres.show(fit.centres()[shown], hits[shown], values[shown], doubtful[shown], size)
        if len(shown):
            self.range_changed.emit(float(values[shown].min()), float(values[shown].max()))
        self.draw()

    def _select(self, placement: Placement | None) -> None:
        fit = self._session.fit
        index = None if fit is None or placement is None else fit.index_of_rank(placement.rank)
        sphere = np.flatnonzero(self._shown == index) if index is not None else np.zeros(0, np.int64)
        self.spheres.select(int(sphere[0]) if len(sphere) else None)
        self.draw()

    def _hit(self, ray: Ray) -> Placement | None:
        sphere = self.spheres.hit(*ray)
        return None if sphere is None or self._session.fit is None else self._session.fit.placements[self._shown[sphere]]

    def _on_click(self, ray: Ray) -> None:
        placement = self._hit(ray)
        if placement is not None:
            self.picked.emit(placement.rank)

    def _on_hover(self, ray: Ray) -> None:
        placement = self._hit(ray)
        self.plotter.setCursor(Qt.CursorShape.ArrowCursor if placement is None else Qt.CursorShape.PointingHandCursor)
        if placement is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(QCursor.pos(), describe(placement), self.plotter)


def metric_values(fit: OpenFit, name: str) -> NDArray[np.float64]:
    """A metric (P,) of all placements of a fit."""
    return np.array([metric_of(placement, name) for placement in fit.placements], np.float64)


def metric_of(placement: Placement, name: str) -> float:
    """A metric of `METRICS` by its name."""
    return float({**asdict(placement.metrics), "z_score": placement.z_score, "hits": placement.hits}[name])


def describe(placement: Placement) -> str:
    """A placement in a few words, for a tool tip."""
    lines = [f"Placement {placement.rank}: {placement.verdict}", f"{placement.hits} hits"]
    lines += [f"{METRICS[name]} {metric_of(placement, name):.3g}" for name in ("local_correlation", "z_score")]
    return "\n".join(lines)
