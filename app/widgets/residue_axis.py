"""The axis below a plot of residues: chains and numbers."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_PIXELS_A_TICK = 60


class ResidueAxis(pg.AxisItem):
    """Positions along the plot are places in the file; the ticks stand at round residue numbers, and say the chain: ``D 50``."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._chains: NDArray[np.str_] = np.zeros(0, "<U1")
        self._numbers: NDArray[np.int32] = np.zeros(0, np.int32)

    def set_residues(self, chains: NDArray[np.str_], numbers: NDArray[np.int32]) -> None:
        """The chain (n,) and the residue number (n,) at each position."""
        self._chains, self._numbers = chains, numbers
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        first, last = max(0, int(np.ceil(minVal))), min(len(self._numbers), int(np.floor(maxVal)) + 1)
        if last <= first or size <= 0:
            return []
        per_tick = (maxVal - minVal) / size * _PIXELS_A_TICK
        step = next((step for step in _STEPS if step >= per_tick), _STEPS[-1])
        here = np.arange(first, last)
        return [(float(step), here[self._numbers[first:last] % step == 0].astype(float).tolist())]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        return [f"{self._chains[int(value)]} {self._numbers[int(value)]}" for value in values]
