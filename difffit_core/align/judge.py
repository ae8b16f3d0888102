"""How sure is a place of a map in a map: as for a model, but that images by a symmetry may lie on top of one another.

A whole particle laid onto itself has as many right answers as its point group has moves, and all of them take the same place. They are
copies of one answer, neither variants of it nor rivals, nor wrong poses to judge by.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.fit.judge.envelopes import independent_volume
from difffit_core.fit.judge.equivalents import symmetric_copies
from difffit_core.fit.judge.kin import Kin, kin_of
from difffit_core.fit.judge.metrics import fit_metrics
from difffit_core.fit.judge.places import Places, place_length
from difffit_core.fit.judge.ranking import as_placements
from difffit_core.fit.judge.significance import judge
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.cluster import merge
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.placement import Placement


def rank_places(request: FitRequest, side: ModelSide, density: MapSide, found: Candidates) -> tuple[Placement, ...]:
    """Cluster candidates into placements, best first, as `fit.ranking.rank` does, and judge them."""
    settings = request.settings
    merged, _ = merge(found, found.correlation, settings.cluster_shift, settings.cluster_angle)
    cut = density.density
    metrics = fit_metrics(
        density.raw, cut.unit, cut.level, side.atoms, side.template.at_atoms, merged.correlation, merged.quaternions, merged.translations
    )  # fmt: skip
    copy_of, kin = _kin(request, side, density, merged)
    volume = independent_volume(merged.correlation, kin, side.template.volume, request.resolution)
    said = judge(merged.correlation, kin, volume, request.resolution)
    return as_placements(merged, metrics, said, copy_of, side)


def _kin(request: FitRequest, side: ModelSide, density: MapSide, merged: Candidates) -> tuple[NDArray[np.int64], Kin]:
    places = Places(merged.quaternions, merged.translations, side.atoms)
    length = place_length(request.resolution, request.settings.cluster_shift)
    copy_of = symmetric_copies(density.raw, density.box, side.quick[0], merged.correlation, places, apart=length)
    kin = kin_of(merged, copy_of, density, side, request)
    family = np.where(copy_of >= 0, copy_of, np.arange(len(copy_of)))

    def overlaps(one: int, others: NDArray[np.integer]) -> NDArray[np.bool_]:
        apart: NDArray[np.bool_] = family[others] != family[one]
        return kin.overlaps(one, others) & apart

    return copy_of, replace(kin, overlaps=overlaps)
