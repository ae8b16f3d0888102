"""Clustering and ranking a fit again, without fitting again."""

import time
from collections.abc import Mapping
from dataclasses import replace

from difffit_core.device import resolve_device
from difffit_core.fit.judge.notices import notice
from difffit_core.fit.judge.ranking import rank
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import result_of, use_threads
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.subject import prepare_map, prepare_model


def recluster(request: FitRequest, candidates: Candidates, timing: Mapping[str, float] | None = None, cancelled: bool = False) -> FitResult:
    """The placements of a fit under other tolerances, or ranked by another metric.

    The same as a new fit with these settings gives, since ``cluster_shift``, ``cluster_angle`` and ``rank_by`` act on the candidates
    alone, which are those of the old fit.

    Parameters
    ----------
    request : that of the fit, with the tolerances and the ranking wanted now
    candidates : what the fit has kept
    timing, cancelled : of the fit, to which the time of this is added as "recluster_s"

    Raises
    ------
    DeviceError
        If the device is not there.
    UserError
        If the settings do not fit the data.
    """
    start = time.perf_counter()
    device = resolve_device(request.device)
    if device == "cpu":
        use_threads(request.threads)
    model = prepare_model(request)
    density = prepare_map(request.target, request.settings, device)
    placements, leaders = rank(request, model, density, candidates)
    noticed = notice(request, placements)
    spent = {**(timing or {}), "recluster_s": time.perf_counter() - start}
    result = result_of(placements, leaders, candidates, model, device, spent, cancelled)
    return replace(result, broken=noticed.broken, warnings=noticed.warnings)
