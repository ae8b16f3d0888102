"""Models that are significant together and not alone: two of many are, one is not, and strangers hardly ever."""

import numpy as np
import pytest

from difffit_core.assemble.entry import NEARLY, together
from difffit_core.screen.ranking import SIGNIFICANT, false_discovery_rates


def test_two_that_are_low_together_count_and_one_does_not() -> None:
    """As the two largest chains of Arp2/3 at 20 Å among 150 strangers."""
    assert together([2.4e-4, 2.7e-4], 157) < SIGNIFICANT
    assert together([2.4e-4], 157) == pytest.approx(157 * 2.4e-4)
    assert together([2.4e-4, 2.7e-4], 1000) > SIGNIFICANT
    assert together([], 157) == 1.0


def test_of_strangers_alone_a_set_is_taken_as_seldom_as_it_says() -> None:
    rng = np.random.default_rng(3)
    taken = 0
    for _ in range(4000):
        p = rng.uniform(size=150)
        rates = false_discovery_rates(p)
        near = p[(rates >= SIGNIFICANT) & (rates < NEARLY)]
        taken += len(near) > 0 and together(near.tolist(), len(p)) < SIGNIFICANT
    assert taken / 4000 < SIGNIFICANT
