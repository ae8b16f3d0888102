"""Where two maps differ: what only one has, and what only the other has, as surfaces in two colours."""

from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.stage import Surface
from difffit_app.state.aligning import Difference
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState, default_map_style

ONLY_FIXED, ONLY_MOVING = "#3fae5a", "#d64550"
_OPACITY = 0.8


class DifferenceDrawing:
    """Follows the view state on a stage."""

    def __init__(self, view_state: ViewState, stage: Surface) -> None:
        self._stage = stage
        self.actors: list[MapActor] = []
        self._subscriptions = Subscriptions()
        self._subscriptions.add(view_state.difference_changed, self._show)
        self._show(view_state.difference)

    def end(self) -> None:
        self._subscriptions.end()
        for actor in self.actors:
            actor.close()

    def _show(self, difference: Difference | None) -> None:
        for actor in self.actors:
            actor.close()
            for prop in actor.props:
                self._stage.remove(prop)
        self.actors = []
        if difference is not None:
            density = difference.density
            for sign, colour in ((1, ONLY_FIXED), (-1, ONLY_MOVING)):
                style = default_map_style(difference.level, 0).model_copy(update={"colour": colour, "opacity": _OPACITY})
                self.actors.append(MapActor(density if sign > 0 else density.with_values(-density.values), style))
            for actor in self.actors:
                for prop in actor.props:
                    self._stage.add(prop)
        self._stage.draw()
