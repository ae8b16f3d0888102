"""The report of a bent model: before and after, residue by residue, and where it all comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from difffit_core.escaping.html import escape
from difffit_core.io.html import data_table, write_page
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.report.parts import BEST_COLOUR, MAP_COLOUR, OTHER_COLOUR, origin_of, to_be_known
from difffit_core.report.surface import surface_of
from difffit_core.report.view import Shown, trace_of, view


def write_refined_report(path: Path, request: RefineRequest, result: RefineResult, *, provenance: Mapping[str, Any]) -> None:
    """Write the report of a bent model; `UserError` if the file cannot be written."""
    model, residues = request.model, result.residues
    things = [
        Shown(f"{request.density_map.name} at {request.level:.4g}", MAP_COLOUR, surface_of(request.density_map, request.level)),
        Shown("bent", BEST_COLOUR, runs=trace_of(model, result.coordinates)),
        Shown("before", OTHER_COLOUR, runs=trace_of(model, result.pose.apply(model.coordinates))),
    ]
    before, after = float(result.before.mean()), float(result.after.mean())
    rows = [
        (
            escape(str(residues.chains[i])), str(residues.numbers[i]), escape(str(residues.names[i])), f"{result.before[i]:.3f}",
            f"{result.after[i]:.3f}", f"{result.moved[i]:.2f}", "yes" if result.supported[i] else "no",
        )
        for i in range(len(residues))
    ]  # fmt: skip
    headings = ("chain", "residue", "name", "before", "after", "moved (Å)", "density")
    parts = [
        f"<h1>{escape(model.name)} bent into {escape(request.density_map.name)}</h1>",
        f"<p>Atoms moved by {result.rmsd_moved:.2f} Å (RMSD); mean local correlation {before:.3f} before, {after:.3f} after.</p>",
        view(things),
        "<h2>Residues</h2>",
        data_table(headings, rows, text=("chain", "name", "density")),
        *to_be_known([*(one.message for one in result.warnings), *request.density_map.notes, *model.notes]),
        *origin_of(provenance, {}),
    ]
    write_page(path, f"{model.name} in {request.density_map.name}: refinement", parts)
