"""Why a fit missed: the same search once more, watched at every stage."""

import threading
from dataclasses import dataclass, field

import numpy as np
from cases import Case
from errors_to_truth import NEAR, Errors

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.search.optimise import Climbed
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import MapSide, ModelSide, prepare_map, prepare_model

NEVER, LOST, DISPLACED, OUTRANKED = "never reached", "reached and lost", "displaced", "outranked"


@dataclass(frozen=True)
class Miss:
    """What went wrong, in a word and in a sentence."""

    kind: str
    detail: str


@dataclass
class _Stages:
    """Poses that each stage ended with, by the stage's name."""

    poses: dict[str, list[Climbed]] = field(default_factory=dict)


class _WatchedSearch(Search):
    """A search that hands over what each stage climbed to."""

    def __init__(self, *arguments, stages: _Stages, **named) -> None:
        super().__init__(*arguments, **named)
        self._stages = stages

    def _climb(self, stage: str, *arguments, **named) -> Climbed:
        climbed = super()._climb(stage, *arguments, **named)
        self._stages.poses.setdefault(stage, []).append(climbed)
        return climbed


def explain(case: Case, request: FitRequest, result: FitResult) -> Miss:
    """Why the best placement of ``result`` is not the right one.

    Displaced: it is in the right place (within 6 Å and 15°), but farther off than counts as solved. Outranked: another placement is in the
    right place. Reached and lost: none is, though the search came there. Never reached: it did not.
    """
    errors = case.truth.of(result.placements)
    near = np.flatnonzero(errors.within(*NEAR))
    model = prepare_model(request)
    density = prepare_map(request.target, request.settings, "cpu")
    against = _height_of_truth(case, model, density, result)
    if len(near) and near[0] == 0:
        where = f"{errors.shift[0]:.1f} Å, {errors.angle[0]:.1f}°, RMSD {errors.rmsd[0]:.2f} Å"
        return Miss(DISPLACED, f"{where}; {against}")
    if len(near):
        right = np.flatnonzero(case.truth.solved(errors))
        rank = f"rank {right[0] + 1} is right" if len(right) else f"rank {near[0] + 1} is near (RMSD {errors.rmsd[near[0]]:.2f} Å)"
        return Miss(OUTRANKED, f"{rank} of {len(result.placements)}; {against}")
    stages = _Stages()
    _WatchedSearch(model, density, request.settings, request.seed, Reporter(1, None, threading.Event()), stages=stages).run()
    seen = _near_by_stage(case, model, stages)
    if not any(seen.values()):
        return Miss(NEVER, f"none of {sum(len(one.values) for part in stages.poses.values() for one in part)} poses; {against}")
    return Miss(LOST, ", ".join(f"{stage}: {count} near" for stage, count in seen.items()) + f"; {against}")


def _near_by_stage(case: Case, model: ModelSide, stages: _Stages) -> dict[str, int]:
    counts = {}
    for stage, parts in stages.poses.items():
        errors = [_errors(case, model, one.quaternions, one.translations) for one in parts]
        counts[stage] = sum(int(one.within(*NEAR).sum()) for one in errors)
    return counts


def _errors(case: Case, model: ModelSide, quaternions: Array, translations: Array) -> Errors:
    rotations = quaternion_to_matrix(quaternions)
    return case.truth.errors(rotations, translations - rotations @ model.centre)


def _height_of_truth(case: Case, model: ModelSide, density: MapSide, result: FitResult) -> str:
    """The score of the truth itself beside the winner's: whether more searching, or only another score, could have helped."""
    quaternions = matrix_to_quaternion(case.truth.rotations)
    centres = case.truth.rotations @ model.centre + case.truth.translations
    truth = float(density.sharpened(model.template.laplacian_weight).correlation(*model.full, quaternions, centres).max())
    return f"the truth scores {truth:.3f}, the best placement {result.placements[0].metrics.local_correlation:.3f}"
