"""Looking everywhere for a model that climbs did not find in a map whose half maps tell its noise.

What is found is judged by the correlation over what the model covers, as ever, and by that over its surroundings, too: in a map that is
mostly noise, that there is less density beside the model says as much as what lies under it. Whichever is less likely to be chance says
which place comes first; but only the former calls one significant, since a stranger of the right outline has the right surroundings, too.
"""

from dataclasses import replace

import numpy as np

from difffit_core.fit.judge.ranked import Ranked
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import FitRequest
from difffit_core.fit.scan import Scanned, scan
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
    ranked: Ranked,
    reporter: Reporter,
) -> tuple[int, Ranked]:
    """What was found, after a scan where the best placement is in doubt.

    The first value is how many searches were added, 1 or 0. There is none without half maps, and for searches of less than the whole map.
    """
    weighting = weighting_of(request.density_map, request.resolution)
    whole = not request.is_local and request.settings.polish_steps > 0 and request.settings.further > 0
    doubtful = not ranked.placements or ranked.placements[0].p_value >= DOUBTFUL
    if weighting is None or not whole or not doubtful or reporter.cancelled:
        return 0, ranked
    best = _scanned(request, model, density, weighting, reporter)
    if best is None:
        return 0, ranked
    more = Search(model, density, request.settings, request.seed, reporter, number=1).polish_places(best.quaternions, best.centres)
    ranked = ranked.joined(request, model, density, more)
    found = ranked.found
    around = found.scored(
        density.sharpened(model.template.laplacian_weight).correlation(*model.halo, found.quaternions, found.translations)
    )
    by_halo = Ranked.of(request, model, density, around)
    p_value = ranked.placements[0].p_value
    if p_value >= SIGNIFICANT and by_halo.placements[0].p_value < p_value / _TWO_MEASURES:
        return 1, replace(by_halo, placements=_no_more_than_likely(by_halo.placements))
    return 1, ranked


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
