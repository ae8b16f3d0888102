"""The report of a screen: one HTML file that needs no other, for people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import log10
from pathlib import Path
from typing import Any

from difffit_core import __version__
from difffit_core.escaping.html import escape
from difffit_core.io.html import facts_table, write_page
from difffit_core.screen.ranking import SIGNIFICANT
from difffit_core.screen.results import Results
from difffit_core.screen.rows import FAILED, LEFT_OUT, ScreenRow

_SHOWN = 100
_LABELLED = 8
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _EDGE = 760, 420, 60, 50, 20
_READING = f"""
<p>Every model was searched for in the density from many starting places. Its <em>local correlation</em> is that of the map with the model's
own density over the voxels it covers, about the mean. <em>z</em> is how far the best placement rises above the same model's wrong ones, in
standard deviations of Fisher's z: small models fit by chance almost anywhere, and z allows for that. The <em>score</em> is how far z rises
above what models reach that do not belong, and <em>p</em> the chance of such a score for a model that does not
belong. <em>q</em> is the share of false ones to be expected among all models down to this one (Benjamini and Hochberg); a model is called
significant where q is below {SIGNIFICANT:g}. A place is <em>unique</em> where it leads the model's next distinct placement clearly, and
<em>ambiguous</em> where it does not. A model of the same fold as the right one can be significant, too: it is similar, not wrong.</p>
"""


def write_report(path: Path, results: Results, entries: Sequence[Mapping[str, Any]], turning: str = "") -> None:
    """Write the report of what is ranked (``entries`` as in `ranking.json`, best first), and a view that turns.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    map_name = Path(results.details["map"] or "map").name
    parts = [
        f"<h1>What is {escape(map_name)}?</h1>",
        _answer(results),
        _facts(results),
        turning,
        "<h2>Correlation and significance</h2>",
        _scatter(results, entries),
        f"<h2>Ranking{f', the best {_SHOWN}' if len(entries) > _SHOWN else ''}</h2>",
        _table(results, entries[:_SHOWN]),
        "<h2>How to read this</h2>",
        _READING,
        _absent("Could not be tried", results.of_status(FAILED)),
        _absent("Left out", results.of_status(LEFT_OUT)),
    ]
    write_page(path, f"{map_name}: screen", parts)


def _answer(results: Results) -> str:
    ranking = results.ranking
    hits = [escape(row.name) for row, significant in zip(ranking.rows, ranking.significant, strict=True) if significant]
    if not hits:
        return f"<p>None of {len(ranking.rows)} models is significant.</p>"
    return f"<p>Significant: <strong>{', '.join(hits)}</strong>, {len(hits)} of {len(ranking.rows)} models.</p>"


def _facts(results: Results) -> str:
    record, null, tried = results.record, results.ranking.null, len(results.ranking.rows)
    share = f"{results.searched_in_full / tried:.1%}" if tried else "none"
    facts = {
        "map": results.details["map"] or "not from a file",
        "resolution, contour level": f"{record['resolution']:g} Å, {record['level']:.4g}",
        "models tried": f"{tried}, of which {results.searched_in_full} ({share}) were searched in full",
        "could not be tried, left out": f"{len(results.of_status(FAILED))}, {len(results.of_status(LEFT_OUT))}",
        "z of models that do not belong": f"Gumbel: mode {null.mode:.2f} at 300 resolution elements, scale {null.scale:.2f}",
        "seed": str(record["seed"]),
        "made": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC by difffit {__version__}",
    }
    return facts_table(facts)


