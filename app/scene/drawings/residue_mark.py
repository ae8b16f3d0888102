"""The marked residue, in the fit view."""

import numpy as np

from difffit_app.scene.actors.mark import Mark
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.state.judging import JudgingState
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.pose import Pose


class ResidueMark:
    """Follows a `JudgingState`: the mark goes with the model from placement to placement, and on its way in a replay."""

    def __init__(self, session: Session, view_state: ViewState, judging: JudgingState, drawing: FitDrawing, mark: Mark) -> None:
        self._session, self._judging, self._drawing, self._mark = session, judging, drawing, mark
        self._subscriptions = Subscriptions()
        for signal in (
            judging.changed,
            judging.metric_changed,
            judging.marked_changed,
            session.events.placement_selected,
            view_state.frame_changed,
        ):
            self._subscriptions.add(signal, self._draw)

    def end(self) -> None:
        self._subscriptions.end()

    def where(self) -> np.ndarray | None:
        """The middle (x, y, z) of the marked residue in Å, where it is drawn; None for no mark."""
        judgement, marked = self._judging.judgement, self._judging.marked
        if judgement is None or marked is None or judgement.model_id not in self._drawing.models:
            return None
        model = self._session.models[judgement.model_id].model
        atoms = model.in_fit & (model.residue_index == judgement.residues.index[marked])
        return self._pose(judgement.model_id).apply(model.coordinates[atoms].mean(axis=0))

    def _pose(self, model_id: str) -> Pose:
        return self._drawing.models[model_id].pose or Pose.identity()

    def _draw(self, *_: object) -> None:
        judgement, marked = self._judging.judgement, self._judging.marked
        if judgement is None or marked is None or judgement.model_id not in self._drawing.models:
            self._mark.hide()
            return
        model, pose = self._session.models[judgement.model_id].model, self._pose(judgement.model_id)
        stale = judgement.placement is not self._session.placement
        name = judgement.residues.label(marked) + ("" if stale else f"  {self._judging.told(marked)}")
        self._mark.show_residue(model, int(judgement.residues.index[marked]), pose, name)
