"""Going on where a search found nothing significant: with half of the model's atoms at a time.

What a search climbs is the mean of a field over the model's atoms, and a model of which half has no density finds a higher mean beside its
place, where all of it has some. The half that has its density is a usual search, and leads to a pose of the whole, which then is judged as
any other. Measured on maps without density for one half of the model (`tests/bench/RESULTS.md`).
"""

from dataclasses import replace

import numpy as np

from difffit_core.conventions import Array
from difffit_core.fit.judge.breaks import find_breaks
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.hand import DOUBTFUL
from difffit_core.fit.search.subject import ModelSide, drawn
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Placement, Verdict

_BEYOND_DOUBT = 1e-6
_SUPPORTED = 0.4
"""A significant placement of which less fits than this share of the residues may be a likeness."""
_SIDES = 6
"""Halves of a model: both sides of the planes through its centre across its three axes."""


def goes_on(request: FitRequest, placements: tuple[Placement, ...]) -> bool:
    """Whether searches everywhere have left open where the model lies.

    A placement of which a part clearly fits is an answer, though the rest may make it insignificant as a whole; one that is significant by
    little of the model, and not beyond doubt, may be where that little fits by likeness.
    """
    if request.is_local or not request.settings.polish_steps or not placements:
        return False
    best = placements[0]
    if best.verdict is Verdict.CANNOT_BE_JUDGED or best.p_value < _BEYOND_DOUBT:
        return False
    if request.model.body is not None:
        return bool(best.p_value >= SIGNIFICANT)
    breaks = find_breaks(request.target, request.model, best.pose, request.seed)
    return not breaks.part_is_clear if best.p_value >= DOUBTFUL else breaks.share < _SUPPORTED


def warnings_of(request: FitRequest, placements: tuple[Placement, ...], searches: int) -> tuple[FitWarning, ...]:
    """That a fit went on, what came of it, and what is left to try; nothing of one that did not."""
    if searches < 2 or not placements:
        return ()
    starts = request.settings.starts * len(request.settings.fields)
    best = placements[0]
    went_on = (
        f"The first search, of {starts} starts, left it open where the model lies, and {searches - 1} further "
        f"{'search was' if searches == 2 else 'searches were'} made, each with half of the model's atoms"
    )
    if best.p_value < SIGNIFICANT:
        return (FitWarning("search", f"{went_on}. The best placement's p = {best.p_value:.1g} counts all {searches}."),)
    left = f"the best placement is one that {best.p_value:.0%} of models that do not belong here would reach"
    return (
        FitWarning(
            "search",
            f"{went_on}. Still nothing is significant: {left}. More starts (preset exhaustive) or more halves (further) may find it.",
        ),
    )


def half(model: ModelSide, request: FitRequest, number: int) -> ModelSide:
    """The model of search ``number``, from 1: all of it for judging, and for searching and refining the atoms of one half.

    The first six are the halves across the longest axis, the next and the shortest; later ones lie across axes turned at random.
    """
    rng = np.random.default_rng([request.seed, 0, number])
    points = np.column_stack(model.atoms.columns).astype(np.float64)
    turn, side = divmod(number - 1, _SIDES)
    axes: Array = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    if turn:
        axes = np.linalg.qr(np.random.default_rng([request.seed, turn]).normal(size=(3, 3)))[0]
    along = points @ axes[side // 2] * (1 if side % 2 == 0 else -1)
    mine = points[along >= np.median(along)]
    settings = request.settings
    return replace(
        model,
        search_atoms=drawn(mine, settings.search_atoms, rng),
        refine_atoms=drawn(mine, settings.refine_atoms, rng),
        anchor=mine.mean(axis=0),
    )
