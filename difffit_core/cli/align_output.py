"""What `difffit align` writes and prints."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from difffit_core.align.report import write_alignment_report
from difffit_core.align.request import AlignRequest, AlignResult
from difffit_core.cli.console import new_console
from difffit_core.cli.table import SHOWN, placement_table
from difffit_core.density_map import DensityMap
from difffit_core.escaping.tables import TableWriter
from difffit_core.io.files import atomic_write, stem_of
from difffit_core.io.maps import write_map
from difffit_core.io.tables import write_json_atomic
from difffit_core.output import Claim

_COLUMNS = ("name", "hand", "verdict", "z_score", "p_value", "correlation", "overlap", "shift_error", "angle_error")
NAMES = r"aligned\.mrc|difference\.mrc|report\.html|alignment\.json"
"""Names of the files of an alignment."""
TABLE_NAMES = r"alignments\.(csv|json)"
"""Names of the files that tell of several."""


def names_of(paths: Sequence[Path]) -> list[str]:
    """A folder name for each map, after its file; those that would be alike are numbered."""
    names: list[str] = []
    for path in paths:
        stem = stem_of(path)
        number, name = 2, stem
        while name in names:
            name, number = f"{stem}_{number}", number + 1
        names.append(name)
    return names


def write_alignment(place: Claim, request: AlignRequest, result: AlignResult, document: Mapping[str, Any]) -> list[Path]:
    """Write `aligned.mrc`, `difference.mrc`, `report.html` and, last, `alignment.json`: all of them or none."""
    return place.write(
        {
            "aligned.mrc": partial(write_map, density_map=result.comparison.aligned),
            "difference.mrc": partial(write_map, density_map=result.comparison.difference),
            "report.html": partial(write_alignment_report, request=request, result=result, provenance=document["provenance"]),
            "alignment.json": partial(write_json_atomic, data=dict(document)),
        },
    )


def write_table(place: Claim, fixed: DensityMap, rows: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write `alignments.csv` and `alignments.json`, a row a map."""
    keys = (*_COLUMNS, "hand_known", "rotation", "translation", "moving", "folder")
    data = {"schema": 1, "fixed": str(fixed.path), "alignments": [{key: row[key] for key in keys} for row in rows]}
    return place.write(
        {"alignments.csv": partial(_write_csv, rows=rows), "alignments.json": partial(write_json_atomic, data=data)},
    )


def _write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with atomic_write(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = TableWriter(stream)
        writer.writerow(_COLUMNS)
        writer.writerows([row[key] for key in _COLUMNS] for row in rows)


def print_alignment(request: AlignRequest, result: AlignResult, *, timing: Mapping[str, float], written: Sequence[Path]) -> None:
    """Print where the moving map lies, how sure that is, and how alike the two are there."""
    console = new_console()
    console.print(f"{request.moving.name} onto {request.fixed.name}", style="bold")
    for line in (*request.fixed.notes, *request.moving.notes, *request.evidence):
        console.print(f"  {line}", style="dim")
    console.print(placement_table(result.placements[:SHOWN]))
    more = len(result.placements) - SHOWN
    if more > 0:
        console.print(f"and {more} more", style="dim")
    tried = "; ".join(f"{one.hand} {one.local_correlation:.3f} (p = {one.p_value:.1g})" for one in result.hands)
    console.print(f"hand: {result.hand}{'' if result.hand_known else ', not sure'}. Local correlation by hand: {tried}")
    exact = result.precision[0]
    if exact is not None:
        console.print(f"refined by voxels: ± {exact.shift_error:.2g} Å and ± {exact.angle_error:.2g}°")
    _print_comparison(console, result)
    for warning in result.warnings:
        console.print(f"Warning: {warning.message}", style="yellow", soft_wrap=True)
    if result.cancelled:
        console.print("Stopped early: this is the best place found until then.", style="yellow")
    console.print(f"search {timing['search_s']:.1f} s on {result.device}, {timing['total_s']:.1f} s in all", style="dim")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)


def _print_comparison(console: Console, result: AlignResult) -> None:
    found = result.comparison
    console.print(
        f"correlation {found.correlation:.3f} where either has density; {found.overlap:.0%} of the moving map's density lies in the fixed "
        f"map's, {found.fixed_overlap:.0%} of that in the moving map's"
    )
    half, low = found.masked.resolution(0.5), found.masked.resolution(0.143)
    ends = [f"falls below {limit} at {at:.3g} Å" for limit, at in ((0.5, half), (0.143, low)) if at is not None]
    console.print(f"FSC of the two round the moving map: {' and '.join(ends) if ends else 'above 0.5 at every frequency'}")
    for region in found.regions[:5]:
        x, y, z = region.centre
        console.print(f"  only in the {region.only_in} map: {region.volume:.0f} Å³ about {x:.0f}, {y:.0f}, {z:.0f}", style="dim")


def print_table(fixed: DensityMap, rows: Sequence[Mapping[str, Any]], written: Sequence[Path]) -> None:
    """Print a row a map, all in the fixed map's frame."""
    console = new_console()
    console.print(f"{len(rows)} maps onto {fixed.name}", style="bold")
    table = Table(box=None, padding=(0, 1))
    for heading in ("map", "hand", "verdict", "z", "p", "corr.", "overlap"):
        table.add_column(heading, justify="left" if heading in ("map", "hand", "verdict") else "right", no_wrap=True)
    for row in rows:
        hand = row["hand"] if row["hand_known"] else f"{row['hand']}?"
        figures = (f"{row['z_score']:.1f}", f"{row['p_value']:.1g}", f"{row['correlation']:.3f}", f"{row['overlap']:.0%}")
        table.add_row(row["name"], hand, row["verdict"], *figures)
    console.print(table)
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)
