"""The other placement of a comparison, in a colour of its own over the selected one: as a contour, or where it lies off that one."""

import numpy as np

from difffit_app.geometry.overlap import covered
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.stage import Surface
from difffit_app.state.judging import Judgement, JudgingState
from difffit_app.state.selection import Run, runs_of
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.pose import Pose

COLOUR = "#f2a33a"
_OPACITY = 0.4


class ComparedDrawing:
    """Follows what is judged on a stage: the same chains once more, in the pose of the other placement, while two are compared.

    Where it is cut away, only what the selected one does not cover is left of it, and drawn in full.
    """

    def __init__(self, session: Session, view_state: ViewState, judging: JudgingState, stage: Surface) -> None:
        self._session, self._view_state, self._judging, self._stage = session, view_state, judging, stage
        self.actor: ModelActor | None = None
        self._subscriptions = Subscriptions()
        for signal in (
            judging.changed,
            judging.cut_away_changed,
            view_state.model_style_changed,
            view_state.frame_changed,
            session.events.hand_moved,
        ):
            self._subscriptions.add(signal, self._follow)
        self._subscriptions.add(session.events.model_removed, self._follow)

    def end(self) -> None:
        self._subscriptions.end()
        self._take(None)

    def _follow(self, *_: object) -> None:
        judgement, session = self._judging.judgement, self._session
        shown = (
            judgement is not None
            and judgement.comparison is not None
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

    def _covered(self, judgement: Judgement, other: Pose, within: float) -> tuple[Run, ...]:
        """Residues that the selected placement covers where the other one has them."""
        model = self._session.models[judgement.model_id].model
        atoms = model.in_fit & np.isin(model.chain_names, self._session.fits[judgement.fit_id].record.chains)
        points = model.coordinates[atoms]
        return runs_of(covered(other.apply(points), model.residue_index[atoms], judgement.placement.pose.apply(points), within).tolist())
