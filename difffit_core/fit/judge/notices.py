"""What a fit notices beside its placements: where the best one breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from difffit_core.broken import BrokenStretch
from difffit_core.fit.judge.breaks import find_breaks
from difffit_core.fit.judge.scale import COARSEST, measure_scale, warnings_of
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Placement


@dataclass(frozen=True)
class Noticed:
    """Stretches of the best placement that do not fit, and all that there is to say."""

    broken: tuple[BrokenStretch, ...] = ()
    warnings: tuple[FitWarning, ...] = ()


def notice_scale(request: FitRequest, placements: Sequence[Placement], model: ModelSide, density: MapSide) -> tuple[FitWarning, ...]:
    """What the best placement says of the voxel size, if it is no chance and the map fine enough."""
    if not placements or placements[0].verdict.is_chance or request.resolution > COARSEST:
        return ()
    if density.density.finer:  # what is left of such a map is no measure
        return ()
    return warnings_of(request, measure_scale(request, model, density, placements[0].pose))


def notice(request: FitRequest, placements: Sequence[Placement]) -> Noticed:
    """Look at the best placement. One that may be chance as a whole says something only where a good part of it clearly fits."""
    if not placements or request.model.body is not None:  # a map has no residues that could break
        return Noticed()
    breaks = find_breaks(request.target, request.model, placements[0].pose, request.seed)
    chance = placements[0].verdict.is_chance
    if not breaks.stretches or (chance and not breaks.part_is_clear):
        return Noticed()
    doubt = "The best placement is not significant as a whole, but a part of it clearly fits. " if chance else ""
    return Noticed(breaks.stretches, (FitWarning("broken", doubt + breaks.sentence()),))
