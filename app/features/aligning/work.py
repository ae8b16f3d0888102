"""What workers do for an alignment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.state.aligning import Aligned
from difffit_app.workers.lane import Context
from difffit_core.density_map import DensityMap

if TYPE_CHECKING:
    from difffit_core.align.recipe import AlignRecipe
    from difffit_core.align.request import AlignRequest, AlignResult
    from difffit_core.fit.request import FitProgress


@dataclass(frozen=True, eq=False)
class Moving:
    """A map to be laid onto another: its id, name, file, density and level."""

    id: str
    name: str
    file: str
    density: DensityMap
    level: float


def align(recipe: "AlignRecipe", fixed: Moving, moving: Sequence[Moving], context: Context) -> tuple[Aligned, ...]:
    """Lay maps onto a map, one after the other; what was found before it is stopped is kept."""
    from difffit_core.align.run import prepare_fixed, run_align
    from difffit_core.device import resolve_device
    from difffit_core.errors import FitCancelled

    found: list[Aligned] = []
    ready = None
    for number, one in enumerate(moving):
        asked = recipe.changed(fixed=fixed.file, moving=(one.file,), level=fixed.level, moving_level=one.level)
        request = asked.bind(fixed.density, one.density)
        if ready is None and len(moving) > 1:
            ready = prepare_fixed(request, resolve_device(recipe.device))

        def tell(progress: "FitProgress", done: int = number, name: str = one.name) -> None:
            stage = f"{name}: {progress.stage}" if len(moving) > 1 else progress.stage
            context.report(replace(progress, stage=stage, fraction=(done + progress.fraction) / len(moving)))

        try:
            result = run_align(request, tell, context.cancel, ready)
        except FitCancelled:
            if not found:
                raise
            break
        found.append(Aligned(asked, fixed.id, one.id, request, result, asked.command(), lines_of(request, result)))
        if result.cancelled:
            break
    return tuple(found)


def lines_of(request: "AlignRequest", result: "AlignResult") -> tuple[str, ...]:
    """What there is to tell of an alignment, a sentence each."""
    best, exact, alike = result.best, result.precision[0], result.comparison
    tried = "; ".join(f"{one.hand} {one.local_correlation:.3f} (p = {one.p_value:.1g})" for one in result.hands)
    lines = [
        f"{request.moving.name} onto {request.fixed.name}: {best.verdict}, p = {best.p_value:.1g}.",
        f"Hand {result.hand}{'' if result.hand_known else ', not sure'}. Local correlation by hand: {tried}.",
    ]
    if exact is not None:
        lines.append(f"Refined by voxels: ± {exact.shift_error:.2g} Å and ± {exact.angle_error:.2g}°.")
    lines.append(
        f"Correlation {alike.correlation:.3f} where either has density; {alike.overlap:.0%} of the moving map's density lies in the fixed "
        f"map's, {alike.fixed_overlap:.0%} of that in the moving map's."
    )
    ends = [(limit, alike.masked.resolution(limit)) for limit in (0.5, 0.143)]
    falls = [f"below {limit} at {at:.3g} Å" for limit, at in ends if at is not None]
    lines.append(f"FSC of the two {' and '.join(falls) if falls else 'above 0.5 at every frequency'}.")
    for region in alike.regions[:5]:
        x, y, z = region.centre
        lines.append(f"Only in the {region.only_in} map: {region.volume:.0f} Å³ about {x:.0f}, {y:.0f}, {z:.0f}.")
    lines += [one.message for one in result.warnings]
    return (*lines, *(["Stopped early: this is the best place found until then."] if result.cancelled else []))


def write(folder: Path, aligned: Aligned) -> list[Path]:
    """Write what `difffit align` does into a folder of its own inside ``folder``."""
    from functools import partial

    from difffit_core.align.report import write_alignment_report
    from difffit_core.io.maps import write_map
    from difffit_core.io.tables import write_json_atomic
    from difffit_core.output import write_together
    from difffit_core.provenance import provenance

    request, result = aligned.request, aligned.result
    stem = f"{request.moving.name.split('.')[0]}_on_{request.fixed.name.split('.')[0]}".replace("/", "_")
    number, place = 1, folder / stem
    while place.exists():
        number += 1
        place = folder / f"{stem}_{number}"
    made = provenance(aligned.recipe, device=result.device, command=aligned.command)
    document = {**result.to_dict(request), "command": aligned.command, "provenance": made}
    return write_together(
        place,
        {
            "aligned.mrc": partial(write_map, density_map=result.comparison.aligned),
            "difference.mrc": partial(write_map, density_map=result.comparison.difference),
            "report.html": partial(write_alignment_report, request=request, result=result, provenance=made),
            "alignment.json": partial(write_json_atomic, data=document),
        },
        command="align",
    )
