"""The copies that the symmetry of the map asks for, looked for where a search did not find them itself."""

import numpy as np

from difffit_core.conventions import Array
from difffit_core.fit.judge.orbits import images_of
from difffit_core.fit.judge.places import Places, place_length
from difffit_core.fit.judge.ranked import Ranked
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import MapSide, ModelSide

_MOST_ORIGINALS = 10
"""So many significant placements, the best first, have their copies looked for."""


def with_orbits(
    request: FitRequest,
    model: ModelSide,
    density: MapSide,
    ranked: Ranked,
    reporter: Reporter,
) -> Ranked:
    """What was found, with the copies of significant placements that the map's symmetry asks for.

    They are polished where they are, and judged as all others are.
    """
    standing = request.of_map.standing if request.of_map else None
    if standing is None or reporter.cancelled:
        return ranked
    leaders = ranked.leaders
    here = Places(leaders.quaternions, leaders.translations, model.atoms)
    near = place_length(request.resolution, request.settings.cluster_shift)
    quaternions: list[Array] = []
    centres: list[Array] = []
    originals = [i for i, one in enumerate(ranked.placements) if not one.verdict.is_chance and one.copy_of is None][:_MOST_ORIGINALS]
    for i in originals:
        turns, points = images_of(standing, request, leaders.quaternions[i], leaders.translations[i])
        for turn, point in zip(turns, points, strict=True):
            every = Places(
                np.concatenate([[turn], here.quaternions, *[one[None] for one in quaternions]]),
                np.concatenate([[point], here.centres, *[one[None] for one in centres]]),
                model.atoms,
            )
            if every.rmsd(0, np.arange(1, len(every.centres))).min() >= near:
                quaternions.append(turn)
                centres.append(point)
    if not quaternions:
        return ranked
    more = Search(model, density, request.settings, request.seed, reporter).polish_places(np.array(quaternions), np.array(centres))
    return ranked.joined(request, model, density, more)
