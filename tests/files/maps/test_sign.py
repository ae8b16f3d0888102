"""Maps of inverted contrast: whoever reads one is told, not only who asks for a check."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from difffit_core.density_map import DensityMap
from difffit_core.doctor import examine
from difffit_core.io.maps import read_map, write_map


def _density(count: int, clamped: bool) -> np.ndarray:
    rng = np.random.default_rng(3)
    values = np.zeros((count, count + 3, count + 5), dtype=np.float32)
    values[tuple(rng.integers(count // 3, 2 * count // 3, (3, 60)))] = 40
    values = ndimage.gaussian_filter(values, 2) + rng.normal(0, 0.01, values.shape).astype(np.float32)
    return np.maximum(values, 0) if clamped else values


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("count", [24, 110])
@pytest.mark.parametrize("clamped", [False, True])
def test_reading_says_that_contrast_looks_inverted(tmp_path: Path, sign: int, count: int, clamped: bool) -> None:
    path = tmp_path / "map.mrc"
    write_map(path, DensityMap(sign * _density(count, clamped), np.full(3, 1.5), np.zeros(3)))
    told = [note for note in read_map(path).notes if "contrast" in note]
    assert len(told) == (sign < 0), told
    assert len([finding for finding in examine(path) if finding.topic == "contrast"]) == (sign < 0 and not clamped)
    assert any("multiply the map by -1" in finding.sentence for finding in examine(path)) == (sign < 0)


def test_an_inverted_particle_is_no_crystal(repository: Path, tmp_path: Path) -> None:
    particle = read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")
    write_map(tmp_path / "inverted.mrc", particle.with_values(-particle.values))
    read = read_map(tmp_path / "inverted.mrc")
    assert read.lattice is None
    assert any("inverted" in str(note) for note in read.notes)
