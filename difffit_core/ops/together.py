"""Climbs that several threads ask of one volume on a GPU, launched together: while one launch runs, what is asked for gathers for the next.

A launch of one small model leaves a large card half empty at its end, and empty while the processor makes the next ready.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from difffit_core.conventions import Array
from difffit_core.ops.grid import Array32, Asked, PointSet, Schedule

if TYPE_CHECKING:
    from difffit_core.ops.torch_grid import TorchGrid


Answer = tuple[Array, Array, Array32]


@dataclass(eq=False)
class _Waiting:
    asked: Asked
    schedule: Schedule
    answer: Answer | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        return self.answer is not None or self.error is not None


class Together:
    """A volume for several threads: all that `TorchGrid` can do, with the climbs of all threads gathered.

    Every pose is climbed by itself, so that its answer is that of a launch of its own, bit for bit.
    """

    def __init__(self, volume: "TorchGrid") -> None:
        self._volume = volume
        self._waiting: list[_Waiting] = []
        self._guard, self._launch = threading.Lock(), threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._volume, name)

    def climb(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array, Array32]:
        """As `TorchGrid.climb`."""
        mine = _Waiting(Asked(points, weight, quaternions, translations), schedule)
        with self._guard:
            self._waiting.append(mine)
        with self._launch:  # once it is ours, another's launch may have done this one too
            if not mine.is_over:
                with self._guard:
                    waiting, self._waiting = self._waiting, []
                for alike in _alike(waiting):
                    self._answer(alike)
        if mine.error is not None:
            raise mine.error
        assert mine.answer is not None
        return mine.answer

    def _answer(self, alike: Sequence[_Waiting]) -> None:
        try:
            answers = self._volume.climb_together([one.asked for one in alike], alike[0].schedule)
        except Exception as error:  # noqa: BLE001 - it is for the thread that asked to raise it
            if len(alike) == 1:
                alike[0].error = error
            else:  # one of them cannot be done: each by itself
                for one in alike:
                    self._answer([one])
        else:
            for one, answer in zip(alike, answers, strict=True):
                one.answer = answer


def _alike(waiting: Sequence[_Waiting]) -> list[list[_Waiting]]:
    """Those that one launch can do: of one schedule, and all of the mean or all of the correlation."""
    groups: dict[tuple[Schedule, bool], list[_Waiting]] = {}
    for one in waiting:
        groups.setdefault((one.schedule, one.asked.weight is None), []).append(one)
    return list(groups.values())
