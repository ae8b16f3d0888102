"""The `paper` preset as a whole, from outside, against its formulae: four volumes, `grid_sample`, autograd and Adam."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from difffit_core.conventions import position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.target import Target

STARTS, STEPS = 40, 201
LEVEL = 0.6


def volumes(density_map: DensityMap, resolution: float) -> torch.Tensor:
    """The raw volume and three smoother ones (4, z, y, x), float64, negative outside the footprint."""
    values = density_map.values.astype(np.float64)
    positive = np.where(values > LEVEL, values, 0) / values.max()
    made = [np.where(positive == 0, -0.5, positive)]
    smoothed = positive
    for _ in range(3):
        inside_the_loop = resolution < 5
        smoothed = gaussian_filter(made[-1] if inside_the_loop else smoothed, 1.0, radius=2, mode="nearest")
        made.append(smoothed if inside_the_loop else np.where(smoothed == 0, -0.5, smoothed))
    return torch.tensor(np.stack(made))


def rotation_matrices(quaternions: torch.Tensor) -> torch.Tensor:
    """(P, 3, 3) of (P, 4), (w, x, y, z), by rotating the unit vectors: v + 2 w (u × v) + 2 u × (u × v)."""
    unit = quaternions / quaternions.norm(dim=1, keepdim=True)
    w, u = unit[:, :1, None], unit[:, None, 1:].expand(-1, 3, -1)
    v = torch.eye(3, dtype=unit.dtype).expand(len(unit), -1, -1)
    once = torch.linalg.cross(u, v)
    return (v + 2 * w * once + 2 * torch.linalg.cross(u, once)).mT


@dataclass(frozen=True, eq=False)
class Climbed:
    rotations: np.ndarray
    centres: np.ndarray
    values: np.ndarray


def climb(density_map: DensityMap, resolution: float, points: np.ndarray, quaternions: np.ndarray, centres: np.ndarray) -> Climbed:
    """All poses in one loss, four volumes sampled one by one; each pose at the best step it saw."""
    four = volumes(density_map, resolution)[None]
    low, size = (torch.tensor(v) for v in (density_map.origin, density_map.voxel_size * (density_map.shape_xyz - 1)))
    atoms = torch.tensor(points)
    q, t = torch.tensor(quaternions).requires_grad_(), torch.tensor(centres).requires_grad_()
    adam = torch.optim.Adam([{"params": [q], "lr": 0.01}, {"params": [t], "lr": 0.01 * float(density_map.box.mean())}])
    best = torch.full((len(q),), -torch.inf, dtype=torch.float64)
    best_q, best_t = q.detach().clone(), t.detach().clone()
    for _ in range(STEPS):
        moved = atoms @ rotation_matrices(q).mT + t[:, None]
        grid = (2 * (moved - low) / size - 1)[None, :, :, None]
        samples = torch.nn.functional.grid_sample(four, grid, padding_mode="border", align_corners=True)[0, ..., 0]
        value = samples.mean(dim=2).sum(dim=0)
        better = value.detach() > best
        best = torch.where(better, value.detach(), best)
        best_q, best_t = (torch.where(better[:, None], now.detach(), then) for now, then in ((q, best_q), (t, best_t)))
        adam.zero_grad()
        (-value.sum()).backward()
        adam.step()
    return Climbed(rotation_matrices(best_q).numpy(), best_t.numpy(), best.numpy())


@pytest.fixture(scope="module", params=[4.5, 6.0], ids=["shrink", "expand"])
def agreement(request: pytest.FixtureRequest, problem: Any) -> tuple[np.ndarray, FitResult, Climbed]:
    """The preset on the backbone of 45 residues, each start a placement of its own, and the formulae from the same starts."""
    model = replace(problem.model, in_fit=problem.model.in_fit & (problem.model.residue_numbers < 45))
    settings = FitSettings.preset("paper", starts=STARTS, atoms="backbone", cluster_shift=1e-3, cluster_angle=1e-3)
    fitted = run_fit(FitRequest(Target(problem.density_map, request.param, LEVEL), model, settings, seed=3, device="cpu"))
    points = model.coordinates[model.in_fit & np.isin(model.atom_names, ("N", "CA", "C", "O"))]
    np.testing.assert_allclose(fitted.centre, points.mean(axis=0), atol=1e-9)
    starts = fitted.start_quaternions, fitted.start_translations
    return points, fitted, climb(problem.density_map, request.param, points - points.mean(axis=0), *starts)


def test_is_what_the_paper_says() -> None:
    paper = FitSettings.preset(Preset.PAPER)
    assert (paper.positions, paper.starts // paper.positions) == (10, 100)
    assert (paper.starts, paper.steps, paper.turn_rate, paper.shift_rate, paper.decay) == (1000, 201, 0.01, 0.0, 0.0)
    assert (paper.smoothings, paper.smoothing_sigma, paper.smoothing_weights, paper.negative_value) == (3, 1.0, (), -0.5)
    assert (paper.fields, paper.atoms, paper.search_atoms, paper.padding) == (("paper",), "all", 0, "border")
    assert (paper.cluster_shift, paper.cluster_angle) == (3.0, 6.0)


def test_every_start_reaches_the_pose_of_the_formulae(agreement: tuple[np.ndarray, FitResult, Climbed]) -> None:
    points, fitted, expected = agreement
    assert len(fitted.placements) > 0.9 * STARTS
    centre = points.mean(axis=0)
    placed = np.array([p.pose.apply(points) for p in fitted.placements])
    wanted = np.einsum("pij,nj->pni", expected.rotations, points - centre) + expected.centres[:, None]
    distance = np.sqrt(((placed - wanted) ** 2).sum(axis=2).mean(axis=1))
    moved = np.linalg.norm(expected.centres - fitted.start_translations, axis=1)
    assert np.median(moved) > 3
    assert np.median(distance) < 0.05
    assert np.mean(distance < 0.25) > 0.75  # a start beside a watershed may go either way


def test_starting_poses_are_inside_density(problem: Any, agreement: tuple[np.ndarray, FitResult, Climbed]) -> None:
    _, fitted, _ = agreement
    index = position_to_index(fitted.start_translations, problem.density_map.voxel_size, problem.density_map.origin)
    nearest = np.rint(index).astype(int)[:, ::-1]
    assert (problem.density_map.values[tuple(nearest.T)] > LEVEL).all()
    np.testing.assert_allclose(np.linalg.norm(fitted.start_quaternions, axis=1), 1)
    assert len(np.unique(fitted.start_translations, axis=0)) == 10
    assert len(np.unique(fitted.start_quaternions, axis=0)) == STARTS / 10
