"""Repeating every computation of a project from its records, and saying whether it comes out the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from difffit_core.align.of_map import in_symmetry
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.body import Body
from difffit_core.compose.edit.working import working_map
from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.compose.record import recipe_of
from difffit_core.compose.run import run_compose
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.fit.run import run_fit
from difffit_core.halves.attach import with_half_maps
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose, PoseBatch
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.inputs import locate_inputs
from difffit_core.project.refinements import BentArrays, RefinementRecord
from difffit_core.project.schema import FitRecord, Project
from difffit_core.project.store import open_bent
from difffit_core.project.working_maps import WorkingMapRecord
from difffit_core.refine.predicted import errors_for
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.record import recipe_of as refine_recipe_of
from difffit_core.refine.run import run_refine

SAME = 0.1
"""Å: placements that are no farther apart, RMSD, are the same; other processors and versions round differently."""


class Verdict(StrEnum):
    """How a repeated computation came out."""

    IDENTICAL = "identical"
    SAME = "the same"
    DIFFERENT = "different"
    SKIPPED = "not repeated"


@dataclass(frozen=True)
class Outcome:
    """One computation repeated: what it was, how it came out, and in what way, one sentence."""

    what: str
    verdict: Verdict
    detail: str

    @property
    def good(self) -> bool:
        return self.verdict in (Verdict.IDENTICAL, Verdict.SAME)


@dataclass
class Inputs:
    """The files of a project, read once each when they are first asked for."""

    project: Project
    path: Path
    scratch: Path
    """Where packed files are unpacked to."""
    _maps: dict[str, DensityMap] = field(default_factory=dict)
    _models: dict[str, AtomicModel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._found = locate_inputs(self.project, self.path, self.scratch)

    def _file(self, identifier: str) -> Path:
        where = self._found[identifier]
        if not isinstance(where, Path):
            raise UserError(str(where))
        return where

    def density_map(self, identifier: str) -> DensityMap:
        """The map of that id, made again if it is a working map; `UserError` if what it needs is missing or has changed."""
        if identifier not in self._maps:
            made = next((one for one in self.project.working_maps if one.id == identifier), None)
            self._maps[identifier] = read_map(self._file(identifier)) if made is None else self._made(made)
        return self._maps[identifier]

    def _made(self, record: WorkingMapRecord) -> DensityMap:
        recipe = record.recipe
        models = {(model, which): self.model(model) for model, which in recipe.models()}
        return recipe.make(self.density_map(recipe.map), models).density_map

    def model(self, identifier: str) -> AtomicModel:
        """The model of that id; `UserError` if it is missing or has changed."""
        if identifier not in self._models:
            models = next(entry.models for entry in self.project.inputs if entry.id == identifier)
            self._models[identifier] = read_model(self._file(identifier), models)
        return self._models[identifier]

    def bent(self) -> Mapping[str, BentArrays]:
        """The arrays of the project's refinements, by their ids."""
        return open_bent(self.path, self.project)

    def models_of(self, composite: CompositeRecord) -> Mapping[str, AtomicModel]:
        """Every model of a composite."""
        return {identifier: self.model(identifier) for identifier in composite.models()}


def repeat_project(
    project: Project, path: Path, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None
) -> Iterator[Outcome]:
    """Repeat every fit, composite and refinement of a project, one after the other.

    Parameters
    ----------
    project, path : the project and where its file lies
    on_progress, cancel : as in `run_fit`; once cancelled nothing more is begun

    A computation whose inputs are missing or have changed, or that had been stopped early, is not repeated, and its outcome says so.
    """
    with TemporaryDirectory() as scratch:
        inputs = Inputs(project, path, Path(scratch))
        for record in project.fits:
            if cancel is None or not cancel.is_set():
                yield _outcome(
                    f"{record.id}, {record.model} in {record.map}", partial(_repeat_fit, record, project, inputs, on_progress, cancel)
                )
        for composite in project.composites:
            if composite.solve is not None and (cancel is None or not cancel.is_set()):
                yield _outcome(f"{composite.id}, {composite.name}", partial(_repeat_composite, composite, inputs, on_progress, cancel))
        for one in project.refinements:
            if cancel is None or not cancel.is_set():
                yield _outcome(f"{one.id}, {one.model} bent into {one.map}", partial(_repeat_refinement, one, inputs, on_progress, cancel))


def _outcome(what: str, repeat: Callable[[], tuple[Verdict, str]]) -> Outcome:
    try:
        return Outcome(what, *repeat())
    except (UserError, FitCancelled) as error:
        return Outcome(what, Verdict.SKIPPED, str(error))


