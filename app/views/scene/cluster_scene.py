"""The right view: a sphere for every placement of the selected fit."""

from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget

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
        self._ghosts: dict[str, object] = {}
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
            (view_state.metric_changed, self._recolour),
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
        self.remove(self._ghosts.pop(identifier))  # type: ignore[arg-type]

    def _redraw(self, *_: object) -> None:
        self.draw()

    def _recolour(self, _: str) -> None:
        self._show_fit(self._session.fit)
        self._select(self._session.placement)

    def _show_fit(self, fit: OpenFit | None) -> None:
        if fit is None:
            self.spheres.show(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool), 1.0)
            self.draw()
            return
        values = metric_values(fit, self._view_state.metric)
        hits = np.array([placement.hits for placement in fit.placements], np.int64)
        box = self._session.maps[fit.record.map].density.box
        doubtful = np.array([placement.verdict == Verdict.NOT_SIGNIFICANT for placement in fit.placements], bool)
        self.spheres.show(fit.centres(), hits, values, doubtful, max(_SIZE_OF_BOX * float(np.linalg.norm(box)), _SMALLEST))
        if len(values):
            self.range_changed.emit(float(values.min()), float(values.max()))
        self.draw()

    def _select(self, placement: Placement | None) -> None:
        fit = self._session.fit
        self.spheres.select(None if fit is None or placement is None else fit.index_of_rank(placement.rank))
        self.draw()

    def _hit(self, ray: Ray) -> Placement | None:
        index = self.spheres.hit(*ray)
        return None if index is None or self._session.fit is None else self._session.fit.placements[index]

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
