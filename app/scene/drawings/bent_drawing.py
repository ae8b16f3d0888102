"""The bent model that is shown, on its way from the rigid one."""

from collections.abc import Callable
from dataclasses import replace

from vtkmodules.vtkRenderingCore import vtkProp3D

from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.stage import Bounds, Surface
from difffit_app.state.items import OpenModel, OpenRefinement
from difffit_app.state.selection import Selection
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import ModelStyle
from difffit_core.errors import UserError

_Wanted = tuple[OpenRefinement, float]


class BentDrawing:
    """Follows the session on a stage: the bent model in the style of its rigid one, at the share of the way that the view state says.

    ``later`` gives who makes the geometry; of shares that are asked for while one is being made only the last is drawn.
    ``on_change`` is called when another model is drawn bent, or none.
    """

    def __init__(
        self, session: Session, view_state: ViewState, stage: Surface, later: Callable[[], Later | None], on_change: Callable[[], None]
    ) -> None:
        self._session, self._view_state, self._stage = session, view_state, stage
        self._later, self._on_change = later, lambda: None
        self._actor: ModelActor | None = None
        self._shown: _Wanted | None = None
        self._making = self._ended = False
        self._subscriptions = Subscriptions()
        self._subscriptions.add(session.events.refinement_selected, self._follow)
        self._subscriptions.add(view_state.morph_changed, self._follow)
        self._subscriptions.add(view_state.model_style_changed, self._style)
        self._subscriptions.add(view_state.selection_changed, self._highlight)
        self._subscriptions.add(view_state.effects_changed, self._set_silhouettes)
        self._follow()
        self._on_change = on_change

    @property
    def model(self) -> str | None:
        """Id of the model that is drawn bent."""
        return None if self._actor is None or self._shown is None else self._shown[0].record.model

    @property
    def actor(self) -> ModelActor | None:
        """What draws it; None where no model is drawn bent."""
        return self._actor

    def end(self) -> None:
        self._ended = True
        self._subscriptions.end()
        if self._actor is not None:
            self._actor.close()

    def bounds(self) -> Bounds | None:
        """Box around it, if it is shown."""
        return None if self._actor is None or not self._actor.actor.GetVisibility() else self._actor.bounds()

    def _follow(self, *_: object) -> None:
        refinement = self._session.refinement
        wanted = None if refinement is None else (refinement, self._view_state.morph)
        if wanted is None or wanted[0].record.model not in self._session.models:
            self._take(None, None)
        elif self._making or wanted == self._shown:
            return
        else:
            opened, later = self._session.models[wanted[0].record.model], self._later()
            if later is None:
                self._take(wanted, _made(opened, *wanted))
            else:
                self._making = True
                later(lambda: _made(opened, *wanted), lambda item: self._take_late(wanted, item))

    def _take_late(self, wanted: _Wanted, item: OpenModel | None) -> None:
        self._making = False
        if not self._ended:
            if self._session.refinement is wanted[0] and wanted[0].record.model in self._session.models:
                self._take(wanted, item)
            self._follow()

    def _take(self, shown: _Wanted | None, item: OpenModel | None) -> None:
        if self._actor is not None:
            self._actor.close()
            for prop in self._props():
                self._stage.remove(prop)
        self._actor, self._shown = None, shown
        if item is not None:
            self._actor = ModelActor(item, self._view_state.models[item.id])
            self._actor.set_silhouettes(self._view_state.silhouettes)
            self._actor.highlight(self._view_state.selection.of_model(item.id))
            for prop in self._props():
                self._stage.add(prop)
        self._on_change()
        self._stage.draw()

    def _props(self) -> tuple[vtkProp3D, ...]:
        return () if self._actor is None else self._actor.props

    def _style(self, identifier: str, style: ModelStyle) -> None:
        if self._actor is not None and identifier == self.model:
            self._actor.apply(style)
            self._stage.draw()

    def _highlight(self, selection: Selection) -> None:
        if self._actor is not None and self.model is not None:
            self._actor.highlight(selection.of_model(self.model))
            self._stage.draw()

    def _set_silhouettes(self) -> None:
        if self._actor is not None:
            self._actor.set_silhouettes(self._view_state.silhouettes)
            self._stage.draw()


def _made(opened: OpenModel, refinement: OpenRefinement, share: float) -> OpenModel | None:
    """The model with its geometry at a share of the way; any thread may do it, whether the model is still open by then or not."""
    from difffit_app.geometry.build import build_model_mesh  # brings scipy, which the window does not need to come up

    try:
        model = opened.model.select_chains(refinement.record.recipe.chains)
    except UserError:
        return None
    bent = replace(model, coordinates=refinement.coordinates(model, share))
    return replace(opened, model=bent, mesh=build_model_mesh(bent))
