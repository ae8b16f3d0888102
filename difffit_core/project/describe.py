"""What is in a project, for `difffit info`."""

from pathlib import Path

from difffit_core.chain_words import chains_in_words
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.inputs import Changed, Missing, locate_inputs
from difffit_core.project.packing import packed_inputs
from difffit_core.project.refinements import RefinementRecord
from difffit_core.project.schema import FitRecord, InputFile
from difffit_core.project.store import open_project

_LAST_STEPS = 10


def describe_project(path: Path) -> list[tuple[str, str]]:
    """Label and value of what a project holds, in the order to show it.

    Raises
    ------
    UserError
        If it is absent, may not be read, is damaged, or was written by a newer program.
    """
    project, _ = open_project(path)
    found, packed = locate_inputs(project, path), packed_inputs(path, project)
    rows = [("file", str(path)), ("kind", f"project, schema {project.schema_version}, written by version {project.program_version}")]
    rows += [(entry.id, _input(entry, found[entry.id], entry.id in packed)) for entry in project.inputs]
    rows += [(one.id, f"working map {one.name}, {one.recipe.map} {one.recipe.history()}") for one in project.working_maps]
    rows += [(fit.id, _fit(fit)) for fit in project.fits]
    for composite in project.composites:
        rows += [(composite.id, f"{composite.name} in {composite.map}, {_count(len(composite.rounds), 'round')}")]
        rows += [(one, text) for one, text in _rounds(composite)]
    rows += [(one.id, _refinement(one)) for one in project.refinements]
    rows += [(f"{step.when[:16].replace('T', ' ')}", step.text) for step in project.steps[-_LAST_STEPS:]]
    return rows


def _input(entry: InputFile, place: Path | Missing | Changed, packed: bool) -> str:
    inside = ", packed into the project" if packed else ""
    if isinstance(place, Path):
        return f"{entry.kind} {entry.name}, {place}{inside}"
    lacking = "changed since" if isinstance(place, Changed) else "not found"
    return f"{entry.kind} {entry.name}, {lacking}{inside}"


def _fit(fit: FitRecord) -> str:
    where = f"{fit.map} as left by {fit.round}" if fit.round else fit.map
    best = f", the best with local correlation {fit.placements[0].local_correlation:.3f}" if fit.placements else ""
    return f"{fit.model} {chains_in_words(fit.chains)} in {where}, {_count(len(fit.placements), 'placement')}{best}"


def _refinement(one: RefinementRecord) -> str:
    told = f", {'; '.join(one.hinges)}" if one.hinges else ""
    return f"{one.model} bent into {one.map}{', stopped early' if one.cancelled else ''}{told}"


def _rounds(composite: CompositeRecord) -> list[tuple[str, str]]:
    rows = []
    for one in composite.rounds:
        text = f"{one.name or one.id}: {_count(len(one.accepted), 'copy', 'copies')} accepted"
        if one.zero_out is not None:
            text += f", {one.zero_out.removed:.0%} of the density zeroed out"
        rows.append(("", text))
    return rows


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
