"""Voxels that are no numbers."""

import numpy as np
import pytest

from difffit_core.doctor import examine
from difffit_core.errors import FileFormatError
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_map

from .conftest import Example, Make


def outside(values: np.ndarray, where: tuple[slice | np.ndarray, ...] | np.ndarray, filling: float = np.nan) -> np.ndarray:
    changed = values.copy()
    changed[where] = filling
    return changed


ball = np.indices((104, 63, 94)).transpose(1, 2, 3, 0) - np.array([52, 31, 47])
NOTHING = {
    "the first sections": np.s_[:10],
    "a single section": np.s_[:1],
    "the last rows": np.s_[:, -5:],
    "columns on both sides": np.s_[:, :, np.r_[0:3, 90:94]],
    "all but a box": ~np.pad(np.ones((80, 50, 80), bool), ((12, 12), (6, 7), (7, 7))),
    "all but a ball": np.linalg.norm(ball, axis=-1) > 45,
    "an edge": np.s_[0, 0, :],
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["f4", "f2"])
@pytest.mark.parametrize("filling", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("trap", NOTHING)
def test_no_density_outside_a_mask(example: Example, make: Make, trap: str, filling: float, kind: str, order: str) -> None:
    values = outside(example.values, NOTHING[trap], filling).astype(kind)
    path = make({4: 2 if kind == "f4" else 12}, values, order=order)
    density = read_map(path)
    np.testing.assert_array_equal(density.values, np.where(np.isfinite(values), values, 0).astype(np.float32))
    assert "taken as no density" in density.notes[0]
    if order == "<":
        assert density.notes[0] in [value for label, value in describe_file(path) if label == "note"]
        assert [finding.severity for finding in examine(path) if finding.topic == "finite values"] == ["warning"]


def test_no_density_in_a_map_without_zero_is_its_minimum(example: Example, make: Make) -> None:
    density = read_map(make(values=outside(example.values + 5, np.s_[:10])))
    assert density.values.min() == density.values[0].max() == np.float32((example.values[10:] + 5).min())


@pytest.mark.parametrize("filling", [np.nan, np.inf, 3e38])
@pytest.mark.parametrize("trap", ["one", "several", "a section within", "a line within"])
def test_what_stands_alone_gets_the_mean_of_its_neighbours(example: Example, make: Make, trap: str, filling: float) -> None:
    rng = np.random.default_rng(0)
    where = {
        "one": np.s_[52, 31, 47],
        "several": tuple(rng.integers(2, 60, (3, 50))),
        "a section within": np.s_[52],
        "a line within": np.s_[52, 31],
    }[trap]
    density = read_map(make(values=outside(example.values, where, filling)))
    kept = ~outside(np.zeros(example.values.shape, bool), where, True)
    np.testing.assert_array_equal(density.values[kept], example.values[kept])
    assert np.abs(density.values[where] - example.values[where]).mean() < 0.4
    assert "mean of their neighbours" in density.notes[0]


def test_both_are_said(example: Example, make: Make) -> None:
    density = read_map(make(values=outside(outside(example.values, np.s_[:10]), np.s_[52, 31, 47])))
    assert len(density.notes) == 2


def test_damaged_values_are_refused(example: Example, make: Make) -> None:
    rng = np.random.default_rng(1)
    values = outside(example.values, rng.random(example.values.shape) < 0.02)
    with pytest.raises(FileFormatError, match=r"scattered in the density, the first at x, y, z .* the file is damaged"):
        read_map(path := make(values=values))
    assert any(finding.severity == "error" for finding in examine(path))
    with pytest.raises(FileFormatError, match="got none"):
        read_map(make(values=example.values * np.nan))
