"""The table of placements that `difffit fit` prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from difffit_core.chain_words import chains_in_words
from difffit_core.cli.console import new_console
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.placement import Placement, Verdict

SHOWN = 10
_COLOURS = {
    Verdict.UNIQUE: "bold green",
    Verdict.AMBIGUOUS: "yellow",
    Verdict.WEAKER: "yellow",
    Verdict.SYMMETRIC_COPY: "cyan",
    Verdict.SAME_PLACE: "dim",
    Verdict.NOT_SIGNIFICANT: "dim",
    Verdict.CANNOT_BE_JUDGED: "dim",
}


def print_results(
    request: FitRequest, result: FitResult, *, timing: Mapping[str, float], evidence: Sequence[str], written: Sequence[Path]
) -> None:
    """Print what was fitted, the best placements, and where the files are."""
    console = new_console()
    model = request.model
    console.print(
        f"{model.name}, {model.residue_count} residues of {chains_in_words(model.chains)}, in {request.density_map.name}", style="bold"
    )
    for line in (*request.density_map.notes, *request.model.notes, *evidence):
        console.print(f"  {line}", style="dim")
    console.print(placement_table(result.placements[:SHOWN]))
    more = len(result.placements) - SHOWN
    if more > 0:
        console.print(f"and {more} more", style="dim")
    for warning in result.warnings:
        console.print(f"Warning: {warning.message}", style="yellow", soft_wrap=True)
    if result.cancelled:
        console.print("Stopped early: these are the placements found until then.", style="yellow")
    console.print(f"search {timing['search_s']:.1f} s on {result.device}, {timing['total_s']:.1f} s in all", style="dim")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)


def placement_table(placements: Sequence[Placement]) -> Table:
    """Rows of placements, best first."""
    table = Table(box=None, padding=(0, 1))
    for heading in ("rank", "hits", "local\ncorr.", "corr.\nabout\nmean", "density", "inside", "z", "p", "verdict"):
        table.add_column(heading, justify="left" if heading == "verdict" else "right", vertical="bottom", no_wrap=True)
    for one in placements:
        m = one.metrics
        verdict = f"copy of {one.copy_of}" if one.verdict is Verdict.SYMMETRIC_COPY else str(one.verdict)
        numbers = (f"{m.local_correlation:.3f}", f"{m.correlation_about_mean:.3f}", f"{m.density:.3g}")
        row = (str(one.rank), str(one.hits), *numbers, f"{m.inside:.0%}", f"{one.z_score:.1f}", f"{one.p_value:.1g}", verdict)
        table.add_row(*row, style=_COLOURS[one.verdict])
    return table
