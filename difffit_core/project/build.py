"""From a fit to its record, and to a project of that one fit."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from difffit_core import __version__
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.project.arrays import FitArrays
from difffit_core.project.inputs import record_input
from difffit_core.project.schema import BrokenRecord, FitRecord, PlacementRecord, Project, WarningRecord
from difffit_core.project.store import save_project
from difffit_core.provenance import library_versions


def record_fit(
    identifier: str,
    map_id: str,
    model_id: str,
    request: FitRequest,
    result: FitResult,
    *,
    command: str,
    evidence: Sequence[str],
    round_id: str | None = None,
) -> FitRecord:
    """Everything about a fit but its arrays, for a project file.

    Parameters
    ----------
    identifier, map_id, model_id : of the fit and of its inputs in the project
    request, result : the fit
    command : the command line that repeats it
    evidence : what speaks for the contour level, one sentence each
    round_id : the round of a composite in whose working map it searched, if not in the map itself
    """
    return FitRecord(
        id=identifier,
        recipe=FitRecipe.of(
            request, map=map_id, model=model_id, chains=request.model.chains, models=request.model.models, device=result.device
        ),
        evidence=tuple(evidence),
        versions=library_versions(),
        timing={name: float(seconds) for name, seconds in result.timing.items()},
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        cancelled=result.cancelled,
        command=command,
        placements=_placement_records(result),
        warnings=_warning_records(result),
        broken=_broken_records(result),
        round=round_id,
    )


def record_again(record: FitRecord, request: FitRequest, result: FitResult) -> FitRecord:
    """The record of a fit that was clustered again: its settings, command and placements are the new ones."""
    recipe = record.recipe.changed(settings=request.settings)
    return record.model_copy(
        update={
            "recipe": recipe,
            "strange": {},
            "timing": {name: float(seconds) for name, seconds in result.timing.items()},
            "command": _again(record.command, recipe),
            "placements": _placement_records(result),
            "warnings": (
                *(one for one in record.warnings if one.kind != "broken"),
                *(new for new in _warning_records(result) if new.kind == "broken"),
            ),
            "broken": _broken_records(result),
        }
    )


def _again(command: str, recipe: FitRecipe) -> str:
    """The command line of another recipe with the files, and what else is no part of a recipe, of an earlier one.

    What makes its working map, before ``&&``, stays.
    """
    before, joined, last = command.rpartition(" && ")
    words = shlex.split(last)
    if words[:2] != ["difffit", recipe.job]:
        return command  # of the composite that made the fit
    files = words[words.index("--") + 1 :] if "--" in words else words[2:4]
    if len(files) != 2:
        return command
    out = words[words.index("--out") : words.index("--out") + 2] if "--out" in words else []
    return f"{before}{joined}{recipe.changed(map=files[0], model=files[1]).command(*out)}"


def _placement_records(result: FitResult) -> tuple[PlacementRecord, ...]:
    return tuple(PlacementRecord.model_validate(placement.to_dict()) for placement in result.placements)


def _warning_records(result: FitResult) -> tuple[WarningRecord, ...]:
    return tuple(WarningRecord.model_validate(asdict(one)) for one in result.warnings)


def _broken_records(result: FitResult) -> tuple[BrokenRecord, ...]:
    return tuple(BrokenRecord.model_validate(asdict(one)) for one in result.broken)


def write_fit_project(path: Path, request: FitRequest, result: FitResult, *, command: str, evidence: Sequence[str]) -> None:
    """Write a project of one map, one model and one fit, the best placement selected.

    Raises
    ------
    UserError
        If an input can no longer be read, or the file cannot be written.
    ValueError
        If the map or the model did not come from a file.
    """
    path = Path(path)
    map_path, model_path = request.density_map.path, request.model.path
    if map_path is None or model_path is None:
        raise ValueError("a project refers to files, but the map or the model was not read from one")
    fit = record_fit("fit-1", "map-1", "model-1", request, result, command=command, evidence=evidence)
    project = Project(
        program_version=__version__,
        inputs=(
            record_input(map_path, "map-1", "map", path),
            record_input(model_path, "model-1", "model", path, models=request.model.models),
        ),
        fits=(fit,),
        view={"selected_fit": fit.id, "selected_rank": fit.placements[0].rank} if fit.placements else {},
    )
    save_project(path, project, {fit.id: FitArrays.of_result(result)})
