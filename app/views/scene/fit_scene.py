"""The left view: maps as surfaces, and the models in the selected placement."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.scene.map_actor import MapActor
from difffit_app.views.scene.model_actor import ModelActor
from difffit_app.views.scene.scene_widget import SceneWidget
from difffit_app.views.subscriptions import Subscriptions
from difffit_core.pose import Pose
from difffit_core.project.schema import MapStyle, ModelStyle


class FitScene(SceneWidget):
    """Follows the session. ``maps`` are shared with the cluster view, which shows their ghosts."""

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__("Fit view: map and placed model", parent)
        self._session, self._view_state = session, view_state
        self.maps: dict[str, MapActor] = {}
        self.models: dict[str, ModelActor] = {}
        self._preview: tuple[str, tuple[str, ...], Pose] | None = None
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.map_added, self._add_map),
            (events.map_removed, self._remove_map),
            (events.model_added, self._add_model),
            (events.model_removed, self._remove_model),
            (events.fit_selected, self._arrange),
            (events.placement_selected, self._arrange),
            (view_state.map_style_changed, self._style_map),
            (view_state.model_style_changed, self._style_model),
            (view_state.residue_colours_changed, self._paint_model),
            (view_state.moving_level_changed, self._move_level),
        ):
            self._subscriptions.add(signal, slot)

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None:
        """Show a model in a pose that is no placement yet."""
        self._preview = (model_id, tuple(chains), pose)
        self._arrange()

    def clear_preview(self) -> None:
        self._preview = None
        self._arrange()

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around all that is shown, or None where there is nothing."""
        shown = list(self._shown_bounds())
        if not shown:
            return None
        return tuple((min if i % 2 == 0 else max)(bounds[i] for bounds in shown) for i in range(6))

    def shut(self) -> None:
        self._subscriptions.end()
        super().shut()

    def _shown_bounds(self) -> Iterator[tuple[float, ...]]:
        for actor in self.maps.values():
            if actor.surface.GetVisibility():
                yield actor.bounds()
        for model in self.models.values():
            if model.actor.GetVisibility():
                yield model.bounds()

    def _add_map(self, item: OpenMap) -> None:
        actor = self.maps[item.id] = MapActor(item.density, self._view_state.maps[item.id])
        self.add(actor.surface)

    def _remove_map(self, identifier: str) -> None:
        self.remove(self.maps.pop(identifier).surface)

    def _add_model(self, item: OpenModel) -> None:
        actor = self.models[item.id] = ModelActor(item, self._view_state.models[item.id])
        self.add(actor.actor)

    def _remove_model(self, identifier: str) -> None:
        if self._preview is not None and self._preview[0] == identifier:
            self._preview = None
        self.remove(self.models.pop(identifier).actor)

    def _style_map(self, identifier: str, style: MapStyle) -> None:
        if identifier in self.maps:
            self.maps[identifier].apply(style)
            self.draw()

    def _style_model(self, identifier: str, style: ModelStyle) -> None:
        if identifier in self.models:
            self.models[identifier].apply(style)
            self.draw()

    def _paint_model(self, identifier: str, colours: NDArray[np.uint8] | None) -> None:
        if identifier in self.models:
            self.models[identifier].paint(colours)
            self.draw()

    def _move_level(self, identifier: str, level: float) -> None:
        if identifier in self.maps:
            self.maps[identifier].show_moving_level(level)
            self.draw()

    def _arrange(self, _: object = None) -> None:
        fit, placement = self._session.fit, self._session.placement
        for identifier, actor in self.models.items():
            if self._preview is not None and self._preview[0] == identifier:
                actor.show_chains(self._preview[1])
                actor.move(self._preview[2])
            elif fit is not None and placement is not None and fit.record.model == identifier:
                actor.show_chains(fit.record.chains)
                actor.move(placement.pose)
            else:
                actor.show_chains(self._session.models[identifier].model.chains)
                actor.move(None)
        self.draw()
