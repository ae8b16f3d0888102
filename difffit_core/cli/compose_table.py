"""What `difffit compose` prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from difffit_core.cli.console import new_console
from difffit_core.compose.output.document import label
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult


def print_composite(
    request: ComposeRequest, result: ComposeResult, *, timing: Mapping[str, float], evidence: Sequence[str], written: Sequence[Path]
) -> None:
    """Print what was placed, its symmetry, what is left, and where the files are."""
    console = new_console()
    models = len(request.wanted)
    placed = f"{len(result.copies)} placed of {models} model{'s' if models > 1 else ''}" if models else "nothing placed"
    console.print(f"{placed} in {request.density_map.name}", style="bold")
    for line in evidence:
        console.print(f"  {line}", style="dim")
    if result.copies:
        console.print(_table(request, result))
    for index, symmetry in result.symmetries.items():
        axis = ", ".join(f"{x + 0:.3f}" for x in symmetry.axis.round(3))
        centre = ", ".join(f"{x + 0:.1f}" for x in symmetry.centre.round(1))
        name = f"{symmetry.group}" if label(symmetry) == "helix" else f"symmetry {symmetry.group}"
        console.print(
            f"{request.wanted[index].model.name}: {name}, axis {axis} through {centre} Å; copies are off by {symmetry.rmsd:.2f} Å",
            style="cyan",
        )
    console.print(result.residual.sentence() + ".")
    for island in result.residual.islands[1:5]:
        console.print(f"  left: {island}", style="dim")
    if result.copies:
        console.print(f"the assembly as a whole: p = {result.p_value:.1g}, score {result.score:.1f}")
    if result.alternative is not None:
        second = result.alternative
        how = [f"{count} {what}" for count, what in ((len(second.different), "elsewhere"), (second.fewer, "fewer")) if count]
        console.print(f"the next best assembly has {second.score:.1f} ({', '.join(how)})", style="dim")
    for note in result.notes:
        console.print(f"note: {note}", style="yellow")
    if result.cancelled:
        console.print("Stopped early: this is what was found until then.", style="yellow")
    console.print(f"{timing['total_s']:.1f} s in all on {result.device}", style="dim")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)


_SOURCE = 18
"""Letters, at least, of the column that says what found a copy."""


def _table(request: ComposeRequest, result: ComposeResult) -> Table:
    table = Table(box=None, padding=(0, 1))
    for heading in ("model", "copy", "chain", "local\ncorr.", "z", "p", "clash", "found by"):
        left, last = heading in ("model", "chain", "found by"), heading == "found by"
        width = _SOURCE if last else None
        table.add_column(heading, justify="left" if left else "right", vertical="bottom", no_wrap=not last, min_width=width)
    for one in result.copies:
        numbers = (f"{one.local_correlation:.3f}", f"{one.z_score:.1f}", f"{one.p_value:.1g}", f"{one.clash:.1%}")
        name = request.wanted[one.body].model.name
        table.add_row(name, str(one.copy), ",".join(one.chains.values()), *numbers, one.source, style="" if one.p_value < 0.05 else "dim")
    return table
