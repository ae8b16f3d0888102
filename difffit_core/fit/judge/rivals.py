"""Rivals: wrong poses from a quick look at the whole map, by which a fit is judged that was not to look everywhere itself.

What a placement's z and p say holds for wrong poses of the whole map. A fit from a given pose, or inside a sphere, meets none or few of
them, and would find every pose significant. Measured on seven real cases: z of the true pose beside such rivals lies 0 to 0.2 above that of
a full search with the balanced preset (4 to 18), less than between two presets; for 30 models that do not belong there, in six maps, no
verdict changed.
"""

import numpy as np
from numpy.typing import NDArray

from difffit_core.fit.judge.envelopes import WHOLE, independent_volume
from difffit_core.fit.judge.kin import Kin, copies_asked, kin_of
from difffit_core.fit.judge.significance import Earlier, Significance, judge
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.cluster import merge
from difffit_core.fit.search.run import SAME_PLACE
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit.settings import FitSettings

RIVAL = -1
"""What `Candidates.fields` holds for a rival, which is judged by and not listed."""
_STARTS, _CANDIDATES = 1000, 150


def quick(settings: FitSettings) -> FitSettings:
    """The same search with few starts, and refined and polished in any case: a pose that is kept has rivals at their best."""
    usual = FitSettings()
    few = {
        "starts": min(settings.starts, _STARTS),
        "candidates": min(settings.candidates or _CANDIDATES, _CANDIDATES),
        "refine_steps": settings.refine_steps or usual.refine_steps,
        "polish_steps": settings.polish_steps or usual.polish_steps,
    }
    return settings.model_copy(update=few)


def share_rivals(one: FitRequest, other: FitRequest) -> bool:
    """Whether two fits have the same rivals: all is the same but where they start, and settings that a quick search changes."""
    return (
        one.is_local
        and other.is_local
        and one.density_map is other.density_map
        and one.model.path == other.model.path
        and (one.model.chains, one.resolution, one.level, one.seed) == (other.model.chains, other.resolution, other.level, other.seed)
        and quick(one.settings) == quick(other.settings)
    )


def as_rivals(found: Candidates) -> Candidates:
    """What a quick search found, marked as rivals: distinct ones, best first."""
    distinct, _ = merge(found, found.correlation, *SAME_PLACE)
    best = distinct.take(np.argsort(-distinct.correlation, kind="stable")[:_CANDIDATES])
    return Candidates(**{**best.columns(), "fields": np.full(len(best), RIVAL, np.int64)})


def parted(found: Candidates) -> tuple[Candidates, Candidates]:
    """Candidates to be listed, and rivals."""
    rival = found.fields == RIVAL
    return found.take(np.flatnonzero(~rival)), found.take(np.flatnonzero(rival))


def judged(
    listed: Candidates, rivals: Candidates, density: MapSide, model: ModelSide, request: FitRequest, earlier: Earlier | None = None
) -> tuple[Significance, NDArray[np.int64]]:
    """How sure each listed candidate is, and the index of the listed one of which it is a symmetric copy, or -1.

    Rivals that are symmetric copies of a listed candidate, or lie within the clustering's tolerances of one, are none, and those that are
    copies of each other count once. ``earlier`` as for `judge`.
    """
    if len(rivals) == 0:
        best_first = np.argsort(-listed.correlation, kind="stable")
        ranked = listed.take(best_first)
        found = copies_asked(ranked, density, model, request)
        kin = kin_of(ranked, found, density, model, request)
        said = judge(ranked.correlation, kin, _volume(ranked, kin, density, model, request), request.resolution, earlier)
        place = np.argsort(best_first)
        of = np.where(found >= 0, best_first[found], -1)
        return Significance(said.z_scores[place], said.p_values[place], tuple(said.verdicts[i] for i in place), said.level), of[place]
    rivals = rivals.take(np.flatnonzero(~_near(rivals, listed, request.settings.cluster_shift, request.settings.cluster_angle)))
    both = Candidates.join([listed, rivals])
    is_listed = np.arange(len(both)) < len(listed)
    of = _copies(both, np.arange(len(both)), density, model, request)
    groups = _copies(both, np.argsort(-both.correlation, kind="stable"), density, model, request)
    groups = np.where(groups < 0, np.arange(len(both)), groups)
    counted = np.flatnonzero(is_listed | ((of < 0) & ~np.isin(groups, groups[is_listed])))
    order = counted[np.argsort(-both.correlation[counted], kind="stable")]
    place = np.full(len(both), -1, np.int64)
    place[order] = np.arange(len(order))
    copy_of = np.where(of[order] >= 0, place[of[order]], -1)
    kin = kin_of(both.take(order), copy_of, density, model, request)
    volume = _volume(both.take(order), kin, density, model, request)
    everything = judge(both.correlation[order], kin, volume, request.resolution, earlier)
    own = place[: len(listed)]
    verdicts = tuple(everything.verdicts[i] for i in own)
    return Significance(everything.z_scores[own], everything.p_values[own], verdicts, everything.level), of[: len(listed)]


def _volume(ranked: Candidates, kin: Kin, density: MapSide, model: ModelSide, request: FitRequest) -> float:
    """Å³ that judge: what the model covers, or, of a whole particle, as much of that as wrong places show to be independent."""
    covered, cut = model.template.volume, density.density
    if covered < WHOLE * float(cut.inside.sum()) * float(np.prod(cut.voxel_size)):
        return covered
    return independent_volume(ranked.correlation, kin, covered, request.resolution)


def _copies(candidates: Candidates, order: NDArray[np.int64], density: MapSide, model: ModelSide, request: FitRequest) -> NDArray[np.int64]:
    """Of which each is a symmetric copy, or -1; an original comes before its copies in that order."""
    ordered = candidates.take(order)
    found = copies_asked(ordered, density, model, request, most=len(ordered))
    of = np.full(len(candidates), -1, np.int64)
    of[order] = np.where(found >= 0, order[found], -1)
    return of


def _near(some: Candidates, others: Candidates, shift: float, angle: float) -> NDArray[np.bool_]:
    """Which of ``some`` (S,) lie within ``shift`` (Å) and ``angle`` (degrees) of one of the ``others``."""
    apart = np.linalg.norm(some.translations[:, None] - others.translations, axis=2)
    alike = np.abs(some.quaternions @ others.quaternions.T)
    near: NDArray[np.bool_] = ((apart < shift) & (alike > np.cos(np.radians(angle) / 2))).any(axis=1)
    return near
