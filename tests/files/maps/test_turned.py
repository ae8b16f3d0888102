"""Grids that are turned: Chimera's label, and CCP4's skew transformation."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

from difffit_core.conventions import position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.doctor import examine
from difffit_core.io.maps import read_map

from .conftest import Example, Make, Words

TURNS = {
    "none": (1.0, 0.0, 0.0, 0.0),
    "a quarter about z": (0.0, 0.0, 1.0, 90.0),
    "half about x": (1.0, 0.0, 0.0, 180.0),
    "oblique": (0.6, -0.48, 0.64, 37.0),
    "axis not of unit length": (2.0, 1.0, -1.0, -110.0),
}


def matrix_of(turn: tuple[float, ...]) -> np.ndarray:
    axis = np.array(turn[:3])
    return Rotation.from_rotvec(np.radians(turn[3]) * axis / np.linalg.norm(axis)).as_matrix()


def assert_moved(density: DensityMap, truth: DensityMap, rotation: np.ndarray, shift: np.ndarray, least: float = 0.9) -> None:
    """What the true map has at x, the other has at rotation · x + shift."""
    strong = np.argwhere(truth.values[2:-2, 2:-2, 2:-2] > 0.4)[::7] + 2
    there = truth.positions(strong) @ rotation.T + shift
    index = reverse_axes(position_to_index(there, density.voxel_size, density.origin)).T
    found = map_coordinates(density.values, index, order=3, cval=-1)
    assert np.corrcoef(found, truth.values[tuple(strong.T)])[0, 1] > least


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", TURNS)
def test_rotation_kept_in_a_label(example: Example, make: Make, name: str, order: str) -> None:
    """Chimera turns the grid about its first voxel."""
    path = make({56: 1}, order=order, label="Chimera rotation: {:12.8f} {:12.8f} {:12.8f} {:12.8f}".format(*TURNS[name]))
    density, rotation = read_map(path), matrix_of(TURNS[name])
    first = example.density.origin
    assert_moved(density, example.density, rotation, first - rotation @ first)
    assert any("label of Chimera" in note for note in density.notes) == (name != "none")
    assert any(finding.topic == "rotation" for finding in examine(path)) == (name != "none")


@pytest.mark.parametrize(
    "label",
    [
        "Chimera rotation: ",
        "Chimera rotation: 1 0 x 30",
        "Chimera rotation: 0 0 0 30",
        "Chimera rotation: 1 0 0",
        "Chimera rotation: nan 0 1 20",
    ],
)
def test_label_that_names_no_rotation(example: Example, make: Make, label: str) -> None:
    density = read_map(make(label=label))
    np.testing.assert_array_equal(density.values, example.values)
    assert "no rotation" in density.notes[0]


def skew_words(rotation: np.ndarray, shift: np.ndarray, flag: int = 1) -> Words:
    """x(map) = rotation · (x(atoms) - shift)."""
    numbers = [*rotation.ravel().tolist(), *shift.tolist()]
    return {25: flag} | {26 + i: float(number) for i, number in enumerate(numbers)}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("shift", [(0.0, 0.0, 0.0), (-61.62, -4.4, -45.93), (310.0, 20.0, -5.5)])
@pytest.mark.parametrize("name", TURNS)
def test_skew_transformation(example: Example, make: Make, name: str, shift: tuple[float, ...], order: str) -> None:
    rotation, move = matrix_of(TURNS[name]), np.array(shift)
    path = make(skew_words(rotation, move), order=order)
    density = read_map(path)
    assert_moved(density, example.density, rotation.T, move)
    moves = name != "none" or move.any()
    assert any("skew transformation" in note for note in density.notes) == bool(moves)
    assert any(finding.topic == "skew" for finding in examine(path)) == bool(moves)


def test_skew_words_that_hold_something_else(example: Example, make: Make) -> None:
    """MRC2014 has other words there."""
    traps: list[Words] = [
        {25: 1},
        {25: 1, 27: int.from_bytes(b"FEI1", "little"), 28: 20140},
        skew_words(2 * np.eye(3), np.ones(3)),
        skew_words(np.diag([1.0, 1.0, -1.0]), np.ones(3)),
        skew_words(np.eye(3), np.array([1e20, 0, 0])),
        skew_words(np.eye(3), np.ones(3), flag=0),
        {25: 1} | {word: float("nan") for word in range(26, 38)},
    ]
    for words in traps:
        density = read_map(make(words))
        np.testing.assert_array_equal(density.values, example.values)
        np.testing.assert_allclose(density.origin, example.density.origin)
