"""The report of a map laid onto another: where, how sure, and where it all comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from difffit_core.align.request import AlignRequest, AlignResult
from difffit_core.escaping.html import escape
from difffit_core.io.html import write_page
from difffit_core.report.parts import MAP_COLOUR, SHOWN, origin_of, placements_table, to_be_known
from difffit_core.report.surface import surface_of
from difffit_core.report.view import Shown, view

_MOVING = "#e09f3e"


def write_alignment_report(path: Path, request: AlignRequest, result: AlignResult, *, provenance: Mapping[str, Any]) -> None:
    """Write the report of a map laid onto another; `UserError` if the file cannot be written."""
    found = result.comparison
    things = [
        Shown(f"{request.fixed.name} (fixed)", MAP_COLOUR, surface_of(request.fixed, request.onto.level, 20_000)),
        Shown(f"{request.moving.name} (moved)", _MOVING, surface_of(found.aligned, request.moved.level, 20_000)),
    ]
    parts = [
        f"<h1>{escape(request.moving.name)} onto {escape(request.fixed.name)}</h1>",
        f"<p>The best of {len(result.placements)} places is {escape(str(result.placements[0].verdict))}; the hand is {escape(result.hand)}"
        f"{'' if result.hand_known else ', which is not sure'}. Correlation {found.correlation:.3f} where either has density.</p>",
        view(things),
        "<h2>Places</h2>",
        placements_table(result.placements[:SHOWN]),
        *to_be_known([*(one.message for one in result.warnings), *request.fixed.notes, *request.moving.notes, *request.evidence]),
        *origin_of(provenance, {}),
    ]
    write_page(path, f"{request.moving.name} onto {request.fixed.name}: alignment", parts)
