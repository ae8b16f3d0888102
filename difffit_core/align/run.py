"""The one entry to an alignment: `run_align`."""

import logging
import threading
import time
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from difffit_core.align.cloud import Cloud, as_model, as_side, make_cloud
from difffit_core.align.compare import compare
from difffit_core.align.hand import Hand
from difffit_core.align.judge import rank_places
from difffit_core.align.refine import Splines, refine
from difffit_core.align.request import AlignRequest, AlignResult, HandFound, Precision
from difffit_core.align.warn import warnings_of
from difffit_core.conventions import Array, matrix_to_quaternion
from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled
from difffit_core.fit.judge.places import place_length
from difffit_core.fit.judge.rivals import quick
from difffit_core.fit.judge.significance import told_apart
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import CancelFlag, FitRequest, OnProgress
from difffit_core.fit.run import use_threads
from difffit_core.fit.search.certainty import certainty
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import MapSide, ModelSide, prepare_map
from difffit_core.fit.settings import FitSettings
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.ops.spectrum import low_passed
from difffit_core.placement import Placement
from difffit_core.pose import Pose

_logger = logging.getLogger(__name__)

LARGER = 1.3
"""The moving map is the one that is searched in where its density has so many times the volume of the fixed map's."""
MOST_REFINED = 24
"""Placements that are no chance and are refined by voxels, at most."""
_QUICK_VOXELS = 15_000
_CLEARLY = 3.0
"""Standard deviations of the difference of two correlations beyond which one hand is told from the other."""


@dataclass(frozen=True, eq=False)
class _Tried:
    """One hand: where it was searched, what was, and the placements of the one in the other, best first."""

    hand: Hand
    where: MapSide
    side: ModelSide
    cloud: Cloud
    placements: tuple[Placement, ...]

    @property
    def best(self) -> Placement:
        return self.placements[0]

    @property
    def height(self) -> float:
        return self.best.metrics.local_correlation


def prepare_fixed(request: AlignRequest, device: str) -> MapSide:
    """The fixed map made ready to be searched, which serves every map that is laid onto it."""
    return prepare_map(request.onto, request.settings, device)


