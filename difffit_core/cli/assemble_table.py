"""What `difffit assemble` prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from difffit_core.assemble.result import AssembleResult
from difffit_core.cli.compose_table import print_composite
from difffit_core.cli.console import new_console
from difffit_core.compose.candidates.cross_links import links_in_words

_NAMED = 5


def print_assembly(result: AssembleResult, *, timing: Mapping[str, float], evidence: Sequence[str], written: Sequence[Path]) -> None:
    """Print how many models stood out, what was placed, what would fit as well, and what only resembles what stands somewhere."""
    console = new_console()
    for number, one in enumerate(result.screens):
        where = "the map" if number == 0 else "what was left"
        told = "".join(f", {count} {what}" for count, what in ((one.failed, "could not be tried"), (one.left_out, "left out")) if count)
        models, verb = "model" if one.tried == 1 else "models", "stands" if one.stood_out == 1 else "stand"
        console.print(f"{one.stood_out} of {one.tried} {models} {verb} out in {where}{told}")
    asked, composite = result.request, result.composite
    for note in result.notes:
        console.print(f"note: {note}", style="yellow")
    print_composite(asked, composite, timing=timing, evidence=evidence, written=written)
    for bent in result.bent:
        before, after = (float(values.mean()) for values in (bent.result.before, bent.result.after))
        copy = composite.copies[bent.place]
        name = f"{asked.wanted[copy.body].model.name} {copy.copy}"
        console.print(f"bent: {name} by {bent.result.rmsd_moved:.2f} Å; local correlation of its residues {before:.3f}, then {after:.3f}")
        for warning in bent.result.warnings:
            console.print(f"  {name}: {warning.message}", style="yellow")
    for place, others in enumerate(result.alternatives, start=1):
        if others:
            names = ", ".join(f"{one.entry.name} (p = {one.p_value:.1g})" for one in others[:_NAMED])
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            console.print(f"place {place} could also hold {names}{more}", style="dim")
    if result.links:
        console.print(links_in_words(result.links) + ".")
        for link in result.links:
            if not link.satisfied:
                how = "one end is not placed" if link.distance is None else f"{link.distance:.0f} Å apart, at most {link.link.longest:g}"
                console.print(f"  cross-link {link.link.name}: {how}", style="yellow")
    for entry, why in result.resembling:
        console.print(f"not placed: {entry.name} {why}", style="yellow")
