"""Choosing what of a project is handed over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from difffit_core.errors import UserError
from difffit_core.handover.subject import Subject, of_composite, of_placement, of_refinement
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.refinements import RefinementRecord
from difffit_core.project.schema import FitRecord, Project
from difffit_core.project.store import open_project
from difffit_core.reproduce import Inputs
from difffit_core.target import Target

Result = FitRecord | CompositeRecord | RefinementRecord


def of_project(path: Path, scratch: Path, what: str = "", rank: int | None = None) -> Subject:
    """A result of a project.

    Parameters
    ----------
    path : of the project
    scratch : a folder for what is packed in it
    what : id of a fit, a composite or a refinement; empty for what is selected in the project: a bent model, else a composite, else a fit
    rank : of a fit, the placement; the one selected in the project, or the best, if it is not given

    Raises
    ------
    UserError
        If there is no such result, or one of its files is missing or has changed.
    """
    project, _ = open_project(path)
    chosen = _chosen(path, project, what)
    if rank is not None and not isinstance(chosen, FitRecord):
        raise UserError(f"--rank chooses among the placements of a fit, and {chosen.id} is none")
    inputs = Inputs(project, path, scratch)
    density_map = inputs.density_map(chosen.map)
    if isinstance(chosen, RefinementRecord):
        halves = _halves(path, getattr(chosen.recipe, "half_maps", None))
        return of_refinement(density_map, inputs.model(chosen.model), chosen, inputs.bent()[chosen.id], half_maps=halves)
    if isinstance(chosen, CompositeRecord):
        level, resolution = level_of(project, chosen)
        halves = _halves(path, getattr(chosen.solve.recipe, "half_maps", None)) if chosen.solve else None
        return of_composite(Target(density_map, resolution, level), inputs.models_of(chosen), chosen, half_maps=halves)
    record = _ranked(path, project, chosen, rank)
    model = inputs.model(chosen.model).select_chains(chosen.chains)
    halves = _halves(path, chosen.recipe.half_maps)
    return of_placement(Target(density_map, chosen.resolution, chosen.level), model, record.placement(), half_maps=halves)


def level_of(project: Project, composite: CompositeRecord) -> tuple[float, float]:
    """Contour level and resolution of a composite: of its run, its zero-outs, or of a fit whose placement was accepted.

    Raises
    ------
    UserError
        If none of them is there any more.
    """
    fits = {fit.id: fit for fit in project.fits}
    named = [one.fit for step in composite.rounds for one in step.accepted]
    cut = [step.zero_out for step in composite.rounds if step.zero_out is not None]
    sources: list[Any] = [
        *([composite.solve.recipe] if composite.solve else []), *cut, *(fits[one] for one in named if one in fits),
        *(fit for fit in project.fits if fit.map == composite.map),
    ]  # fmt: skip
    if not sources:
        raise UserError(f"{composite.name}: the resolution at which it was made is not known any more; hand over map and model instead")
    return float(sources[0].level), float(sources[0].resolution)


def _chosen(path: Path, project: Project, what: str) -> Result:
    results: Sequence[Result] = [*project.refinements, *project.composites, *project.fits]
    by_id = {one.id: one for one in results}
    if what:
        if what not in by_id:
            raise UserError(f"{path}: what must be one of {', '.join(by_id) or 'its results, of which it has none'}, got {what}")
        return by_id[what]
    for field in ("selected_refinement", "selected_composite", "selected_fit"):
        name = project.view.get(field)
        if isinstance(name, str) and name in by_id:
            return by_id[name]
    if not results:
        raise UserError(f"{path}: there is no fit, no composite and no bent model in it, so that there is nothing to hand over")
    return results[0] if not project.fits or project.refinements or project.composites else project.fits[-1]


def _ranked(path: Path, project: Project, fit: FitRecord, rank: int | None) -> Any:
    if not fit.placements:
        raise UserError(f"{path}: {fit.id} found no placement, so that there is nothing to hand over")
    if rank is None and project.view.get("selected_fit") == fit.id:
        selected = project.view.get("selected_rank")
        rank = selected if isinstance(selected, int) else None
    wanted = rank if rank is not None else min(one.rank for one in fit.placements)
    found = [one for one in fit.placements if one.rank == wanted]
    if not found:
        raise UserError(f"{path}: rank must be one of the {len(fit.placements)} placements of {fit.id}, got {wanted}")
    return found[0]


def _halves(path: Path, names: Any) -> tuple[Path, Path] | None:
    """The half maps of a recipe where they are still there: as named, or beside the project."""
    if not names:
        return None
    found = [next((one for one in (Path(name), path.parent / name) if one.is_file()), None) for name in names]
    return None if found[0] is None or found[1] is None else (found[0].absolute(), found[1].absolute())
