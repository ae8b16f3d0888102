"""The report of a fit: the answer, the view, the table, and where it all comes from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from difffit_core.escaping.html import escape
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.io.html import write_page
from difffit_core.placement import Verdict
from difffit_core.report.parts import BEST_COLOUR, MAP_COLOUR, OTHER_COLOUR, SHOWN, origin_of, placements_table, to_be_known
from difffit_core.report.surface import surface_of
from difffit_core.report.view import Shown, trace_of, view

_SIGNIFICANT = (Verdict.UNIQUE, Verdict.AMBIGUOUS, Verdict.WEAKER, Verdict.SYMMETRIC_COPY)
_READING = """
<p><em>Local correlation</em> is that of the map with the model's own density over the voxels it covers, both sharpened alike.
<em>z</em> is how far it rises above wrong poses in the same map, and <em>p</em> the chance that a model which does not belong there does
as well. <em>Hits</em> are the starts that ended in that place.</p>
"""


def write_fit_report(path: Path, request: FitRequest, result: FitResult, *, evidence: Sequence[str], provenance: Mapping[str, Any]) -> None:
    """Write the report of a fit; `UserError` if the file cannot be written."""
    model, places = request.model, result.placements
    things = [Shown(f"{request.density_map.name} at {request.level:.4g}", MAP_COLOUR, surface_of(request.density_map, request.level))]
    told = [one for one in places if one.rank == 1 or one.verdict in _SIGNIFICANT]
    for one, colour in zip(told, (BEST_COLOUR, OTHER_COLOUR, "#3a9d5d", "#8f5bb0", "#c9a227"), strict=False):
        runs = trace_of(model, one.pose.apply(model.coordinates))
        things.append(Shown(f"rank {one.rank}, {one.verdict}", colour, runs=runs))
    answer = f"The best of {len(places)} places is {places[0].verdict}." if places else "Nothing was found."
    parts = [
        f"<h1>{escape(model.name)} in {escape(request.density_map.name)}</h1>",
        f"<p>{escape(answer)}</p>",
        view(things),
        f"<h2>Placements{f', the best {SHOWN}' if len(places) > SHOWN else ''}</h2>",
        placements_table(places[:SHOWN]),
        *to_be_known([*(one.message for one in result.warnings), *request.density_map.notes, *model.notes, *evidence]),
        *origin_of(provenance, {"resolution, contour level": f"{request.resolution:g} Å, {request.level:.4g}"}),
        "<h2>How to read this</h2>",
        _READING,
    ]
    write_page(path, f"{model.name} in {request.density_map.name}: fit", parts)
