"""What reports of fits, bent models and alignments have in common."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from difffit_core.escaping.html import escape
from difffit_core.io.html import data_table, facts_table
from difffit_core.placement import Placement

MAP_COLOUR, BEST_COLOUR, OTHER_COLOUR = "#8a94a6", "#d1495b", "#2f6fb0"
SHOWN = 100
"""Placements in a table, at most."""


def placements_table(places: Sequence[Placement]) -> str:
    """HTML of a row a placement."""
    rows = [
        (
            str(one.rank), str(one.hits), f"{one.metrics.local_correlation:.3f}", f"{one.metrics.correlation_about_mean:.3f}",
            f"{one.metrics.inside:.0%}", f"{one.z_score:.1f}", f"{one.p_value:.1g}", escape(str(one.verdict)),
        )
        for one in places
    ]  # fmt: skip
    headings = ("rank", "hits", "local corr.", "corr. about mean", "inside", "z", "p", "verdict")
    return data_table(headings, rows, text=("verdict",)) if rows else "<p>Nothing was found.</p>"


def origin_of(provenance: Mapping[str, Any], more: Mapping[str, str]) -> list[str]:
    """How it was made: what `difffit_core.provenance.provenance` tells, and the command that repeats it."""
    versions = ", ".join(f"{name} {number}" for name, number in provenance["versions"].items())
    facts = {
        **more,
        **{
            f"input {Path(one['path']).name}": f"{one['path']}, {one['size']} bytes, SHA-256 {one['sha256']}"
            for one in provenance["inputs"]
        },
        "seed, device": f"{provenance['seed']}, {provenance['device']} ({provenance['machine']})",
        "made": f"{provenance['finished']} by {provenance['program']}; {versions}",
    }
    command = f"<p>The command that repeats it:</p><p><code>{escape(provenance['command'])}</code></p>"
    return ["<h2>How it was made</h2>", facts_table(facts), command]


def to_be_known(sentences: Sequence[str]) -> list[str]:
    """A chapter of sentences, each once; nothing where there are none."""
    lines = "".join(f"<li>{escape(one)}</li>" for one in dict.fromkeys(sentences))
    return ["<h2>To be known</h2>", f"<ul>{lines}</ul>"] if lines else []
