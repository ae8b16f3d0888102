"""Colours of residues by how well they fit, on the models whose style asks for them."""

import numpy as np

from difffit_app.geometry.colours import FIT_COLOURS, NEAR_TO_FAR, UNKNOWN, colour_fit, rgb
from difffit_app.state.judging import RESIDUE_METRICS, Judgement, JudgingState
from difffit_app.state.session import Session
from difffit_app.state.view_state import ResidueScale, ViewState


class ResidueColours:
    """Keeps the painted residues of the view state in step; what is not known, or of another pose, is grey."""

    def __init__(self, session: Session, view_state: ViewState, judging: JudgingState) -> None:
        self._session, self._view_state, self._judging = session, view_state, judging
        for signal in (
            judging.changed,
            judging.metric_changed,
            judging.busy_changed,
            view_state.model_style_changed,
            view_state.frame_changed,
        ):
            signal.connect(self._paint)

    def _paint(self, *_: object) -> None:
        judgement = None if self._judging.busy or self._view_state.frame is not None else self._judging.judgement
        for identifier, style in self._view_state.models.items():
            if identifier not in self._session.models:  # closed just now, and its style is forgotten next
                continue
            judged = judgement is not None and judgement.model_id == identifier and style.colour_by == "local_fit"
            if judged and judgement is not None:
                self._view_state.set_residue_colours(identifier, self._colours(judgement), self._scale(judgement))
            elif identifier in self._view_state.residue_colours:
                self._view_state.set_residue_colours(identifier, None)

    def _scale(self, judgement: Judgement) -> ResidueScale:
        metric = RESIDUE_METRICS[self._judging.metric]
        if metric.high is not None:
            return metric.title, FIT_COLOURS, (f"{metric.low:g} and less", f"{metric.high:g} and more")
        values = judgement.values(self._judging.metric)
        most = float(values[np.isfinite(values)].max(initial=metric.low))
        return metric.title, NEAR_TO_FAR, (f"{metric.low:g}", f"{most:.1f} {metric.unit}".strip())

    def _colours(self, judgement: Judgement) -> np.ndarray:
        """(residues, 3), by `AtomicModel.residue_index`."""
        metric = RESIDUE_METRICS[self._judging.metric]
        colours = np.tile(rgb(UNKNOWN), (int(self._session.models[judgement.model_id].model.residue_index.max()) + 1, 1))
        colours[judgement.residues.index] = colour_fit(judgement.values(self._judging.metric), metric.low, metric.high)
        return colours
