"""Climbing: many poses uphill at once, in blocks, so that progress can be told and a cancel is heeded within a moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.ops.grid import Array32, PointSet, Schedule


class Volume(Protocol):
    """What a search asks of a volume, wherever it lives: `ops.grid.Grid` on the CPU, `ops.torch_grid.TorchGrid` elsewhere."""

    def block_poses(self, points: PointSet, schedule: Schedule) -> int: ...

    def correlation(self, points: PointSet, weight: Array32, quaternions: Array, translations: Array) -> Array32: ...

    def samples(self, points: PointSet, quaternions: Array, translations: Array) -> Array32: ...

    def climb(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array, Array32]: ...

    def trace(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array]: ...


@dataclass(frozen=True, eq=False)
class Climbed:
    """Poses at the best place each has seen.

    ``quaternions`` (P, 4) unit, ``translations`` (P, 3) in Å, and the objective's ``values`` (P,) there.
    """

    quaternions: Array
    translations: Array
    values: Array32

    def take(self, index: NDArray[np.signedinteger]) -> "Climbed":
        return Climbed(self.quaternions[index], self.translations[index], self.values[index])


def climb(
    volume: Volume,
    points: PointSet,
    weight: Array32 | None,
    quaternions: Array,
    translations: Array,
    schedule: Schedule,
    after_block: Callable[[int, "Climbed"], bool] | None = None,
) -> Climbed:
    """Climb the mean of ``volume`` over ``points``, or the correlation with ``weight`` (N,), from every pose.

    ``after_block`` gets the number of poses done and the poses of the block; where it returns False, climbing ends and what is done is
    returned.
    """
    parts = []
    for block in blocks(len(quaternions), volume.block_poses(points, schedule)):
        parts.append(Climbed(*volume.climb(points, weight, quaternions[block], translations[block], schedule)))
        if after_block is not None and not after_block(block.stop, parts[-1]):
            break
    if not parts:
        return Climbed(np.empty((0, 4)), np.empty((0, 3)), np.empty(0, np.float32))
    return Climbed(*(np.concatenate(column) for column in zip(*((p.quaternions, p.translations, p.values) for p in parts), strict=True)))


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices of up to ``size`` that make up ``count``."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
