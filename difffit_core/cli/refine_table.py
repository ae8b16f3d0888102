"""What `difffit refine` prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from difffit_core.chain_words import chains_in_words
from difffit_core.cli.console import new_console
from difffit_core.refine.request import RefineRequest, RefineResult

_B_FACTORS = {"kept": "B factors are those of the model", "correlation": "B factors are 100 times the local correlation of each residue"}


def print_refined(
    request: RefineRequest,
    result: RefineResult,
    *,
    timing: Mapping[str, float],
    evidence: Sequence[str],
    written: Sequence[Path],
    b_factors: str,
) -> None:
    """Print where the model began, what was done, how each chain fits now, and where the files are."""
    console = new_console()
    model = request.model
    console.print(
        f"{model.name}, {model.residue_count} residues of {chains_in_words(model.chains)}, in {request.density_map.name}", style="bold"
    )
    for line in (*request.density_map.notes, *model.notes, *evidence):
        console.print(f"  {line}", style="dim", soft_wrap=True)
    judged = "" if result.placement is None else f" (p {result.placement.p_value:.1g}, {result.placement.verdict})"
    console.print(f"placed: {result.began}{judged}", soft_wrap=True)
    for step in result.steps:
        console.print(f"  {'' if step.taken else 'not kept: '}{step.sentence}", style="" if step.taken else "dim", soft_wrap=True)
    for hinge in result.hinges:
        console.print(f"{hinge}", style="cyan", soft_wrap=True)
    console.print(_table(result))
    for warning in result.warnings:
        console.print(f"Warning: {warning.message}", style="yellow", soft_wrap=True)
    geometry = result.geometry
    console.print(f"bonds changed by {geometry.bonds:.3f} Å, 1-3 distances by {geometry.angles:.3f} Å (root mean square)", style="dim")
    if result.cancelled:
        console.print("Stopped early: this is what was reached until then.", style="yellow")
    console.print(f"{timing['total_s']:.1f} s in all", style="dim")
    names = ", ".join(path.name for path in written)
    console.print(f"written to {written[-1].parent}: {names}; {_B_FACTORS[b_factors]}", soft_wrap=True)


def _table(result: RefineResult) -> Table:
    table = Table(box=None, padding=(0, 1))
    for heading in ("chain", "residues", "local corr.\nbefore", "\nafter", "moved\n(RMS, Å)", "farthest\n(Å)", "without\ndensity"):
        table.add_column(heading, justify="left" if heading == "chain" else "right", vertical="bottom", no_wrap=True)
    chains = result.residues.chains
    rows = [(name, chains == name) for name in dict.fromkeys(chains.tolist())]
    for name, where in rows if len(rows) == 1 else [*rows, ("all", np.ones(len(chains), bool))]:
        before, after, moved = (column[where] for column in (result.before, result.after, result.moved))
        lost = int((~result.supported[where]).sum())
        numbers = (f"{before.mean():.3f}", f"{after.mean():.3f}", f"{np.sqrt((moved**2).mean()):.2f}", f"{moved.max():.2f}")
        table.add_row(name, str(int(where.sum())), *numbers, str(lost) if lost else "")
    return table
