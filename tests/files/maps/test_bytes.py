"""Bytes, signed or not: IMOD's flag, statistics that are right, copied or undetermined, and what the values themselves show."""

import numpy as np
import pytest

from difffit_core.doctor import examine
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_map

from .conftest import Example, Make, Words, assert_same_density, assert_same_place

IMOD = 1146047817
UNDETERMINED: Words = {20: 0.0, 21: -1.0, 22: -2.0, 55: -1.0}

UNSIGNED: dict[str, Words] = {
    "undetermined": UNDETERMINED,
    "imod flag": {20: 0.0, 21: 0.0, 22: 0.0, 39: IMOD, 40: 0},
    "imod flag beside others": {20: 0.0, 21: 255.0, 39: IMOD, 40: 0b10110},
    "extremes": {20: 0.0, 21: 255.0, 22: 65.0},
    "nothing": {20: 0.0, 21: 0.0, 22: 0.0, 55: 0.0},
    "statistics of the floats it was made from": {20: -0.64, 21: 1.97, 22: 0.03},
    "statistics of signed bytes": {20: -128.0, 21: 127.0, 22: -62.0},
    "imod flag of a file it was copied from": {39: IMOD, 40: 1},
    "old, without the word": {53: 0, 54: 0, 20: 0.0, 21: 0.0, 5: -44, 6: -3, 7: -33},
    "not numbers": {20: float("nan"), 21: float("nan"), 22: float("nan")},
}
SIGNED: dict[str, Words] = {
    "undetermined": UNDETERMINED,
    "imod flag": {20: 0.0, 21: 0.0, 39: IMOD, 40: 1},
    "extremes": {20: -128.0, 21: 127.0, 22: -62.0},
    "nothing": {20: 0.0, 21: 0.0, 22: 0.0, 55: 0.0},
    "extremes of unsigned bytes": {20: 0.0, 21: 255.0},
    "imod flag of a file it was copied from": {20: 0.0, 21: 0.0, 39: IMOD, 40: 0},
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("trap", UNSIGNED)
def test_unsigned_bytes(example: Example, make: Make, trap: str, order: str) -> None:
    density = read_map(path := make({4: 0} | UNSIGNED[trap], example.bytes_of(), order=order))
    assert density.values.min() >= 0
    assert_same_density(density, example.density)
    assert_same_place(density, example.density, within=0.5)
    said = [note for note in density.notes if "unsigned" in note]
    assert len(said) == 1
    assert said[0] in [value for label, value in describe_file(path) if label == "note"]
    assert said[0] in [finding.sentence for finding in examine(path)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("trap", SIGNED)
def test_signed_bytes(example: Example, make: Make, trap: str, order: str) -> None:
    density = read_map(make({4: 0} | SIGNED[trap], example.bytes_of(signed=True), order=order))
    assert density.values.min() == -128
    assert_same_density(density, example.density)
    assert ("but the density is whole only" in " ".join(density.notes)) == ("of" in trap.split())


@pytest.mark.parametrize("mode", [0, 5])
def test_a_mask_of_zero_and_255_is_no_negative_density(example: Example, make: Make, mode: int) -> None:
    mask = np.where(example.values > 0.5, 255, 0).astype(np.uint8)
    density = read_map(make({4: mode} | UNDETERMINED, mask))
    assert set(np.unique(density.values)) == {0, 255}


@pytest.mark.parametrize("level", [0.0, 0.25, 0.6])
def test_bytes_behind_a_mask(example: Example, make: Make, level: float) -> None:
    """Zero outside, and the edge of the mask is steep."""
    masked = np.where(example.values > level, example.bytes_of(), 0)
    density = read_map(make({4: 0} | UNDETERMINED, masked))
    np.testing.assert_array_equal(density.values, masked)


def test_bytes_that_show_nothing_are_read_as_the_format_has_them_and_that_is_said(make: Make) -> None:
    values = np.zeros((104, 63, 94), np.uint8)
    values[40:60, 20:40, 30:60] = 3
    values[45, 25, 35] = 200
    density = read_map(make({4: 0} | UNDETERMINED, values))
    assert density.values.min() == -56
    assert "Nothing tells" in density.notes[0]


def test_few_bits(example: Example, make: Make) -> None:
    """Mode 101: the first of two values in the lower half of a byte, and each row begins a byte."""
    four = example.bytes_of() // 16
    odd = four[..., :93]
    for values in (four, odd):
        width = values.shape[-1]
        padded = np.pad(values, ((0, 0), (0, 0), (0, width % 2)))
        packed = padded[..., 0::2] | (padded[..., 1::2] << 4)
        density = read_map(make({1: width, 8: width, 11: 1.4 * width, 4: 101}, packed.astype(np.uint8)))
        np.testing.assert_array_equal(density.values, values)
