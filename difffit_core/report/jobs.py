"""Reports of a fit, of a bent model and of an alignment: the answer, the view, the table, and where it all comes from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from difffit_core.align.request import AlignRequest, AlignResult
from difffit_core.escaping.html import escape
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.io.html import data_table, facts_table, write_page
from difffit_core.placement import Placement, Verdict
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.report.surface import surface_of
from difffit_core.report.view import Shown, trace_of, view

_MAP, _BEST, _OTHER, _MOVING = "#8a94a6", "#d1495b", "#2f6fb0", "#e09f3e"
_SHOWN = 100
_SIGNIFICANT = (Verdict.UNIQUE, Verdict.AMBIGUOUS, Verdict.WEAKER, Verdict.SYMMETRIC_COPY)
_READING = """
<p><em>Local correlation</em> is that of the map with the model's own density over the voxels it covers, both sharpened alike.
<em>z</em> is how far it rises above wrong poses in the same map, and <em>p</em> the chance that a model which does not belong there does
as well. <em>Hits</em> are the starts that ended in that place.</p>
"""


def write_fit_report(path: Path, request: FitRequest, result: FitResult, *, evidence: Sequence[str], provenance: Mapping[str, Any]) -> None:
    """Write the report of a fit; `UserError` if the file cannot be written."""
    model, places = request.model, result.placements
    things = [Shown(f"{request.density_map.name} at {request.level:.4g}", _MAP, surface_of(request.density_map, request.level))]
    told = [one for one in places if one.rank == 1 or one.verdict in _SIGNIFICANT]
    for one, colour in zip(told, (_BEST, _OTHER, "#3a9d5d", "#8f5bb0", "#c9a227"), strict=False):
        runs = trace_of(model, one.pose.apply(model.coordinates))
        things.append(Shown(f"rank {one.rank}, {one.verdict}", colour, runs=runs))
    answer = f"The best of {len(places)} places is {places[0].verdict}." if places else "Nothing was found."
    parts = [
        f"<h1>{escape(model.name)} in {escape(request.density_map.name)}</h1>",
        f"<p>{escape(answer)}</p>",
        view(things),
        f"<h2>Placements{f', the best {_SHOWN}' if len(places) > _SHOWN else ''}</h2>",
        placements_table(places[:_SHOWN]),
        *_told([*(one.message for one in result.warnings), *request.density_map.notes, *model.notes, *evidence]),
        *origin_of(provenance, {"resolution, contour level": f"{request.resolution:g} Å, {request.level:.4g}"}),
        "<h2>How to read this</h2>",
        _READING,
    ]
    write_page(path, f"{model.name} in {request.density_map.name}: fit", parts)


def write_refined_report(path: Path, request: RefineRequest, result: RefineResult, *, provenance: Mapping[str, Any]) -> None:
    """Write the report of a bent model; `UserError` if the file cannot be written."""
    model, residues = request.model, result.residues
    things = [
        Shown(f"{request.density_map.name} at {request.level:.4g}", _MAP, surface_of(request.density_map, request.level)),
        Shown("bent", _BEST, runs=trace_of(model, result.coordinates)),
        Shown("before", _OTHER, runs=trace_of(model, result.pose.apply(model.coordinates))),
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
        *_told([*(one.message for one in result.warnings), *request.density_map.notes, *model.notes]),
        *origin_of(provenance, {}),
    ]
    write_page(path, f"{model.name} in {request.density_map.name}: refinement", parts)


def write_alignment_report(path: Path, request: AlignRequest, result: AlignResult, *, provenance: Mapping[str, Any]) -> None:
    """Write the report of a map laid onto another; `UserError` if the file cannot be written."""
    found = result.comparison
    things = [
        Shown(f"{request.fixed.name} (fixed)", _MAP, surface_of(request.fixed, request.level, 20_000)),
        Shown(f"{request.moving.name} (moved)", _MOVING, surface_of(found.aligned, request.moving_level, 20_000)),
    ]
    parts = [
        f"<h1>{escape(request.moving.name)} onto {escape(request.fixed.name)}</h1>",
        f"<p>The best of {len(result.placements)} places is {escape(str(result.placements[0].verdict))}; the hand is {escape(result.hand)}"
        f"{'' if result.hand_known else ', which is not sure'}. Correlation {found.correlation:.3f} where either has density.</p>",
        view(things),
        "<h2>Places</h2>",
        placements_table(result.placements[:_SHOWN]),
        *_told([*(one.message for one in result.warnings), *request.fixed.notes, *request.moving.notes, *request.evidence]),
        *origin_of(provenance, {}),
    ]
    write_page(path, f"{request.moving.name} onto {request.fixed.name}: alignment", parts)


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


def _told(sentences: Sequence[str]) -> list[str]:
    lines = "".join(f"<li>{escape(one)}</li>" for one in dict.fromkeys(sentences))
    return ["<h2>To be known</h2>", f"<ul>{lines}</ul>"] if lines else []
