"""From a refinement to its record in a project, and back to its recipe."""

from collections.abc import Sequence

import numpy as np

from difffit_core.project.base import PoseRecord, now
from difffit_core.project.refinements import BentArrays, BentRecipe, Noticed, RefinementRecord, StepTaken
from difffit_core.provenance import library_versions
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.request import RefineRequest, RefineResult


def record_refinement(
    identifier: str,
    recipe: RefineRecipe,
    request: RefineRequest,
    result: RefineResult,
    *,
    command: str,
    evidence: Sequence[str],
) -> RefinementRecord:
    """Everything about a refinement but its arrays, for a project file.

    Parameters
    ----------
    identifier : of the refinement in the project
    recipe : what was asked for, of the map and the model by their ids in the project
    request, result : the refinement
    command : the command line that repeats it
    evidence : what speaks for the contour level and for what was read beside the model, one sentence each
    """
    placement = result.placement
    return RefinementRecord(
        id=identifier,
        recipe=BentRecipe.model_validate_json(recipe.changed(level=request.level, chains=request.model.chains).to_json()),
        evidence=tuple(evidence),
        versions=library_versions(),
        timing={name: float(seconds) for name, seconds in result.timing.items()},
        finished=now(),
        cancelled=result.cancelled,
        command=command,
        pose=PoseRecord.of(result.pose),
        began=result.began,
        p_value=None if placement is None else placement.p_value,
        verdict=None if placement is None else placement.verdict,
        steps=tuple(StepTaken(name=one.name, taken=one.taken, sentence=one.sentence) for one in result.steps),
        hinges=tuple(map(str, result.hinges)),
        warnings=tuple(Noticed(kind=one.kind, message=one.message) for one in result.warnings),
    )


def arrays_of(result: RefineResult) -> BentArrays:
    """The arrays of what came of a refinement."""
    return BentArrays(
        result.coordinates, result.residues.index.astype(np.int64), result.before, result.after, result.moved, result.supported
    )


def recipe_of(record: RefinementRecord) -> RefineRecipe:
    """What was asked for.

    Raises
    ------
    UserError
        If something of it is of another version of the program: unknown, or out of bounds.
    """
    return RefineRecipe.checked(record.recipe.model_dump())
