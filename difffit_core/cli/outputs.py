"""The folder of results (`placements.json`, `placements.csv`, models, `project.difffit`): all of it or nothing."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.io.models import write_model
from difffit_core.io.tables import write_json_atomic, write_placements_csv
from difffit_core.output import Place, write_together
from difffit_core.project.build import write_fit_project
from difffit_core.report.of_fit import write_fit_report

SCHEMA = 1
NAMES = r"placement_\d+\.cif|placements\.(csv|json)|project\.difffit|report\.html"
"""Names of the files of a fit."""


def write_results(
    place: Place,
    request: FitRequest,
    result: FitResult,
    *,
    timing: Mapping[str, float],
    details: Mapping[str, Any],
    command: str,
    evidence: Sequence[str],
    save: int,
    provenance: Mapping[str, Any],
) -> list[Path]:
    """Write everything a fit found, as `write_together` does: `placements.json` is last, so that where it is, all is.

    ``details`` are the request's own figures, which stand beside the settings.

    Raises
    ------
    UserError
        If something cannot be written; nothing of it is left then.
    """
    document = {
        "schema": SCHEMA,
        "map": str(request.density_map.path),
        "model": str(request.model.path),
        "settings": {**details, **request.settings.model_dump(mode="json")},
        "device": result.device,
        "timing": {name: round(seconds, 4) for name, seconds in timing.items()},
        "broken": [one.to_dict() for one in result.broken],
        "warnings": [one.to_dict() for one in result.warnings],
        "notes": [*request.density_map.notes, *request.model.notes],
        "placements": [placement.to_dict() for placement in result.placements],
        "provenance": dict(provenance),
    }
    placed = {f"placement_{one.rank:03d}.cif": partial(write_model, model=request.model, pose=one.pose) for one in result.placements[:save]}
    return write_together(
        place,
        {
            **placed,
            "project.difffit": partial(write_fit_project, request=request, result=result, command=command, evidence=evidence),
            "report.html": partial(write_fit_report, request=request, result=result, evidence=evidence, provenance=provenance),
            "placements.csv": partial(write_placements_csv, placements=result.placements),
            "placements.json": partial(write_json_atomic, data=document),
        },
        command="fit",
        names=NAMES,
    )
