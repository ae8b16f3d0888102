"""Filters let through what meets every condition, and say so."""

from collections.abc import Callable

import pytest

from difffit_app.state.filters import Condition, PlacementFilter
from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import FILTERED, metric_of
from difffit_app.state.view_state import ViewState


def passed(fit: OpenFit, *conditions: Condition, significant_only: bool = False) -> list[int]:
    chosen = PlacementFilter(significant_only, conditions)
    return [placement.rank for placement in fit.placements if chosen.passes(placement)]


def test_every_condition_must_be_met(make_fit: Callable[..., OpenFit]) -> None:
    fit = make_fit()
    first, second = fit.placements
    assert passed(fit) == [1, 2]
    assert passed(fit, significant_only=True) == [1]
    assert passed(fit, Condition("hits", True, 3)) == [1, 2], "the threshold itself passes"
    assert passed(fit, Condition("hits", True, 4)) == [1]
    assert passed(fit, Condition("hits", False, 3)) == [2]
    assert passed(fit, Condition("p_value", False, first.p_value)) == [1]
    assert passed(fit, Condition("rank", False, 1), Condition("z_score", False, second.z_score)) == []


@pytest.mark.parametrize("name", FILTERED)
def test_every_metric_can_be_asked_of_a_placement(make_fit: Callable[..., OpenFit], name: str) -> None:
    value = metric_of(make_fit().placements[0], name)
    assert passed(make_fit(), Condition(name, True, value), Condition(name, False, value))[0] == 1


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(ValueError, match=r"metric must be one of local_correlation, .* got luck"):
        Condition("luck", True, 1.0)


def test_a_filter_reads_as_a_sentence() -> None:
    chosen = PlacementFilter(True, (Condition("local_correlation", True, 0.25), Condition("p_value", False, 1e-3)))
    assert str(chosen) == "significant, Local correlation ≥ 0.25, p-value ≤ 0.001"
    assert chosen
    assert not PlacementFilter()


def test_the_view_state_announces_a_filter_once(make_fit: Callable[..., OpenFit]) -> None:
    state, heard = ViewState(), []
    state.filter_changed.connect(heard.append)
    for _ in range(2):
        state.set_filter(PlacementFilter(True))
    assert heard == [PlacementFilter(True)]
    assert state.shown(make_fit()).tolist() == [0]
