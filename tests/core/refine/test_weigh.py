"""Which way of bending is taken: by density that bending did not see."""

from collections.abc import Callable

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.refine import weigh
from difffit_core.refine.bending.bend import WAYS, Matter, Way
from difffit_core.refine.bending.pull import worked_on
from difffit_core.refine.settings import RefineSettings
from difffit_core.target import Target

LEVEL, RESOLUTION = 0.4, 4.0
Weigh = Callable[[dict[Way, float]], weigh.Weighed]


@pytest.fixture
def weighed(density: DensityMap, chain: AtomicModel, monkeypatch: pytest.MonkeyPatch) -> Weigh:
    """A model 1.5 Å off its place, with each way of bending putting it so many Å off."""
    truth = chain.fit_coordinates
    near = Target(worked_on(density, truth, RESOLUTION), RESOLUTION, LEVEL)

    def run(off: dict[Way, float]) -> weigh.Weighed:
        monkeypatch.setattr(weigh, "bend", lambda *given: truth + np.array([off[given[3]], 0, 0]))
        start = truth + np.array([1.5, 0, 0])
        return weigh.weighed(near, Matter.of(chain), start, WAYS, RefineSettings(), lambda *_: True)

    return run


def test_a_freer_way_is_taken_though_a_gentle_one_draws_the_model_back(weighed: Weigh, chain: AtomicModel) -> None:
    """As where pieces of a model were moved to their places, and what holds them there would have them as they were."""
    found = weighed({WAYS[0]: 2.5, WAYS[1]: 0.8, WAYS[2]: 0.0})
    assert [one.lead > 0 for one in found.trials] == [False, True, True]
    assert found.way == WAYS[2]
    np.testing.assert_allclose(found.points, chain.fit_coordinates, err_msg="from where the final bending goes on")


def test_the_gentlest_of_ways_as_good_is_taken_and_no_freer_one_tried(weighed: Weigh) -> None:
    found = weighed({WAYS[0]: 0.0, WAYS[1]: 0.05, WAYS[2]: 0.0})
    assert len(found.trials) == 2
    assert found.way == WAYS[0]


def test_no_way_is_taken_where_none_is_supported(weighed: Weigh, chain: AtomicModel) -> None:
    found = weighed(dict(zip(WAYS, (2.5, 3.0, 1.6), strict=True)))
    assert len(found.trials) == 3
    assert found.way is None
    np.testing.assert_allclose(found.points, chain.fit_coordinates + np.array([1.5, 0, 0]))
    assert "the model stays as it was" in found.sentence()
