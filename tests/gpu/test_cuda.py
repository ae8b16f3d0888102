"""What the CPU is tested for, on a CUDA device where there is one."""

import numpy as np
import pytest
import torch
from torch import library

from difffit_core.conventions import quaternion_to_matrix, rotation_angle
from difffit_core.ops.grid import Grid, PointSet, Schedule
from difffit_core.ops.sampling import BorderedVolume, mean_density
from difffit_core.ops.simulate import simulate
from difffit_core.ops.torch_grid import TorchGrid
from difffit_core.ops.volumes import agrees_with_cpu, make_volume

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")]


def poses(count: int, centre: np.ndarray, reach: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    quaternions = rng.normal(size=(count, 4))
    return quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True), centre + rng.uniform(-reach, reach, (count, 3))


def test_the_device_agrees_with_the_cpu() -> None:
    assert agrees_with_cpu("cuda")


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.float64, 1e-11)])
def test_the_operator_equals_the_compiled_kernel(dtype: torch.dtype, tolerance: float) -> None:
    make = torch.Generator().manual_seed(3)
    volume, points = torch.randn(17, 19, 23, generator=make, dtype=dtype), torch.randn(400, 3, generator=make, dtype=dtype) * 4
    rotation = torch.linalg.qr(torch.randn(64, 3, 3, generator=make, dtype=torch.float64))[0].to(dtype)
    translation = 24 * torch.rand(64, 3, generator=make, dtype=dtype)
    answers = []
    for device in ("cpu", "cuda"):
        inputs = rotation.to(device).requires_grad_(), translation.to(device).requires_grad_()
        value = mean_density(volume.to(device), points.to(device), *inputs)
        answers.append([part.detach().cpu() for part in (value, *torch.autograd.grad(value.square().sum(), inputs))])
    for on_cpu, on_gpu in zip(*answers, strict=True):
        torch.testing.assert_close(on_gpu, on_cpu, rtol=tolerance, atol=tolerance)


def test_passes_the_checks_of_an_operator() -> None:
    make = torch.Generator().manual_seed(3)
    volume, points, rotation, translation = (
        torch.rand(*shape, generator=make).cuda() * 5 for shape in ((7, 6, 5), (20, 3), (4, 3, 3), (4, 3))
    )
    library.opcheck(
        torch.ops.difffit.mean_density.default,
        (BorderedVolume.of(volume).values, points, rotation.requires_grad_(), translation.requires_grad_()),
    )


def test_climbs_to_the_same_places_and_repeats_itself() -> None:
    rng = np.random.default_rng(2)
    atoms = rng.normal([50.0, -20, 30], 9, (150, 3))
    density = simulate(atoms, np.ones(150), 8.0, 2.0)
    frame = density.values / density.values.std(), np.full(3, density.spacing), density.origin
    grid, volume = Grid.of(*frame), make_volume(*frame, "cuda")
    assert isinstance(volume, TorchGrid)
    points, starts = PointSet.of(atoms - atoms.mean(axis=0)), poses(400, atoms.mean(axis=0), 10, rng)
    weight = rng.normal(size=150) + 2 * np.exp(-np.square(atoms - atoms.mean(axis=0)).sum(axis=1) / 200)
    weight = ((weight - weight.mean()) / np.linalg.norm(weight - weight.mean())).astype(np.float32)
    np.testing.assert_allclose(volume.correlation(points, weight, *starts), grid.correlation(points, weight, *starts), atol=1e-5)
    for chosen, steps in ((None, 20), (weight, 60)):
        schedule = Schedule(turn_rate=0.02, shift_rate=0.4, decay=1.0, steps=steps)
        compiled, found, again = (which.climb(points, chosen, *starts, schedule) for which in (grid, volume, volume))
        shift = np.linalg.norm(found[1] - compiled[1], axis=1)
        angle = rotation_angle(quaternion_to_matrix(found[0]), quaternion_to_matrix(compiled[0]))
        assert ((shift <= 0.02) & (angle <= 0.05)).mean() >= 0.95
        for a, b in zip(found, again, strict=True):
            np.testing.assert_array_equal(a, b)


def test_memory_stays_bounded() -> None:
    rng = np.random.default_rng(2)
    volume = TorchGrid.of(rng.normal(size=(40, 40, 40)), np.ones(3), np.zeros(3), "cuda")
    points, starts = PointSet.of(rng.normal(0, 8, (5000, 3))), poses(3000, np.full(3, 20.0), 20, rng)
    torch.cuda.reset_peak_memory_stats()
    volume.climb(points, None, *starts, Schedule(0.01, 0.1, 0.5, 2))
    assert torch.cuda.max_memory_allocated() < 0.5e9
