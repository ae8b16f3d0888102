"""The other hand: where nothing fits, the mirrored map is searched once."""

from collections.abc import Sequence
from dataclasses import replace

from difffit_core.correction import Correction
from difffit_core.fit.request import FitRequest
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Placement, Verdict

COARSEST = 10.0
"""Resolution in Å beyond which a map hardly tells left from right."""
DOUBTFUL = 1e-3
"""A best placement of a higher p-value is worth a look at the mirrored map."""
_CLEARLY = 1e-2
"""How many times less likely to be chance what fits the mirrored map must be."""
_CORRECTION = Correction(mirror=True)


def wants_mirror(request: FitRequest, placements: Sequence[Placement], *, cancelled: bool) -> bool:
    """Whether the other hand should be tried: a search everywhere, in a map that tells the hand, has found nothing that is sure."""
    everywhere = not request.is_local and request.settings.polish_steps > 0
    clear = request.resolution <= COARSEST and not cancelled
    return bool(everywhere and clear and placements and placements[0].p_value >= DOUBTFUL)


def is_other_hand(placements: Sequence[Placement], in_mirror: Sequence[Placement]) -> bool:
    """Whether what fits the mirrored map is significant, and far less likely to be chance than what fits the map."""
    best = in_mirror[0] if in_mirror else None
    return best is not None and not best.verdict.is_chance and best.p_value < _CLEARLY * placements[0].p_value


def as_chance(placements: Sequence[Placement]) -> tuple[Placement, ...]:
    """The same placements, all of them chance: the model belongs into the mirrored map."""
    return tuple(replace(one, verdict=Verdict.NOT_SIGNIFICANT, copy_of=None) for one in placements)


def warning_of(in_mirror: Sequence[Placement]) -> FitWarning:
    """What to say of a map of the wrong hand."""
    best = in_mirror[0]
    message = (
        f"The map has the wrong hand: the model fits its mirror image with p = {best.p_value:.1g} (local correlation "
        f"{best.metrics.local_correlation:.3f}), and what fits the map as it is, is chance. "
        f"difffit map MAP {_CORRECTION} --out FILE writes the mirrored map."
    )
    return FitWarning("hand", message, _CORRECTION)
