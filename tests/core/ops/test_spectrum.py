"""Shells, Fourier shell correlation, low-pass and amplitudes, beside plain numpy that does the same another way."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.ops.spectrum import Shells, amplitude_ratio, low_passed, shell_correlation

VOXEL = np.array([1.2, 1.0, 1.5])


def noise(seed: int, shape: tuple[int, int, int] = (20, 26, 31)) -> np.ndarray:
    return gaussian_filter(np.random.default_rng(seed).normal(size=shape), 0.8)


def by_full_transform(one: np.ndarray, other: np.ndarray, voxel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same from whole complex transforms, coefficient by coefficient."""
    a, b = (np.fft.fftn(x - x.mean()) for x in (one, other))
    axes = np.meshgrid(*(np.fft.fftfreq(n, d) for n, d in zip(one.shape, voxel[::-1], strict=True)), indexing="ij")
    frequency = np.sqrt(sum(axis**2 for axis in axes))
    width = 1 / max(np.array(one.shape[::-1]) * voxel)
    shell = np.round(frequency / width).astype(int)
    count = int(np.floor(0.5 / voxel.max() / width)) + 1
    curve = []
    for number in range(1, count):
        here = shell == number
        curve.append((a[here] * b[here].conj()).sum().real / np.sqrt((abs(a[here]) ** 2).sum() * (abs(b[here]) ** 2).sum()))
    return np.arange(1, count) * width, np.array(curve)


@pytest.mark.parametrize("shape", [(20, 26, 31), (17, 16, 24)])
def test_it_agrees_with_the_whole_transform(shape: tuple[int, int, int]) -> None:
    signal = noise(0, shape)
    one, other = signal + 0.3 * noise(1, shape), signal + 0.3 * noise(2, shape)
    found = shell_correlation(one, other, VOXEL)
    frequency, curve = by_full_transform(one, other, VOXEL)
    np.testing.assert_allclose(found.frequency[1:], frequency)
    np.testing.assert_allclose(found.correlation[1:], curve, atol=1e-9)
    assert found.coefficients.sum() <= np.prod(shape) / 2


def test_a_map_is_like_itself_and_unlike_noise() -> None:
    one, other = noise(3, (40, 40, 40)), noise(4, (40, 40, 40))
    assert shell_correlation(one, 2 * one + 5, VOXEL).correlation[1:] == pytest.approx(1)
    assert np.abs(shell_correlation(one, other, VOXEL).correlation[8:]).max() < 0.25
    assert shell_correlation(one, one, VOXEL).resolution(0.5) is None


def test_the_resolution_is_where_noise_takes_over() -> None:
    """Signal of amplitude exp(-B s²/4) in white noise: the curve crosses a half where their powers are alike."""
    size, b = 64, 120.0
    rng = np.random.default_rng(5)
    s2 = sum(axis**2 for axis in np.meshgrid(*[np.fft.fftfreq(size)] * 3, indexing="ij"))
    signal = np.fft.ifftn(np.fft.fftn(rng.normal(size=(size,) * 3)) * np.exp(-b * s2 / 4)).real
    halves = [signal + 0.2 * rng.normal(size=signal.shape) for _ in range(2)]
    expected = np.sqrt(b / (2 * np.log(1 / 0.2**2)))  # exp(-B s²/2) = 0.2²
    found = shell_correlation(*halves, np.ones(3)).resolution(0.5)
    assert found == pytest.approx(expected, rel=0.03)


def test_a_low_pass_leaves_nothing_finer_and_all_that_is_coarser() -> None:
    values = noise(6, (48, 48, 48))
    low = low_passed(values, np.ones(3), 6.0)
    shells = Shells.make(values.shape, np.ones(3))
    inner = (slice(8, -8),) * 3
    fine, coarse = (low_passed(values, np.ones(3), r)[inner] for r in (4.0, 12.0))
    assert low[inner].std() < fine.std()
    assert np.corrcoef(low_passed(low, np.ones(3), 12.0)[inner].ravel(), coarse.ravel())[0, 1] > 0.99
    inwards = np.prod(np.meshgrid(*[np.hanning(48)] * 3, indexing="ij"), axis=0)  # the border does not go on as a transform has it
    power = shells.total(np.abs(np.fft.rfftn(low * inwards)) ** 2)
    assert power[shells.frequency > 1.3 / 6].sum() < 1e-3 * power.sum()
    np.testing.assert_array_equal(low_passed(values, np.ones(3), 1.0), values.astype(np.float32))


def test_amplitudes_tell_a_sharpened_map() -> None:
    values = noise(7, (48, 48, 48))
    s2 = sum(axis**2 for axis in np.meshgrid(*[np.fft.fftfreq(48)] * 3, indexing="ij"))
    sharp = np.fft.ifftn(np.fft.fftn(values) * np.exp(20 * s2 / 4)).real
    frequency, ratio = amplitude_ratio(sharp, values, np.ones(3))
    assert ratio[5:] == pytest.approx(np.exp(20 * frequency[5:] ** 2 / 4), rel=0.1)
