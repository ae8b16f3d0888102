"""Where a map knows too little of a model: the reason, in words."""

from collections.abc import Sequence

import numpy as np

from difffit_core.fit.judge.kin import share_inside
from difffit_core.fit.judge.significance import cannot_say
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.subject import ModelSide
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Placement, Verdict


def warnings_of(request: FitRequest, model: ModelSide, placements: Sequence[Placement], leaders: Candidates) -> tuple[FitWarning, ...]:
    """Why the best placement cannot be judged; nothing where it can. ``leaders`` stand for the placements, in the same order."""
    if not placements or placements[0].verdict is not Verdict.CANNOT_BE_JUDGED:
        return ()
    inside = float(share_inside(leaders.take(np.array([0])), model, request)[0])
    reason = cannot_say(model.template.volume, request.resolution, inside)
    return (FitWarning("limits", f"The best placement cannot be judged: {reason}."),)
