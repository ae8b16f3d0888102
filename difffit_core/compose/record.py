"""From a composite to its record, to a project, and back to the request."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from difffit_core import __version__
from difffit_core.compose.assembly import PlacedCopy
from difffit_core.compose.output.document import label
from difffit_core.compose.recipe import ComposeRecipe, wanted_model
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.settings import ComposeSettings
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.project.arrays import FitArrays
from difffit_core.project.base import PoseRecord, now
from difffit_core.project.build import record_fit
from difffit_core.project.composites import (
    AcceptedRecord,
    CompositeRecord,
    RoundRecord,
    SolvedRecipe,
    SolveRecord,
    SymmetryRecord,
    ZeroOutRecord,
)
from difffit_core.project.inputs import record_input
from difffit_core.project.schema import FitRecord, Project
from difffit_core.project.store import save_project
from difffit_core.provenance import library_versions


def record_composite(
    identifier: str,
    map_id: str,
    model_ids: Sequence[str],
    request: ComposeRequest,
    result: ComposeResult,
    *,
    command: str,
    evidence: Sequence[str],
    first_fit: int = 1,
) -> tuple[CompositeRecord, dict[str, tuple[FitRecord, FitArrays]]]:
    """A composite with its fits, as a project holds them.

    Parameters
    ----------
    identifier, map_id, model_ids : of the composite, the map, and each wanted model, in the project
    request, result : the composite
    command, evidence : as in `record_fit`
    first_fit : the number from which its fits are counted

    Of a composite solved together only the fits into the whole map are kept; those into what was left can be repeated with it alone.
    """
    fits: dict[str, tuple[FitRecord, FitArrays]] = {}
    names: dict[int, str] = {}

    def keep(place: int, density_map: DensityMap, round_id: str | None) -> str:
        index, number, found = result.fits[place]
        names[place] = f"fit-{first_fit + len(fits)}"
        made = request.fit(index, density_map, number)
        record = record_fit(names[place], map_id, model_ids[index], made, found, command=command, evidence=evidence, round_id=round_id)
        fits[record.id] = record, FitArrays.of_result(found)
        return record.id

    rounds: list[RoundRecord] = []
    if result.rounds:
        for number, one in enumerate(result.rounds, start=1):
            parent = rounds[-1].id if rounds else None
            ids = tuple(keep(place, request.density_map, parent) for place in one.fits)
            mine = [copy for copy in result.copies if any(copy.pose is candidate.pose for candidate in one.accepted)]
            cut = None
            if one.zero_out is not None:
                cut = ZeroOutRecord(
                    method=request.settings.zero_out.value, threshold=request.settings.threshold, resolution=request.resolution,
                    level=request.level, removed=one.zero_out.removed, done=now(),
                )  # fmt: skip
            accepted = tuple(_accepted(copy, model_ids, result, names) for copy in mine)
            rounds.append(
                RoundRecord(
                    id=f"{identifier}-round-{number}", parent=parent, name=f"Round {number}", fits=ids, accepted=accepted, zero_out=cut
                )
            )
    else:
        whole = [place for place, (_, number, _) in enumerate(result.fits) if number == 0]
        ids = tuple(keep(place, request.density_map, None) for place in whole)
        accepted = tuple(_accepted(copy, model_ids, result, names) for copy in result.copies)
        rounds.append(RoundRecord(id=f"{identifier}-round-1", name="Solved together", fits=ids, accepted=accepted))
    composite = CompositeRecord(
        id=identifier,
        name="Composite",
        map=map_id,
        rounds=tuple(rounds),
        current=rounds[-1].id,
        solve=_solve_record(map_id, model_ids, request, result, command, evidence),
    )
    return composite, fits


def _accepted(copy: PlacedCopy, model_ids: Sequence[str], result: ComposeResult, names: Mapping[int, str]) -> AcceptedRecord:
    fit, rank = None, None
    for place, name in names.items():
        index, _, found = result.fits[place]
        ranks = [one.rank for one in found.placements if index == copy.body and one.pose is copy.pose]
        if ranks:
            fit, rank = name, ranks[0]
    return AcceptedRecord(
        model=model_ids[copy.body],
        chains=dict(copy.chains),
        pose=PoseRecord.of(copy.pose),
        accepted=now(),
        source=copy.source,
        fit=fit,
        rank=rank,
        local_correlation=copy.local_correlation,
        z_score=copy.z_score,
        p_value=copy.p_value,
        clash=copy.clash,
    )


def _solve_record(
    map_id: str, model_ids: Sequence[str], request: ComposeRequest, result: ComposeResult, command: str, evidence: Sequence[str]
) -> SolveRecord:
    symmetries = tuple(
        SymmetryRecord.model_validate(
            {
                "model": model_ids[index], "group": label(one), "axis": one.axis.tolist(), "centre": one.centre.tolist(),
                "rise": one.group.rise, "twist": one.group.twist, "rmsd": one.rmsd,
            }
        )
        for index, one in result.symmetries.items()
    )  # fmt: skip
    wanted = zip(model_ids, request.wanted, strict=True)
    chosen = {one.model.models for one in request.wanted} - {""}
    recipe = ComposeRecipe.of(
        request,
        map=map_id,
        wanted=[wanted_model(one.model, one.copies, name) for name, one in wanted],
        models=chosen.pop() if len(chosen) == 1 else "",
        device=result.device,
    )
    return SolveRecord(
        recipe=SolvedRecipe.model_validate_json(recipe.to_json()),
        evidence=tuple(evidence),
        versions=library_versions(),
        timing={name: float(seconds) for name, seconds in result.timing.items()},
        finished=now(),
        cancelled=result.cancelled,
        command=command,
        explained=result.explained,
        score=result.score,
        symmetries=symmetries,
        notes=(*result.notes, *_alternative(request, result)),
    )


def _alternative(request: ComposeRequest, result: ComposeResult) -> tuple[str, ...]:
    """The next best assembly in a sentence, which is all that is kept of it."""
    second = result.alternative
    if second is None:
        return ()
    names = [request.wanted[one.body].model.name for one in second.different]
    other = f"{', '.join(names)} elsewhere" if names else f"{second.fewer} fewer"
    return (f"the next best assembly has {other} and a score of {second.score:.4g}, against {result.score:.4g}",)


def recipe_of(record: CompositeRecord) -> ComposeRecipe:
    """What a recorded composite was asked for.

    Raises
    ------
    UserError
        If a setting is none that this program knows.
    ValueError
        If the composite was made by hand.
    """
    if record.solve is None:
        raise ValueError(f"composite {record.id} was not computed by itself")
    plain = record.solve.recipe.model_dump()
    settings, fit_settings = ComposeSettings.checked(plain["settings"]), FitSettings.checked(plain["fit_settings"])
    return ComposeRecipe.checked({**plain, "settings": settings, "fit_settings": fit_settings})


def write_composite_project(path: Path, request: ComposeRequest, result: ComposeResult, *, command: str, evidence: Sequence[str]) -> None:
    """Write a project of one composite with its map, models and fits.

    Raises
    ------
    UserError
        If an input can no longer be read, or the file cannot be written.
    ValueError
        If the map or a model did not come from a file.
    """
    sources = [wanted.model.path for wanted in request.wanted]
    if request.density_map.path is None or None in sources:
        raise ValueError("a project refers to files, but the map or a model was not read from one")
    files = {source: f"model-{number}" for number, source in enumerate(dict.fromkeys(s for s in sources if s), start=1)}
    read = {wanted.model.path: wanted.model.models for wanted in request.wanted}
    model_ids = [files[source] for source in sources if source]
    composite, fits = record_composite("composite-1", "map-1", model_ids, request, result, command=command, evidence=evidence)
    project = Project(
        program_version=__version__,
        inputs=(
            record_input(request.density_map.path, "map-1", "map", path),
            *(record_input(source, name, "model", path, models=read[source]) for source, name in files.items()),
        ),
        fits=tuple(record for record, _ in fits.values()),
        composites=(composite,),
    )
    save_project(path, project, {name: arrays for name, (_, arrays) in fits.items()})
