"""A sphere for every placement of the selected fit, among the ghosts of the maps."""

from itertools import chain

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal
from vtkmodules.vtkRenderingCore import vtkActor

from difffit_app.geometry.pick import on_surface
from difffit_app.scene.actors.legend_actor import LegendActor
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.rank_labels import RankLabels
from difffit_app.scene.actors.spheres_actor import SpheresActor, opacities_of, worth_a_look
from difffit_app.scene.drawings.composite_drawing import CompositeDrawing
from difffit_app.scene.drawings.picking import Under
from difffit_app.scene.stage import Ray, Stage, join_bounds
from difffit_app.state.frames import Frame
from difffit_app.state.items import HandPose, OpenFit, OpenMap
from difffit_app.state.metrics import metric_values, with_unit
from difffit_app.state.session import Session
from difffit_app.state.subjects import MapSubject, PlacementSubject
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.placement import Placement

_SIZE_OF_BOX = 0.032
_SMALLEST = 1.0
_MOST_RANKS = 30
"""That are written onto spheres, beside that of the selected one."""


class ClusterDrawing:
    """Follows the session on a stage, ``shift`` (3,) in Å away from the map. ``legend_changed`` tells in words what is shown."""

    legend_changed = Signal(str)

    def __init__(self, session: Session, view_state: ViewState, maps: dict[str, MapActor], stage: Stage) -> None:
        self._session, self._view_state, self._maps, self._stage = session, view_state, maps, stage
        self._ghosts: dict[str, tuple[vtkActor, vtkActor]] = {}
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)
        self.shift: NDArray[np.float64] = np.zeros(3)
        self.spheres, self.legend, self.ranks = SpheresActor(), LegendActor(), RankLabels(_MOST_RANKS + 1)
        self._best: NDArray[np.int64] = np.zeros(0, np.int64)
        self._ranked: NDArray[np.int64] = np.zeros(0, np.int64)
        self.composite = CompositeDrawing(session, view_state, stage, beside_selected=False)
        self._put_on(stage)
        for item in session.maps.values():
            self._add_map(item)
        self._show_again()
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.map_added, self._add_map),
            (session.events.map_removed, self._remove_map),
            (session.events.fit_selected, self._show_fit),
            (session.events.placement_selected, self._select),
            (session.events.hand_moved, self._mark_hand),
            (view_state.metric_changed, self._show_again),
            (view_state.filter_changed, self._show_again),
            (view_state.frame_changed, self._move),
            (view_state.map_style_changed, self._redraw),
            (view_state.moving_level_changed, self._redraw),
            (session.events.working_changed, self._redraw),
            (view_state.zeroing_changed, self._redraw),
        ):
            self._subscriptions.add(signal, slot)

    def set_selected_colour(self, colour: str) -> None:
        """Of the rim around the selected sphere, and of what is behind its rank."""
        self.spheres.halo_colour(colour)
        self.ranks.set_selected_colour(colour)

    def end(self) -> None:
        self._subscriptions.end()
        self.composite.end()
        self._stage.renderer.RemoveObserver(self._observer)
        self._stage.labels.RemoveObserver(self._spreader)

    def _sort(self, *_: object) -> None:
        self.spheres.sort(np.array(self._stage.renderer.GetActiveCamera().GetDirectionOfProjection()))

    def _spread(self, *_: object) -> None:
        self.ranks.spread(self._stage.labels)
        self.legend.set_width(self._stage.labels.GetSize()[0])

    def move(self, stage: Stage, shift: NDArray[np.float64]) -> None:
        """Draw on another stage, that far beside the map."""
        for prop in (*self.spheres.props, *chain.from_iterable(self._ghosts.values())):
            self._stage.remove(prop)
        for label in (*self.legend.actors, *self.ranks.actors):
            self._stage.remove_label(label)
        self._stage.renderer.RemoveObserver(self._observer)
        self._stage.labels.RemoveObserver(self._spreader)
        self._stage, self.shift = stage, np.asarray(shift, np.float64)
        self._put_on(stage)
        self.composite.move(stage, self.shift)
        self.spheres.set_shift(self.shift)
        self.ranks.move(self._places_of_ranks())
        for identifier in self._ghosts:
            self._put_ghost(identifier)

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around spheres and ghosts, or None where there is nothing."""
        boxes = [
            (np.array(self._maps[identifier].bounds()) + np.repeat(self.shift, 2)).tolist()
            for identifier, (_, ghost) in self._ghosts.items()
            if ghost.GetVisibility()
        ]
        if len(self.spheres.centres):
            reach = self.spheres.radii[:, None]
            low, high = (self.spheres.centres - reach).min(axis=0), (self.spheres.centres + reach).max(axis=0)
            boxes.append((np.stack([low, high], axis=1).ravel() + np.repeat(self.shift, 2)).tolist())
        return join_bounds(boxes)

    def hit(self, ray: Ray) -> Placement | None:
        """The placement whose sphere is the first on a line of sight."""
        sphere = self.spheres.hit(ray[0] - self.shift, ray[1])
        return None if sphere is None or self._session.fit is None else self._session.fit.placements[self._shown[sphere]]

    def under(self, ray: Ray) -> Under | None:
        """The placement or the map that a line of sight meets first; what is inside a map is met, not the map."""
        start, fit = ray[0] - self.shift, self._session.fit
        maps = []
        for identifier, (_, ghost) in self._ghosts.items():
            if ghost.GetVisibility() and identifier in self._view_state.maps:
                level = self._view_state.maps[identifier].level
                distance = on_surface(self._maps[identifier].density, level, start, ray[1])
                maps += [] if distance is None else [(distance, MapSubject(identifier))]
        maps.sort(key=lambda met: met[0])
        sphere = self.spheres.hit(start, ray[1])
        if sphere is not None and fit is not None:
            subject = PlacementSubject(fit.id, fit.placements[self._shown[sphere]].rank)
            return Under(subject, self.spheres.centres[sphere] + self.shift, tuple(one for _, one in maps))
        return Under(maps[0][1], ray[0] + maps[0][0] * ray[1], tuple(one for _, one in maps[1:])) if maps else None

    def _put_on(self, stage: Stage) -> None:
        self._observer = stage.renderer.AddObserver("StartEvent", self._sort)
        self._spreader = stage.labels.AddObserver("StartEvent", self._spread)
        for prop in self.spheres.props:
            stage.add(prop)
        for label in (*self.legend.actors, *self.ranks.actors):
            stage.add_label(label)

    def _add_map(self, item: OpenMap) -> None:
        self._ghosts[item.id] = self._maps[item.id].ghosts
        self._put_ghost(item.id)

    def _put_ghost(self, identifier: str) -> None:
        """After the spheres, which show through it."""
        for ghost in self._ghosts[identifier]:
            ghost.SetPosition(*self.shift)
            self._stage.add(ghost)

    def _remove_map(self, identifier: str) -> None:
        for ghost in self._ghosts.pop(identifier):
            self._stage.remove(ghost)

    def _redraw(self, *_: object) -> None:
        self._stage.draw()

    def _show_again(self, *_: object) -> None:
        self._show_fit(self._session.fit)
        self._select(self._session.placement)

    def _show_fit(self, fit: OpenFit | None) -> None:
        shown = self._shown = np.zeros(0, np.int64) if fit is None else self._view_state.shown(fit)
        if fit is None or len(shown) == 0:
            self.spheres.show(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 1.0)
            self.legend.clear()
            self._best = np.zeros(0, np.int64)
        else:
            metric = self._view_state.metric
            values = metric_values(fit, metric)[shown]
            doubtful = np.array([fit.placements[i].verdict.is_chance for i in shown], bool)
            hits = np.array([fit.placements[i].hits for i in shown], np.int64)
            box = self._session.maps[fit.record.map].density.box
            size = max(_SIZE_OF_BOX * float(np.linalg.norm(box)), _SMALLEST)
            worth = worth_a_look(doubtful)
            self.spheres.show(self._centres(fit)[shown], hits, values, opacities_of(worth, doubtful), size, ~worth)
            span = float(values.min()), float(values.max()), int(hits.min()), int(hits.max())
            self.legend.tell(with_unit(metric), *span, int((~worth).sum()))
            self._best = np.flatnonzero(worth)[:_MOST_RANKS]
        self._write_ranks()
        self.legend_changed.emit(self.legend.words)
        self._stage.draw()

    def _move(self, _: Frame | None) -> None:
        if self._session.fit is not None:
            self.spheres.move(self._centres(self._session.fit)[self._shown])
            self.ranks.move(self._places_of_ranks())
            self._stage.draw()

    def _write_ranks(self) -> None:
        fit, selected = self._session.fit, self.spheres.selected
        self._ranked = self._best if selected is None or selected in self._best else np.append(self._best, selected)
        ranks = [] if fit is None else [fit.placements[i].rank for i in self._shown[self._ranked]]
        chosen = None if fit is None or selected is None else fit.placements[self._shown[selected]].rank
        self.ranks.show(ranks, self._places_of_ranks(), chosen)

    def _places_of_ranks(self) -> NDArray[np.float64]:
        return self.spheres.centres[self._ranked] + self.shift

    def _centres(self, fit: OpenFit) -> NDArray[np.float64]:
        frame = self._view_state.frame
        return frame.centres() if frame is not None and frame.fit is fit else fit.centres()

    def _select(self, placement: Placement | None) -> None:
        fit = self._session.fit
        index = None if fit is None or placement is None else fit.index_of_rank(placement.rank)
        sphere = np.flatnonzero(self._shown == index) if index is not None else np.zeros(0, np.int64)
        self.spheres.select(int(sphere[0]) if len(sphere) else None)
        self._write_ranks()
        self._stage.draw()

    def _mark_hand(self, hand: HandPose | None) -> None:
        if hand is None:
            self._select(self._session.placement)
        else:
            self.spheres.mark(hand.centre)
            self._write_ranks()
            self._stage.draw()
