"""Small parts against the others of a library in what an assembly leaves: strangers stay out, parts that belong do not."""

import numpy as np
import pytest

from difffit_core.assemble.small_parts import FEWEST, Others, small_parts
from difffit_core.conventions import Array
from difffit_core.screen.rows import DONE, ScreenRow

SCALE = 0.17


def mode_at(elements: Array) -> Array:
    """Near what was measured in what SRP's protein leaves of its map, of pieces and of whole strangers."""
    return 1.33 + 0.2 * np.log(elements)


def strangers(count: int, seed: int) -> list[ScreenRow]:
    """Models of all sizes at their best places: Fisher's z times sqrt(n - 3) is Gumbel."""
    rng = np.random.default_rng(seed)
    elements = np.exp(rng.uniform(np.log(8), np.log(200), count))
    heights = rng.gumbel(mode_at(elements), SCALE)
    return [row(i, float(np.tanh(h / np.sqrt(n - 3))), float(n)) for i, (h, n) in enumerate(zip(heights, elements, strict=True))]


def pieces(one: ScreenRow) -> tuple[Array, Array]:
    """What pieces of strangers of its size reach."""
    elements = np.full(100, one.elements or 0.0)
    heights = np.random.default_rng([9, one.id]).gumbel(mode_at(elements), SCALE)
    return np.tanh(heights / np.sqrt(elements - 3)), elements


def none_are_large(one: ScreenRow) -> tuple[Array, Array]:
    return np.empty(0), np.empty(0)


def row(number: int, correlation: float, elements: float) -> ScreenRow:
    return ScreenRow(number, f"m{number}.cif", "", DONE, 1, "", 80, elements, 0.3, correlation, correlation, 1.0, 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_no_stranger_is_let_in(seed: int) -> None:
    assert small_parts(strangers(300, seed), 0.85, 0.65, pieces) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_part_that_fits_like_none_of_them_is(seed: int) -> None:
    rows = [*strangers(300, seed), row(1000, 0.826, 14.2), row(1001, 0.95, 30.0)]
    found = small_parts(rows, 0.85, 0.65, pieces)
    assert found is not None
    assert {part.row.id for part in found.parts} == {1000, 1001}
    assert found.tried == 300
    assert max(part.p_value for part in found.parts) < found.below
    assert small_parts(rows, 0.85, 0.65, none_are_large) is None


def test_one_that_resembles_what_belongs_is_not() -> None:
    """It stands out of strangers, and fits far worse than what is placed."""
    assert small_parts([*strangers(300, 1), row(1000, 0.45, 200.0)], 0.85, 0.65, pieces) is None


def test_of_too_few_others_nothing_is_said() -> None:
    assert small_parts([*strangers(FEWEST - 2, 1), row(1000, 0.99, 40.0)], 0.9, 0.65, pieces) is None


def test_what_belongs_does_not_widen_what_others_reach() -> None:
    rows = strangers(300, 4)
    correlation, elements = (np.array([getattr(one, name) for one in rows]) for name in ("first_correlation", "elements"))
    alone = Others.of(correlation, elements)
    beside = Others.of(np.append(correlation, [0.97] * 8), np.append(elements, np.linspace(20, 60, 8)))
    assert alone.scale == pytest.approx(SCALE, rel=0.25)
    assert beside.scale == pytest.approx(alone.scale, rel=0.1)
    p = alone.p_values(correlation, elements)
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.04)
