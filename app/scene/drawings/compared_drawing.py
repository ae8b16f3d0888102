"""The other placement of a comparison, in a colour of its own over the selected one: as a contour, or where it lies off that one."""

import numpy as np
from psygnal import Signal

from difffit_app.geometry.key import Key
from difffit_app.geometry.overlap import covered
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.stage import Surface
from difffit_app.state.judging import Judgement, JudgingState
from difffit_app.state.selection import Run, runs_of
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.pose import Pose

COLOUR = "#ff00ff"
"""Magenta: far from the colours of chains, copies and maps, of how well residues fit, and of what is selected."""
_OPACITY = 0.65


class ComparedDrawing:
    """Follows what is judged on a stage: the same chains once more, in the pose of the other placement, while two are compared.

    Where it is cut away, only what the selected one does not cover is left of it, and drawn in full. ``changed`` tells that it is drawn or
    gone.
    """

    changed = Signal()

    def __init__(self, session: Session, view_state: ViewState, judging: JudgingState, stage: Surface) -> None:
        self._session, self._view_state, self._judging, self._stage = session, view_state, judging, stage
        self.actor: ModelActor | None = None
        self._told: Judgement | None = None
        self._subscriptions = Subscriptions()
        for signal in (
            judging.changed,
            judging.other_changed,
            judging.cut_away_changed,
            view_state.model_style_changed,
            view_state.frame_changed,
            session.events.hand_moved,
            session.events.placement_selected,
        ):
            self._subscriptions.add(signal, self._follow)
        self._subscriptions.add(session.events.model_removed, self._follow)
        self._follow()

    @property
    def rank(self) -> int | None:
        """Of the placement that is drawn; None where none is."""
        return None if self._told is None or self._told.comparison is None else self._told.comparison.other.rank

    def keys(self) -> list[Key]:
        """Which is which, and how far apart they are."""
        if self._told is None or self._told.comparison is None:
            return []
        other, apart, selected = self._told.comparison.other.rank, self._told.comparison.difference, self._told.placement.rank
        words = f"placement {other}, {apart.distance:.1f} Å away, turned by {apart.angle:.0f}°, RMSD {apart.rmsd:.1f} Å"
        return [Key("Compared", ((COLOUR, words), ("", f"placement {selected} in the colours below")))]

    def end(self) -> None:
        self._subscriptions.end()
        self._take(None)

    def _follow(self, *_: object) -> None:
        judgement, session = self._judging.judgement, self._session
        shown = (
            judgement is not None
            and judgement.comparison is not None
            and judgement.comparison.other is self._judging.other
            and judgement.placement is session.placement
            and judgement.model_id in session.models
            and judgement.fit_id in session.fits
            and self._view_state.models[judgement.model_id].visible
            and self._view_state.frame is None
            and session.hand is None
        )
        self._take(judgement if shown else None)

    def _take(self, judgement: Judgement | None) -> None:
        if self.actor is None and judgement is None:
            return
        told, self._told = self._told, judgement
        if self.actor is not None:
            self.actor.close()
            for prop in self.actor.props:
                self._stage.remove(prop)
            self.actor = None
        if judgement is not None and judgement.comparison is not None:
            within = self._judging.cut_away
            style = self._view_state.models[judgement.model_id]
            look = {"colour_by": "plain", "colour": COLOUR, "painted": (), "opacity": 1.0 if within else _OPACITY}
            if within:
                look["hidden"] = (*style.hidden, *self._covered(judgement, judgement.comparison.other.pose, within))
            self.actor = ModelActor(self._session.models[judgement.model_id], style.model_copy(update=look))
            self.actor.show_chains(self._session.fits[judgement.fit_id].record.chains)
            self.actor.move(judgement.comparison.other.pose)
            if within:
                self.actor.set_silhouettes(self._view_state.silhouettes)
            else:
                self.actor.show_as_contour()
            for prop in self.actor.props:
                self._stage.add(prop)
        self._stage.draw()
        if told is not judgement:
            self.changed.emit()

    def _covered(self, judgement: Judgement, other: Pose, within: float) -> tuple[Run, ...]:
        """Residues that the selected placement covers where the other one has them."""
        model = self._session.models[judgement.model_id].model
        atoms = model.in_fit & np.isin(model.chain_names, self._session.fits[judgement.fit_id].record.chains)
        points = model.coordinates[atoms]
        return runs_of(covered(other.apply(points), model.residue_index[atoms], judgement.placement.pose.apply(points), within).tolist())
