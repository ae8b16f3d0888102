"""The suggested contour level, on made and on real maps, and island removal."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from difffit_core.contour import VOLUME_PER_DALTON, remove_islands, suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map


def molecule(noise: float, clip: bool = False, pad: int = 0) -> tuple[DensityMap, float]:
    """A blurred random molecule of height about 1 on 1 Å voxels, and its true volume in Å³."""
    rng = np.random.default_rng(5)
    solid = np.zeros((48, 48, 48), bool)
    walk = np.cumsum(rng.normal(scale=1.5, size=(400, 3)), axis=0)
    walk = 24 + (walk - walk.mean(0)) * 10 / np.abs(walk - walk.mean(0)).max()
    solid[tuple(walk.round().astype(int).T)] = True
    solid = ndimage.binary_dilation(solid, iterations=3)
    values = ndimage.gaussian_filter(solid.astype(np.float32), 1.5)
    if clip:
        values[values < 0.05] = 0
    values = np.pad(values, pad)
    blurred = ndimage.gaussian_filter(rng.normal(size=values.shape), 1.0)
    values = values + noise * (blurred / blurred.std()).astype(np.float32)
    return DensityMap(values.astype(np.float32), np.ones(3), np.zeros(3)), float(solid.sum())


@pytest.mark.parametrize(("noise", "clip", "pad"), [(0, False, 0), (0, True, 0), (0, True, 20), (0.05, False, 0), (0.1, False, 20)])
def test_level_encloses_the_molecule(noise: float, clip: bool, pad: int) -> None:
    density, volume = molecule(noise, clip, pad)
    suggestion = suggest_level(density)
    without_dust = remove_islands(density.values, suggestion.level, 50, fill=-1)
    assert 0.6 * volume < np.count_nonzero(without_dust >= suggestion.level) < 1.6 * volume
    if noise:
        assert suggestion.noise_sigma == pytest.approx(noise, rel=0.15)
        assert suggestion.noise_level == pytest.approx(3 * noise, rel=0.25)
    else:
        assert suggestion.noise_sigma is None


@pytest.mark.parametrize(("scale", "offset"), [(1000, 0), (1e-4, 0), (1, 0.3)])
def test_level_follows_scale_and_offset(scale: float, offset: float) -> None:
    density, _ = molecule(0.05)
    plain = suggest_level(density)
    changed = suggest_level(density.with_values(density.values * np.float32(scale) + np.float32(offset)))
    assert changed.level == pytest.approx(plain.level * scale + offset, rel=0.05)


def test_evidence_is_what_it_says() -> None:
    density, _ = molecule(0.05)
    suggestion = suggest_level(density, model_mass_da=5000)
    values = np.sort(density.values.ravel())
    assert np.count_nonzero(values > suggestion.top_percent_level) == pytest.approx(values.size / 100, abs=2)
    assert np.count_nonzero(values >= suggestion.mass_level) == pytest.approx(5000 * VOLUME_PER_DALTON, abs=2)
    assert np.count_nonzero(values >= suggestion.level) == suggestion.enclosed_volume
    text = " ".join(suggestion.lines())
    for number in (suggestion.level, suggestion.noise_sigma, suggestion.top_percent_level, suggestion.mass_level):
        assert f"{number:.4g}" in text


def test_mass_bounds_the_level_of_a_spike() -> None:
    values = np.full((30, 30, 30), 0.1, np.float32)
    values[:, :15] = 0.2
    values[15, 15, 15] = values[3, 3, 3] = 90
    density = DensityMap(values, np.ones(3), np.zeros(3))
    mass = 13_500 / VOLUME_PER_DALTON
    assert suggest_level(density, mass).enclosed_volume >= 0.15 * mass * VOLUME_PER_DALTON


def test_model_heavier_than_the_box() -> None:
    density, _ = molecule(0)
    assert suggest_level(density, 1e9).mass_level is None


@pytest.mark.parametrize("kind", ["constant", "negative", "binary", "two voxels"])
def test_degenerate_maps(kind: str) -> None:
    values = np.zeros((6, 6, 6), np.float32)
    if kind == "negative":
        values[:] = -np.arange(216).reshape(6, 6, 6) - 1
    elif kind == "binary":
        values[2:4, 2:4, 2:4] = 1
    elif kind == "two voxels":
        values[0, 0, 0], values[1, 1, 1] = 3, 5
    density = DensityMap(values, np.ones(3), np.zeros(3))
    if kind == "constant":
        with pytest.raises(UserError, match="density that varies"):
            suggest_level(density)
    else:
        level = suggest_level(density).level
        assert values.min() < level < values.max()


def author_levels() -> dict[str, float]:
    return {
        "groel/groel-11.5A.mrc.gz": 1.02,
        "secretase_5fn5/5fn5_box.ccp4": 0.024,
        "mitoribosome_emd2566/2566_3J6B_9.mrc": 0.136,
        "apoferritin_emd20026/emd20026_prot.mrc": 0.028,
        "emd30342_7cec/390_emd_30342_A_z4.mrc": 0.041,
        "difffit_demo/density2.mrc": 0.886,
    }


@pytest.mark.parametrize("name", author_levels())
def test_real_maps_against_their_authors(shared_data: Path, name: str) -> None:
    """Without the model's mass. EMD-5168 is not among them: its authors' level encloses five times the filament's mass."""
    density = read_map(shared_data / name)
    authors = np.count_nonzero(density.values >= author_levels()[name]) * density.voxel_volume
    assert 0.6 < suggest_level(density).enclosed_volume / authors < 1.6


def test_actin_level_encloses_the_filament(shared_data: Path) -> None:
    """6.3 subunits of 42 kDa, one every 27.6 Å, stand in the box."""
    filament = 174.2 / 27.6 * 42_000 * VOLUME_PER_DALTON
    assert 0.5 < suggest_level(read_map(shared_data / "actin_emd5168" / "emd_5168.map")).enclosed_volume / filament < 2


def test_author_levels_are_those_of_the_cases(shared_data: Path) -> None:
    cases = {case["map"]: case["level"] for case in json.loads((shared_data / "cases.json").read_text())}
    for name in author_levels().keys() & cases.keys():
        assert cases[name] == author_levels()[name]


def test_islands() -> None:
    values = np.full((12, 12, 12), 0.1, np.float32)
    values[1:4, 1:4, 1:4] = 2
    values[6, 6, 6] = values[7, 7, 7] = 3
    values[10, 10, 10] = 9
    cleaned = remove_islands(values, 1.0, 2)
    assert (cleaned[10, 10, 10], cleaned[6, 6, 6], cleaned[7, 7, 7], cleaned[2, 2, 2]) == (0, 3, 3, 2)
    assert np.count_nonzero(remove_islands(values, 1.0, 3) >= 1) == 27
    assert values[10, 10, 10] == 9
    np.testing.assert_array_equal(remove_islands(values, 1.0, 1), values)
    np.testing.assert_array_equal(remove_islands(values, 100.0, 5), values)
    assert remove_islands(values, 1.0, 1000, fill=-1).max() == pytest.approx(0.1)
