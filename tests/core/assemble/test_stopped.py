"""An assembly that is stopped while what more was found is placed keeps what stood before, by its own names."""

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from difffit_core.assemble import run as running
from difffit_core.assemble.found import Found
from difffit_core.density_map import DensityMap


@pytest.mark.parametrize("when", ["screening", "placing"])
def test_what_stood_before_stays(when: str) -> None:
    cancel = threading.Event()
    first, second = (SimpleNamespace(key=(name, ""), name=name, placements=()) for name in ("b.cif", "a.cif"))
    copy = SimpleNamespace(body=0, pose=None, z_score=9.0, local_correlation=0.8)
    standing: Any = (SimpleNamespace(wanted=[], settings=None), SimpleNamespace(copies=(copy,), residual=None))
    told: list[Any] = []

    class Screening:
        def search(self, density_map: DensityMap, number: int, placed: float) -> list[Any]:
            if number == 2 and when == "screening":
                cancel.set()
            return [first, second][number - 1 : number]

    class Stopped(running._Assembling):
        def __init__(self) -> None:
            self._request = SimpleNamespace(searches=3, bend=False, level=0.0)
            self._cancel, self._on_standing = cancel, None
            self._found = Found([])
            self._screening: Any = Screening()
            self._placing: Any = self

        def _left_by_fixed(self) -> DensityMap:
            return DensityMap(np.ones((2, 2, 2), np.float32), np.ones(3), np.zeros(3))

        def place(self) -> Any:
            if len(self._found.entries) == 2:
                cancel.set()
                return None
            return standing

        def _is_much(self, left: Any) -> bool:
            return True

        def _left(self, bodies: Any, placed: Any) -> DensityMap:
            return DensityMap(np.ones((2, 2, 2), np.float32), np.ones(3), np.zeros(3))

        def _result(self, composed: Any, *, with_alternatives: bool = True) -> Any:
            told.append((list(self._found.entries), composed))
            return SimpleNamespace(bent=())

    Stopped().run()
    ((entries, composed),) = told
    assert entries == [first], "the places that stand are of these models"
    assert composed is standing