def run_align(
    request: AlignRequest, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None, ready: MapSide | None = None
) -> AlignResult:
    """Lay one map onto another, from anywhere, trying both hands.

    Points drawn from the smaller map's density are searched in the larger map as a model is; the density itself then is polished, ranked
    and judged, and what is no chance is refined voxel by voxel. The hand that fits better is taken.

    Parameters
    ----------
    request : the maps and how
    on_progress : called from this thread, at most ten times a second
    cancel : looked at between blocks of work of about a tenth of a second
    ready : the fixed map, where `prepare_fixed` prepared it before for the same level, resolution and device

    Raises
    ------
    DeviceError
        If the device is not there.
    UserError
        If a map has nothing above its level.
    FitCancelled
        If it was cancelled before a place was found.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _run(request, on_progress, cancel or threading.Event(), ready)


def _run(request: AlignRequest, on_progress: OnProgress | None, cancel: CancelFlag, ready: MapSide | None) -> AlignResult:
    start = time.perf_counter()
    device = resolve_device(request.device)
    if device == "cpu":
        use_threads(request.threads)
    clouds = [make_cloud(target, request.points, request.seed) for target in (request.onto, request.moved)]
    swapped = clouds[1].volume > LARGER * clouds[0].volume
    hands: tuple[Hand, ...] = ("same", "mirrored") if request.hand == "both" else (request.hand,)
    settings = request.settings
    work = len(settings.fields) * settings.starts * settings.steps * 600 * len(hands)
    reporter = Reporter(work, on_progress, cancel)
    prepared = time.perf_counter()
    tried: list[_Tried] = []
    for hand in hands:
        if tried and reporter.cancelled:
            break
        sure = bool(tried) and tried[0].best.p_value < settings.stop_p
        tried.append(_try(request, hand, swapped, device, reporter, quick(settings) if sure else settings, ready, clouds))
    searched = time.perf_counter()
    best = max(tried, key=lambda one: one.height)
    placements, precision = _refined(request, best, swapped)
    stopped = reporter.cancelled
    refined = time.perf_counter()
    aligned, there = resampled(request.moved_of(best.hand).density_map, placements[0].pose, request.fixed)
    comparison = compare(request.fixed, aligned, there, (request.onto.level, request.moved.level), request.resolution)
    found = tuple(HandFound(one.hand, one.height, one.best.z_score, one.best.p_value) for one in tried)
    known = _hand_known(tried, best, request.resolution)
    reporter.finish(stopped)
    end = time.perf_counter()
    timing = {
        "prepare_s": prepared - start, "climb_s": searched - prepared, "refine_s": refined - searched, "compare_s": end - refined,
        "search_s": end - start,
    }  # fmt: skip
    result = AlignResult(best.hand, known, found, placements, precision, comparison, (), swapped, device, timing, stopped)
    return replace(result, warnings=warnings_of(request, result, best.where, best.side))


def _try(
    request: AlignRequest,
    hand: Hand,
    swapped: bool,
    device: str,
    reporter: Reporter,
    settings: FitSettings,
    ready: MapSide | None,
    clouds: list[Cloud],
) -> _Tried:
    """Search one hand: the moving map in the fixed one, or, if ``swapped``, the fixed map in the moving one."""
    onto, moved = request.onto, request.moved_of(hand)
    where, what, density = (moved, onto, None) if swapped else (onto, moved, ready)
    density = density or prepare_map(where, settings, device)
    known = clouds[0] if swapped else clouds[1] if hand == "same" else None
    cloud = known or make_cloud(what, request.points, request.seed)
    side = as_side(cloud, request.resolution, settings, request.seed)
    fit = FitRequest(where, as_model(cloud, what.density_map), settings, request.seed, device, request.threads)
    check = certainty(density, side, fit) if settings.stop_p else None
    if reporter.cancelled:
        raise FitCancelled("cancelled before a place was found")
    found = Search(side, density, settings, request.seed, reporter, is_certain=check).run()
    placements = rank_places(fit, side, density, found)
    _logger.info("%s hand: %d placements, the best with p = %.2g", hand, len(placements), placements[0].p_value)
    return _Tried(hand, density, side, cloud, placements)


def _refined(request: AlignRequest, tried: _Tried, swapped: bool) -> tuple[tuple[Placement, ...], tuple[Precision | None, ...]]:
    """The placements of the moving map, those that are no chance after refinement by voxels; those that it makes one are one."""
    cloud = tried.cloud
    where = tried.where.density
    values = low_passed(where.values, where.voxel_size, request.resolution)
    splines = Splines.of(np.asarray(values, np.float32), where.voxel_size, where.origin)
    voxels = cloud.near | cloud.covered
    points, held = cloud.positions(voxels), cloud.density.values[voxels].astype(np.float64)
    elements = max(cloud.volume / request.resolution**3, 4.0)
    near = place_length(request.resolution, request.settings.cluster_shift)
    placements: list[Placement] = []
    precision: list[Precision | None] = []
    for number, one in enumerate(tried.placements):
        exact: Precision | None = None
        if number == 0 or (not one.verdict.is_chance and number < MOST_REFINED):
            most = {} if number == 0 else {"voxels": _QUICK_VOXELS}
            end = refine(splines, points, held, one.pose, elements, seed=request.seed, **most)
            if _apart(end.pose, one.pose, points) < request.resolution:
                one = _scored(replace(one, pose=end.pose), tried)
                exact = Precision(end.shift_error, end.angle_error, end.correlation, end.inside)
        if exact is not None and any(_apart(one.pose, other.pose, points) < near for other in placements[:MOST_REFINED]):
            continue
        placements.append(one)
        precision.append(exact)
    ranks = {one.rank: number for number, one in enumerate(placements, start=1)}
    renumbered = (
        replace(one, rank=ranks[one.rank], copy_of=ranks.get(one.copy_of or 0), pose=one.pose.invert() if swapped else one.pose)
        for one in placements
    )
    return tuple(renumbered), tuple(precision)


def _apart(one: Pose, other: Pose, points: Array) -> float:
    """How far two poses of points (N, 3) are apart, Å RMSD."""
    some = points[:: max(1, len(points) // 500)]
    return float(np.sqrt(((one.apply(some) - other.apply(some)) ** 2).sum(axis=1).mean()))


def _scored(one: Placement, tried: _Tried) -> Placement:
    quaternion, centre = matrix_to_quaternion(one.pose.rotation)[None], one.pose.apply(tried.side.centre)[None]
    sharpened = tried.where.sharpened(tried.side.template.laplacian_weight)
    height = float(sharpened.correlation(*tried.side.full, quaternion, centre)[0])
    return replace(one, metrics=replace(one.metrics, local_correlation=height))


def _hand_known(tried: list[_Tried], best: _Tried, resolution: float) -> bool:
    """Whether the better hand is no chance, and clearly better than the other."""
    others = [one for one in tried if one is not best]
    if best.best.verdict.is_chance or not others:
        return False
    elements = max(best.side.template.volume / resolution**3, 4.0)
    lead = told_apart(best.height, np.array([others[0].height]), np.zeros(1), elements)
    return bool(lead[0] > _CLEARLY)