def _table(results: Results, entries: Sequence[Mapping[str, Any]]) -> str:
    headings = ("rank", "residues", "local corr.", "z", "score", "p", "q", "inside", "place")
    head = "".join(f"<th>{heading}</th>" for heading in headings).replace("<th>residues", "<th class='text'>model</th><th>residues", 1)
    rows = []
    for entry, row in zip(entries, results.ranking.rows, strict=False):
        cells = (
            f"{entry['residues']}", f"{entry['local_correlation']:.3f}", f"{entry['z_score']:.2f}", f"{entry['score']:.1f}",
            f"{entry['p_value']:.2g}", f"{entry['q_value']:.2g}", f"{entry['inside']:.0%}", escape(entry["verdict"]),
        )  # fmt: skip
        name = f"<td class='text' title='{escape(row.path)}'>{escape(row.name)}</td>"
        mark = " class='significant'" if entry["significant"] else ""
        rows.append(f"<tr{mark}><td>{entry['rank']}</td>{name}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _absent(title: str, rows: Sequence[ScreenRow]) -> str:
    if not rows:
        return ""
    shown = "".join(f"<tr><td class='text'>{escape(row.name)}</td><td class='text'>{escape(row.note)}</td></tr>" for row in rows[:_SHOWN])
    return f"<h2>{title}: {len(rows)}</h2><table>{shown}</table>"


def _scatter(results: Results, entries: Sequence[Mapping[str, Any]]) -> str:
    """Local correlation against -log10 q, the best labelled."""
    if not entries:
        return "<p>Nothing has been tried yet.</p>"
    across = [float(entry["local_correlation"]) for entry in entries]
    up = [-log10(max(float(entry["q_value"]), 1e-300)) for entry in entries]
    low, high, top = min(0.0, *across), max(across) * 1.15 + 0.02, max(*up, 3.0) * 1.1

    def x(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _EDGE)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _BOTTOM - _EDGE)

    threshold = y(-log10(SIGNIFICANT))
    parts = [
        f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' aria-label='Local correlation of each model against minus log10 q'>",
        f"<path d='M{_LEFT} {_EDGE}V{_HEIGHT - _BOTTOM}H{_WIDTH - _EDGE}' fill='none' stroke='currentColor'/>",
        f"<path d='M{_LEFT} {threshold:.1f}H{_WIDTH - _EDGE}' stroke='var(--good)' stroke-dasharray='5 4'/>",
        f"<text x='{_WIDTH - _EDGE}' y='{threshold - 5:.1f}' text-anchor='end'>q = {SIGNIFICANT:g}</text>",
        f"<text x='{(_WIDTH + _LEFT) / 2}' y='{_HEIGHT - 10}' text-anchor='middle'>local correlation</text>",
        f"<text x='16' y='{_HEIGHT / 2}' text-anchor='middle' transform='rotate(-90 16 {_HEIGHT / 2})'>−log₁₀ q</text>",
    ]
    for tick in _ticks(low, high):
        parts.append(f"<text x='{x(tick):.1f}' y='{_HEIGHT - _BOTTOM + 16}' text-anchor='middle'>{tick:g}</text>")
    for tick in _ticks(0, top):
        parts.append(f"<text x='{_LEFT - 6}' y='{y(tick) + 4:.1f}' text-anchor='end'>{tick:g}</text>")
    for i in reversed(range(len(entries))):
        significant = entries[i]["significant"]
        colour = "var(--good)" if significant else "var(--dim)"
        name = escape(results.ranking.rows[i].name)
        parts.append(
            f"<circle cx='{x(across[i]):.1f}' cy='{y(up[i]):.1f}' r='{5 if significant else 3}' fill='{colour}' fill-opacity='.7'>"
            f"<title>{name}</title></circle>"
        )
        if significant and i < _LABELLED:
            parts.append(f"<text x='{x(across[i]) - 8:.1f}' y='{y(up[i]) + 4:.1f}' text-anchor='end'>{name}</text>")
    return "".join([*parts, "</svg>"])


def _ticks(low: float, high: float) -> list[float]:
    """A handful of round numbers from ``low`` to ``high``."""
    raw = (high - low) / 5
    power = 10.0 ** int(f"{raw:e}".split("e")[1])
    step = next(one for one in (power, 2 * power, 5 * power, 10 * power) if one >= raw)
    first = int(-(-low // step))
    return [round(n * step, 10) for n in range(first, int(high // step) + 1)]
