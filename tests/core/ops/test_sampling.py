"""The torch operator against grid_sample, in value and gradient, and by torch's own checks of an operator."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import library
from torch.nn.functional import grid_sample
from torch.utils._python_dispatch import TorchDispatchMode

from difffit_core.ops import torch_kernels
from difffit_core.ops.sampling import BorderedVolume, mean_density, mean_density_plain

Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def case(shape: tuple[int, int, int], points: int, poses: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensors:
    """Volume, points, rotation (any matrix) and translation; a good part of the points falls outside the box."""
    make = torch.Generator().manual_seed(seed)
    sides = torch.tensor(shape[::-1], dtype=torch.float64)
    volume = torch.randn(shape, generator=make, dtype=torch.float64)
    cloud = torch.randn(points, 3, generator=make, dtype=torch.float64) * sides / 4
    rotation = torch.randn(poses, 3, 3, generator=make, dtype=torch.float64) / 1.5
    translation = (1.6 * torch.rand(poses, 3, generator=make, dtype=torch.float64) - 0.3) * sides
    return volume.to(dtype), cloud.to(dtype), rotation.to(dtype).requires_grad_(), translation.to(dtype).requires_grad_()


def reference(volume: torch.Tensor, points: torch.Tensor, rotation: torch.Tensor, translation: torch.Tensor) -> torch.Tensor:
    for axis in range(3):  # grid_sample divides by n - 1
        if volume.shape[axis] == 1:
            volume = volume.repeat_interleave(2, axis)
    index = torch.einsum("pij,nj->pni", rotation, points) + translation[:, None]
    last = torch.tensor(volume.shape[::-1], dtype=volume.dtype) - 1
    grid = (2 * index / last - 1)[None, None]
    return grid_sample(volume[None, None], grid, mode="bilinear", padding_mode="border", align_corners=True)[0, 0, 0].mean(1)


def value_and_gradients(values: torch.Tensor, of: Tensors, seed: int = 1) -> tuple[torch.Tensor, ...]:
    upstream = torch.randn(len(values), generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(values.dtype)
    return values.detach(), *torch.autograd.grad((upstream * values).sum(), of[2:])


SIDES = st.integers(1, 9)


@given(shape=st.tuples(SIDES, SIDES, SIDES), points=st.integers(1, 60), poses=st.integers(1, 12), seed=st.integers(0, 2**31))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_equals_grid_sample_in_float64(shape: tuple[int, int, int], points: int, poses: int, seed: int) -> None:
    inputs = case(shape, points, poses, seed)
    for found, expected in zip(
        value_and_gradients(mean_density(*inputs), inputs), value_and_gradients(reference(*inputs), inputs), strict=True
    ):
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


@given(shape=st.tuples(SIDES, SIDES, SIDES), points=st.integers(1, 60), poses=st.integers(1, 12), seed=st.integers(0, 2**31))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_plain_torch_equals_the_compiled_kernel(shape: tuple[int, int, int], points: int, poses: int, seed: int) -> None:
    inputs = case(shape, points, poses, seed)
    value, by_rotation, by_translation = mean_density_plain(*inputs)
    compiled = mean_density(*inputs)
    torch.testing.assert_close(value, compiled.detach(), rtol=1e-11, atol=1e-11)
    gradients = torch.autograd.grad(compiled.sum(), inputs[2:])
    torch.testing.assert_close((by_rotation, by_translation), gradients, rtol=1e-11, atol=1e-11)


def test_equals_grid_sample_in_float32() -> None:
    inputs = case((12, 20, 9), 300, 50, 4, torch.float32)
    for found, expected in zip(
        value_and_gradients(mean_density(*inputs), inputs), value_and_gradients(reference(*inputs), inputs), strict=True
    ):
        assert found.dtype == torch.float32
        torch.testing.assert_close(found, expected, rtol=2e-4, atol=2e-5)


def test_passes_gradcheck() -> None:
    """Away from voxel borders, where the gradient jumps: each coordinate is at least 0.05 from a whole number at every pose."""
    make = torch.Generator().manual_seed(8)
    volume = torch.randn(6, 7, 8, generator=make, dtype=torch.float64)
    points = torch.randint(-2, 3, (12, 3), generator=make, dtype=torch.float64)
    turns = torch.tensor([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]])
    rotation = turns.double().requires_grad_()
    translation = (torch.randint(0, 7, (3, 3), generator=make) + 0.05 + 0.9 * torch.rand(3, 3, generator=make)).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda r, t: mean_density(volume, points, r, t), (rotation, translation), eps=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_passes_the_checks_of_an_operator(dtype: torch.dtype) -> None:
    volume, points, rotation, translation = case((5, 6, 7), 20, 4, 2, dtype)
    bordered = BorderedVolume.of(volume).values
    library.opcheck(torch.ops.difffit.mean_density.default, (bordered, points, rotation, translation))
    library.opcheck(torch.ops.difffit.mean_density.default, (bordered, points, rotation.detach(), translation.detach()))


def test_shapes_are_known_without_computing() -> None:
    volume, points, rotation, translation = (tensor.detach().to("meta") for tensor in case((5, 6, 7), 20, 4, 2))
    assert [tuple(part.shape) for part in torch.ops.difffit.mean_density(volume, points, rotation, translation)] == [
        (4,),
        (4, 3, 3),
        (4, 3),
    ]


def test_a_volume_made_ready_once_gives_the_same() -> None:
    inputs = case((5, 6, 7), 20, 4, 2)
    torch.testing.assert_close(mean_density(BorderedVolume.of(inputs[0]), *inputs[1:]), mean_density(*inputs), rtol=0, atol=0)


def test_strided_tensors_give_the_same() -> None:
    inputs = case((5, 6, 7), 20, 4, 2)
    strided = [tensor.detach().mT.contiguous().mT for tensor in inputs]
    strided[0] = inputs[0].permute(2, 0, 1).contiguous().permute(1, 2, 0)
    assert not any(tensor.is_contiguous() for tensor in strided)
    torch.testing.assert_close(mean_density(*strided), mean_density(*inputs).detach(), rtol=0, atol=0)


def test_adam_climbs_on_it() -> None:
    points = case((16, 16, 16), 30, 5, 11, torch.float32)[1] / 4
    translation = torch.linspace(3, 12, 15).view(5, 3).requires_grad_()
    grid = torch.stack(torch.meshgrid(*[torch.arange(16.0)] * 3, indexing="ij"), -1)
    volume = -(grid - 7.0).square().sum(-1)  # highest at index 7, 7, 7
    optimiser = torch.optim.Adam([translation], lr=0.3)
    for _ in range(100):
        optimiser.zero_grad()
        (-mean_density(volume, points, torch.eye(3).expand(5, 3, 3), translation).sum()).backward()
        optimiser.step()
    assert (translation.detach() + points.mean(0) - 7).abs().max() < 0.3


def test_second_derivatives_are_refused() -> None:
    inputs = case((5, 6, 7), 20, 4, 2)
    with pytest.raises(RuntimeError, match="first derivatives only"):
        torch.autograd.grad(mean_density(*inputs).sum(), inputs[2], create_graph=True)


VOLUME, POINTS, ROTATION, TRANSLATION = (tensor.detach() for tensor in case((5, 6, 7), 20, 4, 2))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((torch.empty(0, 6, 7), POINTS, ROTATION, TRANSLATION), "volume must be a non-empty"),
        ((VOLUME[0], POINTS, ROTATION, TRANSLATION), r"volume must be .* got shape \(6, 7\)"),
        ((VOLUME.half(), POINTS, ROTATION, TRANSLATION), "volume must be float32 or float64, got torch.float16"),
        ((VOLUME.long(), POINTS, ROTATION, TRANSLATION), "volume must be float32 or float64"),
        ((VOLUME.float(), POINTS, ROTATION, TRANSLATION), "all tensors must be float32 or all float64"),
        ((VOLUME, POINTS[:0], ROTATION, TRANSLATION), "points must be"),
        ((VOLUME, POINTS.T, ROTATION, TRANSLATION), r"points must be .* got shape \(3, 20\)"),
        ((VOLUME, POINTS, ROTATION[:0], TRANSLATION[:0]), "rotation must be"),
        ((VOLUME, POINTS, ROTATION[0], TRANSLATION), "rotation must be"),
        ((VOLUME, POINTS, ROTATION, TRANSLATION[:3]), r"translation must be \(P, 3\) with P = 4"),
        ((VOLUME, POINTS, ROTATION, torch.full_like(TRANSLATION, torch.nan)), "translation must be finite"),
        ((VOLUME, POINTS, ROTATION * torch.inf, TRANSLATION), "rotation must be finite"),
        ((VOLUME, POINTS.to("meta"), ROTATION, TRANSLATION), "all tensors must be on one device"),
        ((VOLUME.clone().requires_grad_(), POINTS, ROTATION, TRANSLATION), "volume is a constant"),
        ((VOLUME, POINTS.clone().requires_grad_(), ROTATION, TRANSLATION), "volume and points are constants"),
    ],
)
def test_what_cannot_be_sampled_is_refused(inputs: Tensors, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mean_density(*inputs)


def test_the_operator_itself_refuses_a_volume_without_border() -> None:
    with pytest.raises(ValueError, match="with its border"):
        torch.ops.difffit.mean_density(VOLUME[:1], POINTS, ROTATION, TRANSLATION)


class LargestTensor(TorchDispatchMode):
    """Notes the number of elements of the largest tensor that any operation returns."""

    largest = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for part in result if isinstance(result, tuple | list) else [result]:
            if isinstance(part, torch.Tensor):
                self.largest = max(self.largest, part.numel())
        return result


@pytest.mark.parametrize(("points", "poses"), [(700, 300), (6000, 40)])
def test_plain_torch_never_holds_more_samples_than_a_chunk(points: int, poses: int, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = case((9, 8, 10), points, poses, 3)
    whole = mean_density(*inputs)
    for chunk in (2048, 50_000):
        monkeypatch.setattr(torch_kernels, "CHUNK_SAMPLES", {"cpu": chunk})
        with LargestTensor() as seen:
            value = mean_density_plain(*inputs)[0]
        assert seen.largest <= max(chunk, 4 * points, 12 * poses, 12 * 11 * 10)
        torch.testing.assert_close(value, whole.detach(), rtol=1e-11, atol=1e-11)


def test_bordering_repeats_the_outermost_voxels() -> None:
    values = np.random.default_rng(0).normal(size=(1, 4, 3))
    found = torch_kernels.bordered(torch.tensor(values))
    np.testing.assert_array_equal(found.numpy(), np.pad(values, 1, mode="edge"))


def test_chunks_cover_every_pose_once() -> None:
    points = torch.zeros(4, 1000)
    slices = list(torch_kernels.chunks(100, points))
    assert (slices[0].start, slices[-1].stop) == (0, 100)
    assert all(a.stop == b.start for a, b in pairwise(slices))
    assert max(part.stop - part.start for part in slices) * 1000 <= torch_kernels.chunk_samples(points.device)