def _repeat_fit(
    record: FitRecord, project: Project, inputs: Inputs, on_progress: OnProgress | None, cancel: CancelFlag | None
) -> tuple[Verdict, str]:
    if record.cancelled:
        return Verdict.SKIPPED, "it had been stopped before its end"
    if record.screen is not None:
        return Verdict.SKIPPED, f"a screen found it, which is repeated by: {record.command}"
    density_map = inputs.density_map(record.map)
    for composite in project.composites:
        if record.round in {one.id for one in composite.rounds}:
            density_map = working_map(composite, record.round, density_map, inputs.models_of(composite))
    recipe = record.repeatable()
    request = in_symmetry(recipe.bind(_with_halves(density_map, recipe), inputs.model(record.model)), on_progress, cancel)
    result = run_fit(request, on_progress, cancel)
    if result.cancelled:
        return Verdict.SKIPPED, "stopped"
    before = [one.placement().pose for one in record.placements]
    return _compare(Body(request.model), before, [one.pose for one in result.placements])


def _repeat_composite(
    composite: CompositeRecord, inputs: Inputs, on_progress: OnProgress | None, cancel: CancelFlag | None
) -> tuple[Verdict, str]:
    if composite.solve is None or composite.solve.cancelled:
        return Verdict.SKIPPED, "it had been stopped before its end"
    recipe = recipe_of(composite)
    request = recipe.bind(_with_halves(inputs.density_map(composite.map), recipe), [inputs.model(one.model) for one in recipe.wanted])
    result = run_compose(request, on_progress, cancel)
    if result.cancelled:
        return Verdict.SKIPPED, "stopped"
    accepted = [one for step in composite.rounds for one in step.accepted]
    verdicts, details = [Verdict.IDENTICAL], []
    for index, wanted in enumerate(composite.solve.recipe.wanted):
        before = [one.pose.pose() for one in accepted if one.model == wanted.model and set(one.chains) == set(wanted.chains)]
        after = [one.pose for one in result.copies if one.body == index]
        verdict, detail = _compare(Body(request.wanted[index].model), _in_order(before), _in_order(after))
        verdicts.append(verdict)
        details.append(f"{wanted.model}: {detail}")
    return max(verdicts, key=list(Verdict).index), "; ".join(details)


def _repeat_refinement(
    record: RefinementRecord, inputs: Inputs, on_progress: OnProgress | None, cancel: CancelFlag | None
) -> tuple[Verdict, str]:
    if record.cancelled:
        return Verdict.SKIPPED, "it had been stopped before its end"
    recipe, model = refine_recipe_of(record), inputs.model(record.model)
    before = inputs.bent()[record.id]
    errors, _ = errors_for(model.select_chains(recipe.chains), recipe.pae)
    result = run_refine(recipe.bind(_with_halves(inputs.density_map(record.map), recipe), model, errors), on_progress, cancel)
    if result.cancelled:
        return Verdict.SKIPPED, "stopped"
    if before.coordinates.shape != result.coordinates.shape:
        return Verdict.DIFFERENT, f"{len(before.coordinates)} atoms before, {len(result.coordinates)} now"
    apart = float(np.sqrt(((before.coordinates - result.coordinates) ** 2).sum(axis=1).mean()))
    if apart == 0:
        return Verdict.IDENTICAL, "every atom where it was"
    return (Verdict.SAME if apart <= SAME else Verdict.DIFFERENT), f"{apart:.2g} Å apart (RMSD)"


def _with_halves(density_map: DensityMap, recipe: FitRecipe | ComposeRecipe | RefineRecipe) -> DensityMap:
    """The map with what its half maps say, where the recipe names some; `UserError` if they are not there any more."""
    if recipe.half_maps is None:
        return density_map
    return with_half_maps(density_map, Path(recipe.half_maps[0]), Path(recipe.half_maps[1]), recipe.resolution)


def _in_order(poses: Sequence[Pose]) -> list[Pose]:
    """Copies are numbered anew when they are put together, so that their places give the order in which to compare them."""
    return sorted(poses, key=lambda pose: tuple(pose.translation.tolist()))


def _compare(body: Body, before: Sequence[Pose], after: Sequence[Pose]) -> tuple[Verdict, str]:
    """Placements as they were recorded against those found again, each with the nearest of the other."""
    count = len(before)
    if not before and not after:
        return Verdict.IDENTICAL, "no placements, as before"
    if not before or not after:
        return Verdict.DIFFERENT, f"{count} placements were recorded, {len(after)} are found now"
    first, second = PoseBatch.of(before), PoseBatch.of(after)
    if count == len(after) and (first.rotations == second.rotations).all() and (first.translations == second.translations).all():
        return Verdict.IDENTICAL, f"all {count} placements, to the last bit"
    off = body.rmsd(first, second)
    lost, new = int((off.min(axis=1) > SAME).sum()), int((off.min(axis=0) > SAME).sum())
    if lost == new == 0 and count == len(after):
        return Verdict.SAME, f"all {count} placements, within {off.min(axis=1).max():.2g} Å"
    best = "the best is the same" if off[0, 0] <= SAME else f"the best is now {off[0, 0]:.2g} Å away"
    return Verdict.DIFFERENT, f"{lost} of {count} placements are not found again, {new} are new; {best}"
