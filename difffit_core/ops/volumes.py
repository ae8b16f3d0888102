"""A volume on the device that shall compute; torch is imported only where that is not the CPU."""

import logging
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.ops.grid import Grid, PointSet, Schedule

if TYPE_CHECKING:
    from difffit_core.ops.torch_grid import TorchGrid

UNPROVEN = ("mps",)
"""Kinds of device that must first agree with the CPU: torch runs there, but no machine of that kind tests every change."""

_logger = logging.getLogger(__name__)


def make_volume(values: NDArray[np.floating], voxel_size: Array, origin: Array, device: str) -> "Grid | TorchGrid":
    """A volume of values [z, y, x], with voxel size (x, y, z) and the position of voxel [0, 0, 0] in Å, ready on ``device``.

    ``device`` is one that `difffit_core.device.resolve_device` gave. Where it does not agree with the CPU, the CPU computes, and a warning
    is logged.
    """
    if device == "cpu" or (device.partition(":")[0] in UNPROVEN and not agrees_with_cpu(device)):
        return Grid.of(values, voxel_size, origin)
    from difffit_core.ops.torch_grid import TorchGrid

    return TorchGrid.of(values, voxel_size, origin, device)


@cache
def agrees_with_cpu(device: str) -> bool:
    """Whether ``device`` gets the answers of the CPU on a small random problem; asked once, and logged as a warning where not."""
    try:
        difference = _difference(device)
    except (RuntimeError, NotImplementedError, TypeError) as error:
        _logger.warning("device %s cannot do what a fit needs (%s); the CPU computes instead", device, error)
        return False
    if not difference < 1e-3:
        _logger.warning(
            "device %s does not agree with the CPU (by %.2g on a test of its own); the CPU computes instead", device, difference
        )
        return False
    return True


def _difference(device: str) -> float:
    """Largest difference between ``device`` and CPU in samples, means, correlations and where three steps of a climb lead."""
    from difffit_core.ops.torch_grid import TorchGrid

    rng = np.random.default_rng(0)
    values, voxel_size, origin = rng.normal(size=(9, 11, 10)), np.array([1.0, 1.5, 2.0]), np.array([-3.0, 4.0, 5.0])
    points = PointSet.of(rng.normal(0, 3, (40, 3)))
    weight = rng.normal(size=40)
    weight = ((weight - weight.mean()) / np.linalg.norm(weight - weight.mean())).astype(np.float32)
    poses = rng.normal(size=(16, 4)), origin + rng.uniform(0, 15, (16, 3))
    schedule = Schedule(turn_rate=0.01, shift_rate=0.1, decay=0.5, steps=3)
    answers = []
    for volume in (Grid.of(values, voxel_size, origin), TorchGrid.of(values, voxel_size, origin, device)):
        scores = volume.samples(points, *poses), volume.mean(points, *poses), volume.correlation(points, weight, *poses)
        climbed = volume.climb(points, None, *poses, schedule), volume.climb(points, weight, *poses, schedule)
        answers.append(np.concatenate([np.ravel(part) for part in (*scores, *climbed[0], *climbed[1])]))
    return float(np.abs(answers[0] - answers[1]).max())
