"""The fused operator against `grid_sample` and autograd: the same four volumes, the same poses, the same gradients."""

import logging
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from example import MODEL, RESOLUTION, stretched
from grid_sample_route import Calls, rotation_matrix
from grid_sample_route import mean_density as by_grid_sample
from machine import kernel_threads
from report import Report, spread
from torch import Tensor

from difffit_core.fit.search.field import cut_density, paper_field
from difffit_core.fit.search.starts import random_starts
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import read_model
from difffit_core.ops.sampling import BorderedVolume, mean_density

POSES = 1000
VOLUMES = 4
_CHECKED = 100

_logger = logging.getLogger(__name__)
_Objective = Callable[[Tensor, Tensor], Tensor]


def run(options: Namespace) -> Report:
    torch.set_num_threads(kernel_threads())
    model = read_model(MODEL).select_chains(["D"])
    report = Report(
        "Fused operator against grid_sample",
        f"Value and gradient for rotation and translation of {POSES} starting poses of chain D of the shipped example "
        f"({len(model.fit_coordinates)} atoms) in the paper's {VOLUMES} volumes of its map, float32, with the quaternion's part of the "
        "chain rule in all. The fused operator samples the volumes' sum; grid_sample takes a call for each volume, or all volumes as "
        "channels of one call, or that with the poses as a batch, over which torch shares the work among threads. "
        f"Median of {options.repeats} (lowest..highest), measured in turns, each the mean of some calls.",
        ["volumes and route", "ms", "M samples/s", "times the fused"],
    )
    for side in (64, 128):
        _measure(side, model.fit_coordinates, options.repeats, report)
    report.notes.append("Asked for on two cores: at least 60 times.")
    return report


def _measure(side: int, coordinates: np.ndarray, repeats: int, report: Report) -> None:
    volumes, voxel_size, starts = _problem(side)
    points = torch.from_numpy(((coordinates - coordinates.mean(axis=0)) / voxel_size).astype(np.float32))
    pose = [torch.from_numpy(part.astype(np.float32)).requires_grad_() for part in starts]
    _check_agreement(volumes, points, *pose)
    summed = BorderedVolume.of(volumes.sum(dim=0))
    routes = (
        _Route("fused", 1, 20, lambda q, t: mean_density(summed, points, rotation_matrix(q), t)),
        *(_Route(f"grid_sample, {how}", VOLUMES, 1, partial(by_grid_sample, volumes, points, calls=how)) for how in Calls),
    )
    for route in routes:
        _value_and_gradient(route.objective, *pose)
    times = np.array([[route.seconds(*pose) for route in routes] for _ in range(repeats)])
    report.raw.append({"side": side, "atoms": len(points), "seconds": times.tolist()})
    for route, column in zip(routes, times.T, strict=True):
        rate = len(points) * POSES * route.volumes / column / 1e6
        report.rows.append([f"{side}³, {route.name}", *(spread(part.tolist()) for part in (column * 1e3, rate, column / times[:, 0]))])
        _logger.info("%s", "  ".join(report.rows[-1]))


@dataclass(frozen=True)
class _Route:
    """One way to the objective: how many volumes it samples, and how many calls make one measurement."""

    name: str
    volumes: int
    calls: int
    objective: _Objective

    def seconds(self, quaternion: Tensor, translation: Tensor) -> float:
        start = time.perf_counter()
        for _ in range(self.calls):
            _value_and_gradient(self.objective, quaternion, translation)
        return (time.perf_counter() - start) / self.calls


def _check_agreement(volumes: Tensor, *arguments: Tensor) -> None:
    """In float64, where a point beside a voxel's face falls on the same side of it in both."""
    points, quaternion, translation = (one.detach().double() for one in arguments)
    pose = quaternion[:_CHECKED].requires_grad_(), translation[:_CHECKED].requires_grad_()
    exact = volumes.double()
    ours = _value_and_gradient(lambda q, t: mean_density(exact.sum(dim=0), points, rotation_matrix(q), t), *pose)
    for how in Calls:
        theirs = _value_and_gradient(partial(by_grid_sample, exact, points, calls=how), *pose)
        difference = max(float((a - b).norm() / b.norm()) for a, b in zip(ours, theirs, strict=True))
        if not difference < 1e-6:
            raise RuntimeError(f"the routes disagree by {difference:.2g}: there is nothing to compare")


def _problem(side: int) -> tuple[Tensor, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Volumes (4, side, side, side), the voxel's size (x, y, z) in Å, and starting poses in voxels."""
    density_map = stretched(side)
    level = float(np.quantile(density_map.values, 0.97))
    whole = cut_density(density_map, level)
    one_each = np.eye(VOLUMES)
    settings = [FitSettings.preset("paper", smoothing_weights=tuple(row)) for row in one_each.tolist()]
    cut = np.stack([paper_field(whole, each, RESOLUTION) for each in settings])
    box = np.stack([np.full(density_map.values.shape, volume.min(), np.float32) for volume in cut])
    first = np.rint((whole.origin - density_map.origin) / density_map.voxel_size).astype(int)[::-1]
    box[(slice(None), *(slice(a, a + n) for a, n in zip(first, cut.shape[1:], strict=True)))] = cut
    quaternions, centres = random_starts(whole.inside, whole.voxel_size, whole.origin, POSES, 0, np.random.default_rng(0))
    return torch.from_numpy(box), density_map.voxel_size, (quaternions, (centres - density_map.origin) / density_map.voxel_size)


def _value_and_gradient(objective: _Objective, quaternion: Tensor, translation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    value = objective(quaternion, translation)
    return value.detach(), *torch.autograd.grad(value.sum(), (quaternion, translation))
