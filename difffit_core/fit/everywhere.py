"""Looking everywhere for a model that climbs did not find in a map whose half maps tell its noise.

What is found is judged by the correlation over what the model covers, as ever, and by that over its surroundings, too: in a map that is
mostly noise, that there is less density beside the model says as much as what lies under it. Whichever is less likely to be chance says
which place comes first; but only the former calls one significant, since a stranger of the right outline has the right surroundings, too.
"""

from dataclasses import replace

import numpy as np

from difffit_core.fit.judge.kin import share_inside
from difffit_core.fit.judge.ranking import rank
from difffit_core.fit.judge.significance import IN_THE_BOX, SIGNIFICANT
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import FitRequest
from difffit_core.fit.scan import Scanned, scan
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.hand import DOUBTFUL
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import MapSide, ModelSide, fitted_weights, weighting_of
from difffit_core.fit.weighting import Weighting
from difffit_core.placement import Placement, Verdict

_TWO_MEASURES = 2
"""Of two measures the better one is taken only where it is the better by what the choice alone gains."""
_WORK = 3e8
"""About so many samples of a climb take as long as a scan."""


def look_everywhere(
    request: FitRequest,
    model: ModelSide,
    density: MapSide,
    found: Candidates,
    placements: tuple[Placement, ...],
    leaders: Candidates,
    reporter: Reporter,
) -> tuple[int, Candidates, tuple[Placement, ...], Candidates]:
    """What was found, its placements and who stands for them, after a scan where the best placement is in doubt.

    The first value is how many searches were added, 1 or 0. There is none without half maps, and for searches of less than the whole map.
    """
    weighting = weighting_of(request.density_map, request.resolution)
    whole = not request.is_local and request.settings.polish_steps > 0 and request.settings.further > 0
    doubtful = not placements or placements[0].p_value >= DOUBTFUL
    if weighting is None or not whole or not doubtful or reporter.cancelled:
        return 0, found, placements, leaders
    best = _scanned(request, model, density, weighting, reporter)
    if best is None:
        return 0, found, placements, leaders
    more = Search(model, density, request.settings, request.seed, reporter, number=1).polish_places(best.quaternions, best.centres)
    found = Candidates.join([found, more.take(np.flatnonzero(share_inside(more, model, request) >= IN_THE_BOX))])
    placements, leaders = rank(request, model, density, found)
    around = found.scored(
        density.sharpened(model.template.laplacian_weight).correlation(*model.halo, found.quaternions, found.translations)
    )
    by_halo = rank(request, model, density, around)
    doubtful = placements[0].p_value >= SIGNIFICANT
    if doubtful and by_halo[0][0].p_value < placements[0].p_value / _TWO_MEASURES:
        return 1, around, _no_more_than_likely(by_halo[0]), by_halo[1]
    return 1, found, placements, leaders


def _no_more_than_likely(placements: tuple[Placement, ...]) -> tuple[Placement, ...]:
    """The same, none of them significant: a stranger of the right outline has the right surroundings, too."""
    return tuple(
        one if one.p_value >= SIGNIFICANT else replace(one, p_value=SIGNIFICANT, verdict=Verdict.NOT_SIGNIFICANT, copy_of=None)
        for one in placements
    )


def _scanned(request: FitRequest, model: ModelSide, density: MapSide, weighting: Weighting, reporter: Reporter) -> Scanned | None:
    reporter.plan(_WORK, "not clear in this noise: ")
    done = 0.0

    def go_on(share: float) -> bool:
        nonlocal done
        work, done = (share - done) * _WORK, share
        return reporter.advance("looking everywhere", work)

    points = np.column_stack(model.atoms.columns).astype(np.float64)
    best = scan(density.density, weighting, points, fitted_weights(request), request.seed, go_on)
    return None if reporter.cancelled else best
