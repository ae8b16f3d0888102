"""What a user should know of an alignment before trusting it."""

from difffit_core.align.request import AlignRequest, AlignResult
from difffit_core.fit.judge.significance import cannot_say
from difffit_core.fit.search.detail import warning_of
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Verdict


def warnings_of(request: AlignRequest, result: AlignResult, where: MapSide, side: ModelSide) -> tuple[FitWarning, ...]:
    """Everything, one sentence or two each. ``where`` and ``side`` are the searched map and what was searched in it."""
    resolution = request.resolution
    said = list(warning_of(where.density, resolution))
    best = result.best
    if best.verdict is Verdict.CANNOT_BE_JUDGED:
        inside = result.precision[0].inside if result.precision[0] else 0.0
        reason = cannot_say(side.template.volume, resolution, inside) or "too little of it lies in the other map's box"
        said.append(FitWarning("limits", f"The best placement cannot be judged: {reason}."))
    elif best.verdict.is_chance:
        said.append(
            FitWarning(
                "chance",
                f"The two maps may have nothing in common: the best placement is as good as chance makes (p = {best.p_value:.2g}).",
            )
        )
    said += _of_hand(request, result)
    for name, density_map in (("fixed", request.fixed), ("moving", request.moving)):
        finest = 2 * float(density_map.voxel_size.min())
        if resolution < 0.99 * finest:
            said.append(
                FitWarning(
                    "resolution",
                    f"The {name} map's voxels of {density_map.voxel_size.min():.4g} Å hold no detail finer than {finest:.4g} Å, "
                    f"but the stated resolution is {resolution:g} Å.",
                )
            )
    if result.swapped:
        said.append(
            FitWarning(
                "swapped",
                f"{request.moving.name} holds more density than {request.fixed.name}, so that the latter was looked for in it; "
                "the move that is given takes the moving map onto the fixed one all the same.",
            )
        )
    if result.precision[0] is None:
        said.append(FitWarning("refinement", "The refinement by voxels left the best place, whose pose is given as the search found it."))
    return tuple(said)


def _of_hand(request: AlignRequest, result: AlignResult) -> list[FitWarning]:
    if result.best.verdict.is_chance or len(result.hands) == 1:
        return []
    same, other = (next(one for one in result.hands if (one.hand == result.hand) == wanted) for wanted in (True, False))
    figures = [f"{one.local_correlation:.3f} (p = {one.p_value:.1g})" for one in (same, other)]
    compared = f"local correlation {figures[0]} against {figures[1]}"
    if not result.hand_known:
        return [FitWarning("hand", f"The two hands fit about alike, {compared}: at this resolution the hand cannot be told.")]
    if result.hand == "mirrored":
        return [
            FitWarning(
                "hand",
                f"{request.moving.name} is of the other hand than {request.fixed.name}: mirrored it fits with {compared} as it is. "
                "The move applies to the mirrored map, which difffit map MAP --mirror --out FILE writes.",
            )
        ]
    return []
