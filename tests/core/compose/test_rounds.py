"""Composites round by round."""

from dataclasses import replace

import numpy as np
import pytest

from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ComposeSettings, ZeroOutMethod
from difffit_core.errors import UserError
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.target import Target

from .conftest import RESOLUTION, Known

QUICK = FitSettings.preset("fast", starts=1500)


def request_of(known: Known, copies: tuple[int | None, ...], **settings: object) -> ComposeRequest:
    wanted = tuple(Wanted(model, count) for model, count in zip(known.models, copies, strict=True))
    checked = ComposeSettings.checked({"method": "rounds", **settings})
    return ComposeRequest(Target(known.density_map, RESOLUTION, known.level), wanted, checked, QUICK, 0, "cpu")


@pytest.mark.parametrize("method", list(ZeroOutMethod))
def test_copies_are_found_round_by_round(tetramer: Known, method: ZeroOutMethod) -> None:
    result = run_compose(request_of(tetramer, (None,), zero_out=method))
    assert len(result.copies) == 4
    assert tetramer.errors(0, [copy.pose for copy in result.copies]).max() < 0.7
    assert result.explained > 0.95
    assert str(result.symmetries[0].group) == "D2"
    assert sum(len(one.accepted) for one in result.rounds) == 4


def test_every_round_works_on_what_the_one_before_left(pair: Known) -> None:
    """One copy a round, since no more than one of each is asked for, and the smaller may only be fitted after the larger."""
    result = run_compose(request_of(pair, (1, 1)))
    assert sorted(one.body for one in result.copies) == [0, 1]
    left, request = pair.density_map, request_of(pair, (1, 1))
    for one in result.rounds:
        for place in one.fits:
            index, number, fit = result.fits[place]
            again = run_fit(request.fit(index, left, number))
            assert [p.pose.translation.tolist() for p in again.placements] == [p.pose.translation.tolist() for p in fit.placements]
        placed = [(candidate.body, candidate.pose) for candidate in one.accepted]
        cut = zero_out(Target(left, RESOLUTION, pair.level), pair.bodies, placed, ZeroOutMethod.COVERED)
        assert one.zero_out is not None
        assert (cut.density_map.values == one.zero_out.density_map.values).all()
        left = cut.density_map


def test_accepted_placements_stay_as_the_fit_found_them(pair: Known) -> None:
    result = run_compose(request_of(pair, (1, 1)))
    found = {tuple(p.pose.translation) for _, _, fit in result.fits for p in fit.placements}
    assert all(tuple(copy.pose.translation) in found for copy in result.copies)


def test_no_more_rounds_than_are_allowed(tetramer: Known) -> None:
    result = run_compose(request_of(tetramer, (None,), rounds=0))
    assert len(result.rounds) == 1
    assert len(result.fits) == 1


def test_rounds_end_once_enough_is_explained(tetramer: Known) -> None:
    once = run_compose(request_of(tetramer, (2,), enough=0.4))
    assert len(once.rounds) == 1
    assert len(once.copies) == 2


def test_placements_of_what_does_not_belong_are_not_accepted(pair: Known, tetramer: Known) -> None:
    stranger = replace(tetramer, models=(pair.models[0],), truth=())
    result = run_compose(request_of(stranger, (1,)))
    assert result.copies == ()
    assert [one.zero_out for one in result.rounds] == [None]
    assert result.explained == 0
    assert any("0 placed of 1 wanted" in note for note in result.notes)


def test_a_symmetry_cannot_be_imposed_on_rounds(tetramer: Known) -> None:
    for settings in ({"impose": True}, {"symmetry": "D2"}):
        with pytest.raises(UserError, match="rounds keep every placement as it was accepted"):
            request_of(tetramer, (None,), **settings)


def test_the_same_request_gives_the_same_rounds(pair: Known) -> None:
    first, second = (run_compose(request_of(pair, (1, 1))) for _ in range(2))
    for one, other in zip(first.copies, second.copies, strict=True):
        np.testing.assert_array_equal(one.pose.rotation, other.pose.rotation)
