"""The results of a screen as files: `ranking.json`, `ranking.csv`, `report.html` and the best models, placed."""

import logging
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.escaping.tables import TableWriter
from difffit_core.io.files import atomic_write
from difffit_core.io.maps import write_map
from difffit_core.io.models import write_model
from difffit_core.io.tables import write_json_atomic
from difffit_core.output import Place, Writer, write_together
from difffit_core.pose import Pose
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_row
from difffit_core.screen.outcome import LeftOut, Pass
from difffit_core.screen.report import write_report
from difffit_core.screen.results import Results
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, ScreenRow
from difffit_core.screen.store import ScreenStore

SCHEMA = 1
_LONGEST_NAME = 150
NAMES = r"hit_\d+_.*\.(cif|mrc)|ranking\.(csv|json)|report\.html"
"""Names of the files of a ranking."""
_PLAIN = (
    "rank", "model", "chain", "domain", "residues", "score", "local_correlation", "z_score", "p_value", "q_value", "significant", "verdict",
    "gap", "inside",
)  # fmt: skip
CSV_COLUMNS = (
    *_PLAIN,
    "pass",
    *(f"r{row}{column}" for row in range(1, 4) for column in range(1, 4)),
    "tx",
    "ty",
    "tz",
)

_logger = logging.getLogger(__name__)


def write_results(place: Place, store: ScreenStore, save: int) -> list[Path]:
    """Write what a store holds by now: all of the files appear, `ranking.json` last, or none.

    Parameters
    ----------
    save : how many of the best models to write as mmCIF, each in its best place

    Raises
    ------
    UserError
        If the place is in use, or something cannot be written.
    """
    results = Results.of(store)
    entries = _entries(results, store)
    writers: dict[str, Writer] = {
        **_hits(results, entries, save),
        "ranking.csv": partial(_write_csv, entries=entries),
        "report.html": partial(write_report, results=results, entries=entries, turning=_turning(results, entries)),
        "ranking.json": partial(write_json_atomic, data=_document(results, entries)),
    }
    return write_together(place, writers, command="screen", names=NAMES)


def _turning(results: Results, entries: Sequence[Mapping[str, Any]]) -> str:
    """The view of the map and of the best model in its best place; empty where one of the files has gone."""
    from difffit_core.io.maps import read_map
    from difffit_core.report.surface import surface_of
    from difffit_core.report.view import Shown, placed, view

    if not entries or not results.details["map"]:
        return ""
    row, best, level = results.ranking.rows[0], entries[0], float(results.record["level"])
    try:
        density_map = read_map(Path(results.details["map"]))
        filters = Filters.checked(results.record["filters"])
        model = read_row(row, filters, results.record["resolution"])
    except (UserError, LeftOut) as error:
        _logger.warning("the report has no view that turns: %s", error)
        return ""
    shown = placed(row.name, "#d1495b", model, Pose(best["rotation"], best["translation"]))
    return view([Shown(f"{density_map.name} at {level:.4g}", "#8a94a6", surface_of(density_map, level)), shown])


def _part(row: ScreenRow, results: Results) -> dict[str, str | None]:
    """Which part of the file it is."""
    kind = "domain" if results.record["filters"]["split"] == "domain" else "chain"
    return {"chain": None, "domain": None, kind: row.part or None}


def _entries(results: Results, store: ScreenStore) -> list[dict[str, Any]]:
    """One an ranked model, as `ranking.json` holds them."""
    poses, ranking = store.best_poses(), results.ranking
    entries = []
    for i, row in enumerate(ranking.rows):
        pose = poses[row.id]
        entries.append(
            {
                "rank": i + 1,
                "model": row.path,
                **_part(row, results),
                **({"note": row.note} if row.note else {}),
                "residues": row.residues,
                "score": float(ranking.scores[i]),
                "local_correlation": row.correlation,
                "z_score": float(ranking.z_scores[i]),
                "p_value": float(ranking.p_values[i]),
                "q_value": float(ranking.q_values[i]),
                "significant": bool(ranking.significant[i]),
                "verdict": str(ranking.verdicts[i]),
                "gap": row.gap,
                "inside": row.inside,
                "pass": "full" if row.work == Pass.FULL and row.status == DONE else "first",
                "rotation": pose.rotation.tolist(),
                "translation": pose.translation.tolist(),
            }
        )
    return entries


def _document(results: Results, entries: list[dict[str, Any]]) -> dict[str, Any]:
    settings = {name: value for name, value in results.record.items() if name != "map"}
    left_out = [{"model": row.path, **_part(row, results), "reason": row.note} for row in results.of_status(LEFT_OUT)]
    return {
        "schema": SCHEMA,
        "map": results.details["map"],
        "settings": settings,
        "tried": len(entries),
        "searched_in_full": results.searched_in_full,
        "waiting": sum(row.status not in (DONE, FAILED, LEFT_OUT) for row in results.rows),
        "failed": [{"model": row.path, **_part(row, results), "error": row.note} for row in results.of_status(FAILED)],
        "left_out": left_out,
        "ranking": entries,
        "provenance": _provenance(results),
    }


def _provenance(results: Results) -> dict[str, Any]:
    """As `difffit_core.provenance.provenance` tells it, with a command line for each library."""
    from difffit_core.provenance import provenance
    from difffit_core.screen.record import command_lines, recipe_of

    libraries = results.details.get("libraries") or ["LIBRARY"]
    recipe = recipe_of(results.record, results.details, libraries[0], "auto")
    return provenance(recipe, device="auto", command="; ".join(command_lines(results.record, results.details)))


def _write_csv(path: Path, entries: list[dict[str, Any]]) -> None:
    with atomic_write(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = TableWriter(stream)
        writer.writerow(CSV_COLUMNS)
        for entry in entries:
            numbers = [number for line in entry["rotation"] for number in line] + entry["translation"]
            writer.writerow([entry[name] for name in (*_PLAIN, "pass")] + numbers)


def _write_moved(path: Path, model: AtomicModel, pose: Pose) -> None:
    write_map(path, model.body.alone(pose))


def _hits(results: Results, entries: list[dict[str, Any]], save: int) -> dict[str, Writer]:
    """The best models in their best places; of one whose file has gone or changed since, a warning is all there can be."""
    filters = Filters.checked(results.record["filters"])
    writers: dict[str, Writer] = {}
    for row, entry in list(zip(results.ranking.rows, entries, strict=True))[:save]:
        try:
            model = read_row(row, filters, results.record["resolution"])
        except (UserError, LeftOut) as error:
            _logger.warning("the placed model of rank %d cannot be written: %s", entry["rank"], str(error))
            continue
        if model.body is not None:
            name = f"hit_{entry['rank']:03d}_{re.sub(r'[^A-Za-z0-9._-]', '_', row.name)[:_LONGEST_NAME]}.mrc"
            writers[name] = partial(_write_moved, model=model, pose=Pose(entry["rotation"], entry["translation"]))
            continue
        name = f"hit_{entry['rank']:03d}_{re.sub(r'[^A-Za-z0-9._-]', '_', row.name)[:_LONGEST_NAME]}.cif"
        writers[name] = partial(write_model, model=model, pose=Pose(entry["rotation"], entry["translation"]))
    return writers
