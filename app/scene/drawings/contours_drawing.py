"""The placements that are selected together, as contours over the one that is shown: how overlapping poses are told apart."""

import numpy as np
from psygnal import Signal

from difffit_app.geometry.key import Key
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.actors.rank_labels import RankLabels
from difffit_app.scene.stage import Stage
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.colours import chain_colour
from difffit_core.placement import Placement

MOST = 6
_OPACITY = 0.3


class ContoursDrawing:
    """Follows the session on a stage: up to `MOST` of the chosen placements beside the selected one, clear but for rims and ranks.

    ``changed`` tells that others are drawn.
    """

    changed = Signal()

    def __init__(self, session: Session, view_state: ViewState, stage: Stage) -> None:
        self._session, self._view_state, self._stage = session, view_state, stage
        self.actors: dict[int, ModelActor] = {}
        self._colours: dict[int, str] = {}
        self._left_out: int | None = None
        self.ranks = RankLabels(MOST + 1)
        for label in self.ranks.actors:
            stage.add_label(label)
        self._observer = stage.labels.AddObserver("StartEvent", lambda *_: self.ranks.spread(stage.labels))
        self._subscriptions = Subscriptions()
        events = session.events
        for signal in (
            view_state.chosen_changed, view_state.frame_changed, view_state.model_style_changed, view_state.filter_changed,
            events.fit_selected, events.placement_selected, events.hand_moved, events.model_removed,
        ):  # fmt: skip
            self._subscriptions.add(signal, self._show)
        self._show()

    def leave_out(self, rank: int | None) -> None:
        """Do not draw that placement, which is drawn otherwise, but still say its rank; None to draw all."""
        if rank != self._left_out:
            self._left_out = rank
            self._show()

    def keys(self) -> list[Key]:
        """The colour of each."""
        swatches = tuple((colour, f"placement {rank}") for rank, colour in self._colours.items())
        return [Key("Contours", swatches)] if swatches else []

    def end(self) -> None:
        self._subscriptions.end()
        self._stage.labels.RemoveObserver(self._observer)
        self._dismiss()

    def _wanted(self) -> list[Placement]:
        """By rank, without the one that is shown in full."""
        session, view_state = self._session, self._view_state
        fit, selected = session.fit, session.placement
        if fit is None or selected is None or len(view_state.chosen) < 2 or view_state.frame is not None or session.hand is not None:
            return []
        if fit.record.model not in session.models or not view_state.models[fit.record.model].visible:
            return []
        shown = (fit.placements[i] for i in view_state.shown(fit))
        return [one for one in shown if one.rank in view_state.chosen and one.rank != selected.rank][:MOST]

    def _show(self, *_: object) -> None:
        wanted = self._wanted()
        if not wanted and not self.actors and self._left_out is None:
            return
        self._dismiss()
        fit, selected = self._session.fit, self._session.placement
        ranks, middles = [], []
        if wanted and fit is not None and selected is not None:
            item = self._session.models[fit.record.model]
            style = self._view_state.models[fit.record.model]
            taken = style.first_colour + len(item.model.chains)
            for number, placement in enumerate(wanted):
                if placement.rank == self._left_out:
                    continue
                colour = self._colours[placement.rank] = chain_colour(taken + number)
                look = {"colour_by": "plain", "colour": colour, "opacity": _OPACITY}
                actor = ModelActor(item, style.model_copy(update=look))
                actor.show_chains(fit.record.chains)
                actor.move(placement.pose)
                actor.show_as_contour()
                self.actors[placement.rank] = actor
                for prop in actor.props:
                    self._stage.add(prop)
            for placement in (selected, *wanted):
                ranks.append(placement.rank)
                middles.append(placement.pose.apply(fit.arrays.centre[None])[0])
        self.ranks.show(ranks, np.array(middles).reshape(-1, 3), None if selected is None else selected.rank)
        self._stage.draw()
        self.changed.emit()

    def _dismiss(self) -> None:
        for actor in self.actors.values():
            actor.close()
            for prop in actor.props:
                self._stage.remove(prop)
        self.actors, self._colours = {}, {}
