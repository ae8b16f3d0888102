"""How the poses of a fit converged: the climbs that led to its placements, step by step, run again from where they started."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import CancelFlag, FitRequest, OnProgress
from difffit_core.fit.run import use_threads
from difffit_core.fit.search.further import half
from difffit_core.fit.search.optimise import Volume, blocks
from difffit_core.fit.search.stages import Stage, Stages, stages_of
from difffit_core.fit.search.subject import confined, prepare_map, prepare_model
from difffit_core.pose import Pose, PoseBatch

MOST = 2000
"""Most placements, from the best on, whose way is followed."""


@dataclass(frozen=True, eq=False)
class Replay:
    """The ways of P placements over S steps. A step holds the best pose that the search had seen for each by then.

    Attributes
    ----------
    stages : the name of each stage, and its first step
    quaternions, translations : (S, P, 4) as (w, x, y, z), (S, P, 3) in Å, turns about the model's centre and where that lies
    centre : (3,) in Å, that centre in the model's file
    missed : (P,) in Å, root mean square distance of the atoms between the last step and the placement: 0 where the climbs were repeated
        as they were, which other processors than the fit's may fail to do
    """

    stages: tuple[tuple[str, int], ...]
    quaternions: Array
    translations: Array
    centre: Array
    missed: Array

    def __len__(self) -> int:
        return len(self.quaternions)

    def pose(self, step: int, index: int) -> Pose:
        """The pose of a placement, counted from 0, at a step."""
        rotation = quaternion_to_matrix(self.quaternions[step, index])
        return Pose(rotation, self.translations[step, index] - rotation @ self.centre)

    def stage_at(self, step: int) -> str:
        """What was being done at a step."""
        return [name for name, first in self.stages if first <= step][-1]


def replay(
    request: FitRequest,
    starts: tuple[Array, Array],
    start_fields: NDArray[np.int64],
    placed: PoseBatch,
    stopped: bool = False,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
) -> Replay:
    """Climb again from the starting poses of a fit's placements, and keep every step.

    Parameters
    ----------
    request : that of the fit
    starts, start_fields : quaternions (P, 4) and translations (P, 3) of the starting poses, and the field (P,) that each climbed
    placed : the placements, (P,)
    stopped : the fit was cancelled, so that some placements did not go through all stages; each ends with the stage that left it nearest
        to its placement

    Raises
    ------
    DeviceError
        If the device is not there.
    UserError
        If the settings do not fit the data, or the fit had no steps.
    FitCancelled
        If it was cancelled.
    ValueError
        If a field is none of the request's.
    """
    kinds = len(request.settings.fields)
    if len(start_fields) and not 0 <= start_fields.min() <= start_fields.max() < kinds * (1 + request.settings.further):
        raise ValueError(f"fields must be numbers of {', '.join(request.settings.fields)} in each search, got up to {start_fields.max()}")
    device = resolve_device(request.device)
    if device == "cpu":
        use_threads(request.threads)
    model = prepare_model(request)
    density = prepare_map(request.target, request.settings, device)
    stages = stages_of(model, density, request.settings)
    count = min(MOST, len(placed))
    climbs = [*_in_field(request, stages), *([stages.polish] if stages.polish else [])]
    if not climbs:
        raise UserError("there are no steps to replay: the pose was kept as it was given")
    side = confined(density, model, request, device)
    reporter = Reporter(count * sum(stage.work for stage in climbs), on_progress, cancel or threading.Event())

    ways = [_Way(stage.schedule.steps, count) for stage in climbs]
    searches, fields_climbed = np.divmod(start_fields[:count], kinds)
    for search in np.unique(searches):
        part = stages_of(half(model, request, int(search)), density, request.settings) if search else stages
        for number, (_, field) in enumerate(side.fields()):
            mine = np.flatnonzero((searches == search) & (fields_climbed == number))
            poses = starts[0][mine], starts[1][mine]
            for stage, way in zip(_in_field(request, part), ways, strict=False):
                poses = way.follow(mine, stage, field, poses, reporter)
    if stages.polish:
        sharpened = density.sharpened(model.template.laplacian_weight)
        ended = (ways[-2].quaternions[-1], ways[-2].translations[-1]) if len(ways) > 1 else (starts[0][:count], starts[1][:count])
        ways[-1].follow(np.arange(count), stages.polish, sharpened, ended, reporter)
    reporter.finish(False)

    quaternions, translations = (np.concatenate(column) for column in zip(*((w.quaternions, w.translations) for w in ways), strict=True))
    goal = matrix_to_quaternion(placed.rotations[:count]), placed.rotations[:count] @ model.centre + placed.translations[:count]
    spread = np.cov(np.column_stack(model.atoms.columns).T.astype(np.float64), bias=True).reshape(3, 3)
    ends = np.cumsum([stage.schedule.steps for stage in climbs]) - 1
    if stopped:
        _hold(quaternions, translations, goal, spread, ends)
    missed = _distance(quaternions[-1], translations[-1], *goal, spread)
    firsts = [0, *(int(end) + 1 for end in ends[:-1])]
    return Replay(_named(climbs, firsts), quaternions, translations, model.centre, missed)


def _in_field(request: FitRequest, stages: Stages) -> list[Stage]:
    """The climbs in a search field; one from a given pose begins with its refinement."""
    return [stage for stage in (None if request.start else stages.explore, stages.refine) if stage is not None]


class _Way:
    """What one stage does to each of the poses, (steps, count, ...)."""

    def __init__(self, steps: int, count: int) -> None:
        self.quaternions, self.translations = np.empty((steps, count, 4)), np.empty((steps, count, 3))

    def follow(
        self, mine: NDArray[np.int64], stage: Stage, volume: Volume, poses: tuple[Array, Array], reporter: Reporter
    ) -> tuple[Array, Array]:
        """Climb from ``poses``, those of the placements ``mine``; give where they end."""
        for block in blocks(len(mine), volume.block_poses(stage.points, stage.schedule)):
            turns, shifts = volume.trace(stage.points, stage.weight, poses[0][block], poses[1][block], stage.schedule)
            self.quaternions[:, mine[block]], self.translations[:, mine[block]] = turns, shifts
            if not reporter.advance(stage.name, len(turns[0]) * stage.work):
                raise FitCancelled("cancelled before the steps were known")
        return self.quaternions[-1, mine], self.translations[-1, mine]


def _named(climbs: Sequence[Stage], firsts: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((stage.name, first) for stage, first in zip(climbs, firsts, strict=True))


def _hold(quaternions: Array, translations: Array, goal: tuple[Array, Array], spread: Array, ends: NDArray[np.int64]) -> None:
    """From the stage on that ends nearest to the ``goal``, let each pose rest."""
    apart = np.array([_distance(quaternions[end], translations[end], *goal, spread) for end in ends])
    for index, last in enumerate(ends[len(ends) - 1 - apart[::-1].argmin(axis=0)]):
        quaternions[last:, index], translations[last:, index] = quaternions[last, index], translations[last, index]


def _distance(quaternions: Array, translations: Array, to_quaternions: Array, to_translations: Array, spread: Array) -> Array:
    """Root mean square distance (P,) of atoms with the covariance ``spread`` (3, 3) about their centre, between two sets of poses."""
    turned = quaternion_to_matrix(quaternions) - quaternion_to_matrix(to_quaternions)
    squared = ((translations - to_translations) ** 2).sum(axis=1) + np.einsum("pij,jk,pik->p", turned, spread, turned)
    distance: Array = np.sqrt(np.maximum(squared, 0))
    return distance
