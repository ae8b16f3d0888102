"""From the candidates of a search to placements, best first."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import quaternion_to_matrix
from difffit_core.fit.judge.metrics import fit_metrics
from difffit_core.fit.judge.rivals import judged, parted
from difffit_core.fit.judge.significance import NULL_SCALE, Earlier, Significance, independent_elements
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.cluster import merge
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose


def rank(request: FitRequest, model: ModelSide, density: MapSide, found: Candidates) -> tuple[tuple[Placement, ...], Candidates]:
    """Cluster candidates into placements, best first; and the candidates that stand for them, in the same order."""
    cut = density.density
    found, rivals = parted(found)
    metrics = fit_metrics(
        density.raw, cut.unit, cut.level, model.atoms, model.template.at_atoms, found.correlation, found.quaternions, found.translations
    )  # fmt: skip
    settings = request.settings
    merged, leaders = merge(found, _scores(request, model, metrics, found), settings.cluster_shift, settings.cluster_angle)
    order = np.argsort(-merged.hits, kind="stable") if settings.rank_by == "hits" else np.arange(len(merged))
    merged, kept = merged.take(order), [metrics[i] for i in leaders[order]]
    significance, copy_of = judged(merged, rivals, density, model, request, _earlier(request, model, density, found))
    return as_placements(merged, kept, significance, copy_of, model), merged


def as_placements(
    ranked: Candidates, metrics: Sequence[FitMetrics], said: Significance, copy_of: NDArray[np.int64], model: ModelSide
) -> tuple[Placement, ...]:
    """Candidates in the order of their ranks as placements of the model's file, with what is said of them."""
    rotations = quaternion_to_matrix(ranked.quaternions)
    translations = ranked.translations - rotations @ model.centre
    return tuple(
        Placement(
            rank=i + 1,
            pose=Pose(rotations[i], translations[i]),
            hits=int(ranked.hits[i]),
            metrics=metrics[i],
            z_score=float(said.z_scores[i]),
            p_value=float(said.p_values[i]),
            verdict=said.verdicts[i],
            copy_of=int(copy_of[i]) + 1 if said.verdicts[i] is Verdict.SYMMETRIC_COPY else None,
        )
        for i in range(len(ranked))
    )


def _earlier(request: FitRequest, model: ModelSide, density: MapSide, found: Candidates) -> Earlier | None:
    """What the searches before the last one say of wrong poses; None where there was only one."""
    settings = request.settings
    searches = found.searches(len(settings.fields))
    if searches == 1:
        return None
    first = found.take(np.flatnonzero(found.fields < len(settings.fields)))
    merged, _ = merge(first, first.correlation, settings.cluster_shift, settings.cluster_angle)
    said, _ = judged(merged, merged.take(np.empty(0, np.int64)), density, model, request)
    return Earlier(searches - 1, said.level)


def _scores(request: FitRequest, model: ModelSide, metrics: list[FitMetrics], found: Candidates) -> NDArray[np.floating]:
    """By what candidates are ranked. One that only a further search found must be better by as much as chance gains from the searches."""
    rank_by, fields = request.settings.rank_by, len(request.settings.fields)
    if rank_by == "hits":
        return found.correlation
    scores = np.array([getattr(one, rank_by) for one in metrics])
    if rank_by != "local_correlation" or found.searches(fields) == 1:
        return scores
    elements = independent_elements(model.template.volume, request.resolution)
    gained = NULL_SCALE * np.log1p(np.maximum(found.fields, 0) // fields) / np.sqrt(elements - 3)
    discounted: NDArray[np.floating] = np.tanh(np.arctanh(np.clip(scores, -0.999999, 0.999999)) - gained)
    return discounted
