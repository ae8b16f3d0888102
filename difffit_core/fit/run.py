"""The one entry to a fit: `run_fit`."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from threadpoolctl import threadpool_limits

from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.everywhere import look_everywhere
from difffit_core.fit.judge import limits
from difffit_core.fit.judge.notices import Noticed, notice, notice_scale
from difffit_core.fit.judge.orbits import warnings_of_orbits
from difffit_core.fit.judge.ranked import Ranked
from difffit_core.fit.judge.ranking import rank
from difffit_core.fit.judge.rivals import as_rivals, quick
from difffit_core.fit.orbits import with_orbits
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import CancelFlag, FitRequest, FitResult, OnProgress
from difffit_core.fit.search import further, hand
from difffit_core.fit.search.candidates import MOST_KEPT, Candidates
from difffit_core.fit.search.certainty import certainty
from difffit_core.fit.search.detail import halves_warnings, voxel_warnings, warning_of
from difffit_core.fit.search.hand import as_chance, is_other_hand, wants_mirror
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import POLISH_POINTS, MapSide, ModelSide, confined, prepare_map, prepare_model
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Placement

_logger = logging.getLogger(__name__)

_Run = TypeVar("_Run", bound=Callable[..., FitResult])


def _without_threads_of_numpy(function: _Run) -> _Run:
    """Products of matrices by one thread: the kernels' threads are still turning when numpy's start, and a millisecond becomes fifty."""
    wrapped: _Run = threadpool_limits.wrap(limits=1, user_api="blas")(function)
    return wrapped


@_without_threads_of_numpy
def run_fit(
    request: FitRequest,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
    ready: MapSide | None = None,
    rivals: Candidates | None = None,
    thorough: bool = True,
) -> FitResult:
    """Find where a model sits in a map, from random starting poses, or from one that is given.

    Each search field is climbed from its own random starts with a few hundred atoms; the results are clustered, the best by field and by
    local correlation are refined with more atoms, pooled, polished towards the best local correlation, clustered again and ranked. From a
    given pose the search is left out and one placement is found. Such a fit, and one inside a region, is judged beside wrong poses from a
    quick search of the whole map. A search everywhere that found nothing significant goes on, as far as the settings allow.

    Parameters
    ----------
    request : the map, the model and the settings
    on_progress : called from this thread, at most ten times a second
    cancel : looked at between blocks of work of about a tenth of a second
    ready : the map side, where it was prepared before for the same map, resolution, level, settings and device
    rivals : those of an earlier fit (`rivals.parted`) that `rivals.share_rivals` with this one, which then need not be found again
    thorough : whether to go on where nothing is significant (`fit.further`), and to look for what its user should know beside the
        placements: where the best one breaks, and what it says of the map's hand and voxel size

    Raises
    ------
    DeviceError
        If the device is not there.
    UserError
        If the settings do not fit the data, or no pose stays inside the region.
    FitCancelled
        If it was cancelled before a single pose was found; later, what was found is returned, with ``cancelled`` set.
    """
    if request.wants_of_map:
        raise ValueError(f"the symmetry of the map must be found before a fit by it runs, got {request.symmetry} without it")
    start = time.perf_counter()
    device = resolve_device(request.device)
    if device == "cpu":
        use_threads(request.threads)
    model = prepare_model(request)
    density = ready or prepare_map(request.target, request.settings, device)
    prepared = time.perf_counter()
    _logger.info("%d atoms in a density of %s voxels (z, y, x), on %s", len(model.atoms), density.density.values.shape, device)
    reporter = Reporter(_planned_work(request, model), on_progress, cancel or threading.Event())
    if reporter.cancelled:
        raise FitCancelled("cancelled before a pose was found")
    found = search(request, model, density, device, reporter, rivals)
    searched = time.perf_counter()
    ranked = with_orbits(request, model, density, Ranked.of(request, model, density, found), reporter)
    said = [*warning_of(density.density, request.resolution), *voxel_warnings(request.target), *halves_warnings(request.density_map)]
    other_hand = False
    if thorough and wants_mirror(request, ranked.placements, cancelled=reporter.cancelled):
        in_mirror = _in_mirror(request, model, device, reporter)
        other_hand = is_other_hand(ranked.placements, in_mirror)
        if other_hand:
            ranked = replace(ranked, placements=as_chance(ranked.placements))
            said.append(hand.warning_of(in_mirror))
    if thorough and not other_hand:
        before, ranked = look_everywhere(request, model, density, ranked, reporter)
        ranked = _searched_on(request, model, density, ranked, reporter, before)
        if before or ranked.found.searches(len(request.settings.fields)) > 1:
            ranked = with_orbits(request, model, density, ranked, reporter)
        said += further.warnings_of(request, ranked.placements, ranked.found.searches(len(request.settings.fields)) - before)
    found, placements, leaders = ranked.found, ranked.placements, ranked.leaders
    stopped = reporter.cancelled
    said += limits.warnings_of(request, model, placements, leaders)
    said += warnings_of_orbits(request, model, placements)
    off = notice_scale(request, placements, model, density) if thorough and not stopped else ()
    said += off
    # in voxels of the wrong size the ends of a model fit nowhere: it does not break there
    noticed = notice(request, placements) if thorough and not off else Noticed()
    reporter.finish(stopped)
    end = time.perf_counter()
    _logger.info("%d placements after %.1f s", len(placements), end - start)
    timing = {"prepare_s": prepared - start, "climb_s": searched - prepared, "rank_s": end - searched, "search_s": end - start}
    result = result_of(placements, leaders, found, model, device, timing, stopped)
    return replace(result, broken=noticed.broken, warnings=(*said, *noticed.warnings))


def _in_mirror(request: FitRequest, model: ModelSide, device: str, reporter: Reporter) -> tuple[Placement, ...]:
    """The placements that the same search finds in the mirrored map; none where it is cancelled."""
    other = replace(request.in_map(request.density_map.mirrored()), symmetry="auto", of_map=None)
    density = prepare_map(request.target.of(other.density_map), request.settings, device)
    found = Search(model, density, request.settings, request.seed, reporter, aside="looking at the mirrored map").run()
    return () if reporter.cancelled else rank(other, model, density, found)[0]


def _searched_on(
    request: FitRequest,
    model: ModelSide,
    density: MapSide,
    ranked: Ranked,
    reporter: Reporter,
    before: int = 0,
) -> Ranked:
    """What was found, after further searches as long as the best placement is in doubt.

    ``before`` is how many searches there were after the first.
    """
    for number in range(1, request.settings.further + 1):
        if reporter.cancelled or not further.goes_on(request, ranked.placements):
            break
        reporter.plan(_work(request.settings, model), f"nothing clear yet, half {number} of {request.settings.further}: ")
        part = further.half(model, request, number)
        more = Search(part, density, request.settings, request.seed, reporter, number=number + before).run()
        ranked = ranked.joined(request, model, density, more)
    return ranked


def search(
    request: FitRequest, model: ModelSide, density: MapSide, device: str, reporter: Reporter, rivals: Candidates | None = None
) -> Candidates:
    """Every candidate that a fit's search finds, the rivals of a local one included; ``rivals`` as for `run_fit`.

    Raises
    ------
    UserError, FitCancelled
        As `run_fit`.
    """
    settings, seed, region = request.settings, request.seed, request.region
    if not request.is_local:
        check = certainty(density, model, request) if settings.stop_p and settings.polish_steps else None
        return Search(model, density, settings, seed, reporter, is_certain=check).run()
    side = confined(density, model, request, device)
    if rivals is None or len(rivals) == 0:
        rivals = as_rivals(Search(model, density, quick(settings), seed, reporter, aside="comparing with the rest of the map").run())
    if reporter.cancelled:
        raise FitCancelled("cancelled before a pose was found")
    search = Search(model, side, settings, seed, reporter, region=region)
    found = search.run() if request.start is None else search.climb_from(request.start)
    if len(found) == 0:
        raise UserError(f"{request.model.path or request.model.name}: no pose stays inside {region}; a larger one may hold it")
    return Candidates.join([found, rivals])


def result_of(
    placements: tuple[Placement, ...],
    leaders: Candidates,
    found: Candidates,
    model: ModelSide,
    device: str,
    timing: Mapping[str, float],
    cancelled: bool,
) -> FitResult:
    """The result of `rank` on what was ``found``, which is kept where it is not too much."""
    starts = leaders.start_quaternions, leaders.start_translations
    kept = found if len(found) <= MOST_KEPT else None
    return FitResult(placements, device, timing, cancelled, *starts, model.centre, leaders.fields, kept)


def use_threads(threads: int | None) -> None:
    """Have the kernels run on that many threads; None for all there are."""
    from numba import config, set_num_threads

    most = int(config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    set_num_threads(most if threads is None else min(threads, most))


def _planned_work(request: FitRequest, model: ModelSide) -> float:
    settings = request.settings
    aside = _work(quick(settings), model) if request.is_local else 0.0
    return aside + (_work(settings, model) if request.start is None else 0.0)


def _work(settings: FitSettings, model: ModelSide) -> float:
    refined = 1.5 * settings.candidates * len(model.refine_atoms) * settings.refine_steps  # some are the best by both measures
    polished = (
        min(settings.polished, settings.candidates * len(settings.fields))
        * min(len(model.template.points), POLISH_POINTS)
        * settings.polish_steps
    )
    return len(settings.fields) * (settings.starts * len(model.search_atoms) * settings.steps + refined) + polished
