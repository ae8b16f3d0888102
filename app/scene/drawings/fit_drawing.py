"""Maps as surfaces, and the models in the selected placement."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.geometry.finer import Sight
from difffit_app.scene.actors.map_actor import Later, MapActor
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.drawings.assembly_drawing import AssemblyDrawing
from difffit_app.scene.drawings.axes_drawing import AxesDrawing
from difffit_app.scene.drawings.bent_drawing import BentDrawing
from difffit_app.scene.drawings.composite_drawing import CompositeDrawing
from difffit_app.scene.drawings.difference_drawing import DifferenceDrawing
from difffit_app.scene.drawings.picking import Picking
from difffit_app.scene.stage import Bounds, Ray, Surface, join_bounds
from difffit_app.state.aligning import MapMove
from difffit_app.state.apart import are_far, stood_beside
from difffit_app.state.depth import Clip
from difffit_app.state.items import OpenMap, OpenModel, ZeroOutPreview
from difffit_app.state.selection import Selection
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.pose import Pose

Preview = tuple[str, tuple[str, ...], Pose]
"""A model, those of its chains that are shown, and where."""

_GOING = {"colour": "#e07b39", "opacity": 0.65, "mode": "surface", "visible": True, "box": False}


class FitDrawing:
    """Follows the session on a stage. ``maps`` are shared with the cluster view, which shows their ghosts.

    ``later`` makes what takes long to draw; without it everything is drawn at once. ``changed`` tells that other models or other chains of
    them are drawn, by whatever way that came about.
    """

    changed = Signal()

    def __init__(self, session: Session, view_state: ViewState, stage: Surface, later: Later | None = None) -> None:
        self._session, self._view_state, self._stage = session, view_state, stage
        self.maps: dict[str, MapActor] = {}
        self.models: dict[str, ModelActor] = {}
        self.later = later
        self.preview: Preview | None = None
        self._beside: dict[str, Pose] = {}
        self._told: object = None
        self._going: MapActor | None = None
        self._sight: Sight | None = None
        self.composite = CompositeDrawing(session, view_state, stage, beside_selected=True)
        self.axes = AxesDrawing(view_state, stage)
        self.assembly = AssemblyDrawing(view_state, stage)
        self.difference = DifferenceDrawing(view_state, stage)
        self.bent = BentDrawing(session, view_state, stage, lambda: self.later, self.arrange)
        self.picking = Picking(session, view_state, self)
        for item in session.maps.values():
            self._add_map(item)
        for model in session.models.values():
            self._add_model(model)
        self._stand_beside()
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.map_added, self._add_map),
            (events.map_removed, self._remove_map),
            (events.working_changed, self._exchange_map),
            (events.model_added, self._add_model),
            (events.model_removed, self._remove_model),
            (events.fit_selected, self.arrange),
            (events.placement_selected, self.arrange),
            (events.hand_moved, self.arrange),
            (events.brought_changed, self.arrange),
            (view_state.selection_changed, self._highlight),
            (view_state.map_style_changed, self._style_map),
            (view_state.model_style_changed, self._style_model),
            (view_state.residue_colours_changed, self._paint_model),
            (view_state.moving_level_changed, self._move_level),
            (view_state.frame_changed, self.arrange),
            (view_state.effects_changed, self._set_silhouettes),
            (view_state.zeroing_changed, self._show_zeroing),
            (events.composite_selected, self.arrange),
            (view_state.accepted_shown_changed, self.arrange),
            (view_state.map_move_changed, self._move_map),
        ):
            self._subscriptions.add(signal, slot)
        self._show_zeroing(view_state.zeroing)

    def show_preview(self, preview: Preview | None) -> None:
        """Show a model in a pose that is no placement yet; None to go back to the selected placement."""
        self.preview = preview
        self.arrange()

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around all that is shown, or None where there is nothing."""
        return join_bounds(list(self._shown_bounds()))

    def bounds_round(self, identifier: str) -> Bounds | None:
        """Box around a map or a model and all that is shown and not far from it, or from that; None where it is not shown."""
        shown = {name: actor.bounds() for name, actor in self.maps.items() if actor.is_shown}
        shown |= {name: one.bounds() for name, one in self.models.items() if one.actor.GetVisibility() and not one.is_empty}
        box = shown.pop(identifier, None)
        while box is not None:
            near = [name for name, other in shown.items() if not are_far(box, other)]
            if not near:
                break
            box = join_bounds([box, *(shown.pop(name) for name in near)])
        return box

    def residue_under(self, ray: Ray) -> tuple[str, int] | None:
        """The model and the `AtomicModel.residue_index` that a ray meets first among the models that are shown."""
        return self.picking.residue(ray)

    def bounds_of(self, model: str, residues: NDArray[np.int64], pose: Pose | None = None) -> Bounds | None:
        """Box around the atoms of residues, by `AtomicModel.residue_index`, where the model is drawn or in a pose; None around none."""
        if model not in self.models:
            return None
        bent = self.bent.actor if self.bent.model == model else None
        actor = self.models[model] if bent is None or pose is not None else bent
        one = actor.item.model
        atoms = one.in_fit & np.isin(one.residue_index, residues)
        if not atoms.any():
            return None
        points = (pose or actor.pose or Pose.identity()).apply(one.coordinates[atoms])
        return tuple(np.stack([points.min(axis=0), points.max(axis=0)], axis=1).ravel().tolist())

    def end(self) -> None:
        self._subscriptions.end()
        self.composite.end()
        self.axes.end()
        self.assembly.end()
        self.difference.end()
        self.bent.end()
        for actor in (*self._actors(), *([self._going] if self._going is not None else [])):
            actor.close()

    def _actors(self) -> list[MapActor | ModelActor]:
        return [*self.maps.values(), *self.models.values()]

    def look_from(self, sight: Sight) -> None:
        """Draw finely what is near enough to show the voxels of its map."""
        self._sight = sight
        for actor in self._all_maps():
            self._look_at(actor)

    def cut(self, clip: Clip | None, camera: vtkCamera, moving: bool) -> None:
        """Close maps where planes cut them, as they are seen now; to be called before each frame."""
        standing = None if clip is None else clip.standing(camera.GetFocalPoint(), camera.GetDirectionOfProjection())
        for actor in self._all_maps():
            actor.cut(standing, np.array(camera.GetDirectionOfProjection()), moving)

    def _all_maps(self) -> list[MapActor]:
        return [*self.maps.values(), *([self._going] if self._going is not None else [])]

    def _look_at(self, actor: MapActor) -> None:
        if self._sight is not None:
            actor.look_from(self._sight)

    def arrange(self, _: object = None) -> None:
        """Put every model where it belongs; one that is accepted is not drawn where its file has it, since that is no place any more."""
        placed = self.composite.models if self._view_state.accepted_shown else set()
        fit, placement, hand, frame = self._session.fit, self._session.placement, self._session.hand, self._view_state.frame
        for identifier, actor in self.models.items():
            if identifier not in self._session.models:
                continue  # gone together with what is told of now, and told next
            is_fitted = fit is not None and placement is not None and fit.record.model == identifier
            is_moved = hand is not None and hand.model == identifier
            is_previewed = self.preview is not None and self.preview[0] == identifier
            is_bent = identifier == self.bent.model and not (is_moved or is_previewed)
            actor.set_aside(is_bent or (identifier in placed and not (is_fitted or is_moved or is_previewed)))
            if self.preview is not None and self.preview[0] == identifier:
                actor.show_chains(self.preview[1])
                actor.move(self.preview[2])
            elif hand is not None and hand.model == identifier:
                actor.show_chains(hand.chains)
                actor.move(hand.pose)
            elif fit is not None and placement is not None and fit.record.model == identifier:
                actor.show_chains(fit.record.chains)
                on_its_way = frame.pose(placement.rank) if frame is not None and frame.fit is fit else None
                actor.move(on_its_way or placement.pose)
            else:
                actor.show_chains(self._session.models[identifier].model.chains)
                actor.move(self._session.brought.get(identifier) or self._beside.get(identifier))
        self._stage.draw()
        drawn = [(name, actor.chains, bool(actor.actor.GetVisibility())) for name, actor in self.models.items()], self.bent.model
        if drawn != self._told:
            self._told = drawn
            self.changed.emit()

    def _stand_beside(self) -> None:
        """Draw models that lie far from every map beside one, where both can be seen."""
        maps = [item.density for item in self._session.maps.values()]
        self._beside = stood_beside({name: item.model for name, item in self._session.models.items()}, maps)
        self.arrange()

    def _shown_bounds(self) -> Iterator[Bounds]:
        for actor in self.maps.values():
            if actor.is_shown:
                yield actor.bounds()
        for model in self.models.values():
            if model.actor.GetVisibility() and not model.is_empty:
                yield model.bounds()
        bent = self.bent.bounds()
        if bent is not None:
            yield bent

    def _add_map(self, item: OpenMap) -> None:
        shown = self._session.shown_working(item.id) or item
        actor = self.maps[item.id] = MapActor(shown.density, self._view_state.maps[item.id], self.later, self._stage.draw, shown.overview)
        actor.set_silhouettes(self._view_state.silhouettes)
        for prop in actor.props:
            self._stage.add(prop)
        self._look_at(actor)
        self._order_maps()
        self._stand_beside()

    def _exchange_map(self, identifier: str) -> None:
        """Draw what a composite left of a map, or would leave, or the map itself again."""
        if identifier in self.maps:
            zeroing = self._view_state.zeroing
            preview = zeroing if zeroing is not None and zeroing.map == identifier else None
            shown = preview or self._session.shown_working(identifier) or self._session.maps[identifier]
            self.maps[identifier].take(shown.density, shown.overview)
            self._stage.draw()

    def _show_zeroing(self, preview: ZeroOutPreview | None) -> None:
        """Draw what is left of the map in its place, and what would go in a colour of its own."""
        if self._going is not None:
            self._going.close()
            for prop in self._going.props:
                self._stage.remove(prop)
            self._going = None
        for identifier in self.maps:
            self._exchange_map(identifier)
        if preview is not None and preview.map in self.maps:
            style = self._view_state.maps[preview.map].model_copy(update=_GOING)
            self._going = MapActor(preview.going, style, self.later, self._stage.draw, preview.going_overview)
            self._going.set_silhouettes(self._view_state.silhouettes)
            self._look_at(self._going)
            for prop in self._going.props:
                self._stage.add(prop)
        self._order_maps()
        self._stage.draw()

    def _move_map(self, move: MapMove | None) -> None:
        """Draw one map elsewhere than it stands, and all others where they do."""
        for identifier, actor in self.maps.items():
            actor.move(move.matrix if move is not None and move.map == identifier else None)
            self._look_at(actor)
        self._stage.draw()

    def _remove_map(self, identifier: str) -> None:
        actor = self.maps.pop(identifier)
        actor.close()
        for prop in actor.props:
            self._stage.remove(prop)
        self._order_maps()
        self._stand_beside()

    def _order_maps(self) -> None:
        """Draw maps after models, and the larger over the smaller, since what is drawn first shows through."""
        maps = [*self.maps.values(), *([self._going] if self._going is not None else [])]
        if len(maps) > 1:
            maps.sort(key=MapActor.volume)
        self._stage.draw_last([prop for actor in maps for prop in actor.props])

    def _add_model(self, item: OpenModel) -> None:
        actor = self.models[item.id] = ModelActor(item, self._view_state.models[item.id], self.later, self._stage.draw)
        actor.set_silhouettes(self._view_state.silhouettes)
        if item.id in self._view_state.residue_colours:
            actor.paint(self._view_state.residue_colours[item.id])
        actor.highlight(self._view_state.selection.of_model(item.id))
        for prop in actor.props:
            self._stage.add(prop)
        self._stand_beside()

    def _remove_model(self, identifier: str) -> None:
        if self.preview is not None and self.preview[0] == identifier:
            self.preview = None
        actor = self.models.pop(identifier)
        actor.close()
        for prop in actor.props:
            self._stage.remove(prop)

    def _style_map(self, identifier: str, style: MapStyle) -> None:
        if identifier in self.maps:
            self.maps[identifier].apply(style)
            self._order_maps()

    def _style_model(self, identifier: str, style: ModelStyle) -> None:
        if identifier in self.models:
            self.models[identifier].apply(style)
            self._stage.draw()

    def _paint_model(self, identifier: str, colours: NDArray[np.uint8] | None) -> None:
        if identifier in self.models:
            self.models[identifier].paint(colours)
            self._stage.draw()

    def _highlight(self, selection: Selection) -> None:
        for identifier, actor in self.models.items():
            actor.highlight(selection.of_model(identifier))
        self._stage.draw()

    def _set_silhouettes(self) -> None:
        for actor in self._actors():
            actor.set_silhouettes(self._view_state.silhouettes)
        self._stage.draw()

    def _move_level(self, identifier: str, level: float) -> None:
        if identifier in self.maps:
            self.maps[identifier].show_moving_level(level)
            self._stage.draw()
