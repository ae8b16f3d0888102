"""The same request gives the same placements, bit for bit, whatever ran before it and on however many threads."""

from typing import Any

import numpy as np
import pytest

from difffit_core.fit.request import FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.subject import prepare_map

SMALL = {"starts": 400, "steps": 30, "candidates": 40}


def bits(result: FitResult) -> list[Any]:
    return [placement.to_dict() for placement in result.placements] + [
        result.start_quaternions.tolist(),
        result.start_translations.tolist(),
        result.centre.tolist(),
    ]


@pytest.fixture(scope="module")
def first(problem: Any) -> FitResult:
    return run_fit(problem.request("balanced", seed=5, threads=2, **SMALL))


def test_again(problem: Any, first: FitResult) -> None:
    assert len(first.placements) > 5
    assert bits(run_fit(problem.request("balanced", seed=5, threads=2, **SMALL))) == bits(first)


@pytest.mark.parametrize("threads", [1, None])
def test_on_any_number_of_threads(problem: Any, first: FitResult, threads: int | None) -> None:
    assert bits(run_fit(problem.request("balanced", seed=5, threads=threads, **SMALL))) == bits(first)


def test_after_other_fits_and_draws(problem: Any, example: Any, first: FitResult) -> None:
    np.random.default_rng().random(5)
    np.random.seed(3)  # noqa: NPY002
    run_fit(example.request("fast", seed=9, starts=50, steps=5))
    run_fit(problem.request("paper", seed=5, starts=50, steps=5))
    assert bits(run_fit(problem.request("balanced", seed=5, threads=2, **SMALL))) == bits(first)


def test_the_seed_decides(problem: Any, first: FitResult) -> None:
    other = run_fit(problem.request("balanced", seed=6, threads=2, **SMALL))
    assert bits(other) != bits(first)
    assert problem.error(other.placements[0].pose) < 0.2
    assert problem.error(first.placements[0].pose) < 0.2


def test_the_global_random_state_is_left_alone(problem: Any) -> None:
    np.random.seed(1)  # noqa: NPY002
    expected = np.random.get_state()[1].copy()  # noqa: NPY002
    run_fit(problem.request("fast", starts=20, steps=5))
    np.testing.assert_array_equal(np.random.get_state()[1], expected)  # noqa: NPY002


def test_a_map_side_made_once_serves_many_fits_bit_for_bit(problem: Any) -> None:
    request = problem.request(starts=300, steps=20)
    side = prepare_map(request.target, request.settings, "cpu")
    alone = run_fit(request)
    for _ in range(2):
        shared = run_fit(request, ready=side)
        assert [one.to_dict() for one in shared.placements] == [one.to_dict() for one in alone.placements]
