"""Header words that are missing, mean something else, or cannot be: position, axes, cell, byte order, extended header."""

import gzip

import numpy as np
import pytest

from difffit_core.doctor import examine
from difffit_core.errors import FileFormatError
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_header, read_map

from .conftest import Example, Make, Words, assert_same_place

NOWHERE: Words = {50: 0.0, 51: 0.0, 52: 0.0}
START: Words = {5: -44, 6: -3, 7: -33}
SPACES = int.from_bytes(b"    ", "little")

OLD: dict[str, Words] = {
    "tilt angles where the origin would be": {50: 90.0, 51: 0.0, 52: 45.0},
    "wavelengths of IMOD": {50: 0x02000001, 51: 0x02580208, 52: 0},
    "an origin in the words behind": {50: 0.0, 51: 0.0, 52: 0.0, 53: 30.0, 54: 47.0},
    "blanks": {50: SPACES, 51: SPACES, 52: SPACES, 53: SPACES, 54: SPACES},
    "no numbers": {50: float("nan"), 51: float("inf"), 52: 1e30},
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("trap", OLD)
def test_without_the_word_map_the_position_is_in_nstart(example: Example, make: Make, trap: str, order: str) -> None:
    path = make({53: 0, 54: 0} | START | OLD[trap], example.values, order=order)
    density = read_map(path)
    assert_same_place(density, example.density, within=0.5)
    np.testing.assert_array_equal(density.values, example.values)
    assert "word MAP is missing" in density.notes[0]
    assert density.notes[0] in [finding.sentence for finding in examine(path) if finding.severity == "warning"]
    assert "before 2000" in dict(describe_file(path))["mode"]


def test_an_origin_beside_a_machine_stamp_counts_without_the_word_unless_nstart_speaks_against_it(example: Example, make: Make) -> None:
    assert_same_place(read_map(make({53: 0})), example.density)
    assert_same_place(read_map(make({53: 0} | START)), example.density)
    density = read_map(make({53: 0, 50: 90.0, 51: 0.0, 52: 45.0} | START))
    assert_same_place(density, example.density, within=0.5)
    assert "took nstart" in density.notes[0]


@pytest.mark.parametrize("start", [-(2**31), 2**31 - 1, -99999, 1_000_000, SPACES, -842150451])
@pytest.mark.parametrize("words", [1, 3])
def test_nstart_far_outside_is_a_placeholder(example: Example, make: Make, start: int, words: int) -> None:
    placeholders: Words = {5 + i: start for i in range(words)}
    with_origin = read_map(make(placeholders))
    assert_same_place(with_origin, example.density)
    path = make(placeholders | NOWHERE)
    density = read_map(path)
    np.testing.assert_array_equal(density.origin, 0)
    assert any("cannot be a position" in note for note in density.notes)
    assert any(finding.topic == "nstart" for finding in examine(path))


@pytest.mark.parametrize(
    "trap",
    [{50: 1e30, 51: 0.0, 52: 0.0}, {50: float("nan"), 51: -4.4, 52: -45.9}, {50: -999999.0, 51: 0.0, 52: 0.0}, {50: 94, 51: 63, 52: 104}],
)
def test_origin_that_cannot_be(example: Example, make: Make, trap: Words) -> None:
    """Too far, no number, or whole numbers where floats should be (which read as next to 0): nstart has the position."""
    assert_same_place(read_map(make(trap | START)), example.density, within=0.5)


@pytest.mark.parametrize(
    "axes", [(0, 0, 0), (1, 1, 3), (1, 2, 0), (-1, 2, 3), (2, 3, 4), (SPACES, SPACES, SPACES), (65536, 131072, 196608)]
)
def test_impossible_axes_are_x_y_z(example: Example, make: Make, axes: tuple[int, int, int]) -> None:
    density = read_map(make(dict(zip((17, 18, 19), axes, strict=True))))
    assert_same_place(density, example.density)
    np.testing.assert_array_equal(density.values, example.values)
    assert "took columns, rows, sections as x, y, z" in density.notes[0]


RIGHT_CELL: dict[str, Words] = {
    "no sampling": {8: 0, 9: 0, 10: 0},
    "a part of the sampling": {8: 94, 9: 0, 10: 104},
    "negative sampling": {8: -94, 9: -63, 10: -104},
    "negative cell": {11: -131.6, 12: -88.2, 13: -145.6},
    "one length missing": {12: 0.0},
    "one length no number": {13: float("nan")},
    "voxel as the cell of one": {8: 1, 9: 1, 10: 1, 11: 1.4, 12: 1.4, 13: 1.4},
    "voxel as the cell of one, no space group": {8: 1, 9: 1, 10: 1, 11: 1.4, 12: 1.4, 13: 1.4, 23: 0},
    "no angles": {14: 0.0, 15: 0.0, 16: 0.0},
    "angles of 1": {14: 1.0, 15: 1.0, 16: 1.0},
    "angles in radians": {14: 1.5708, 15: 1.5708, 16: 1.5708},
    "angles that close nothing": {14: 30.0, 15: 30.0, 16: 150.0},
    "angles beyond": {14: 400.0, 15: -90.0, 16: float("inf")},
}


@pytest.mark.parametrize("trap", RIGHT_CELL)
def test_cell_words_that_can_be_mended(example: Example, make: Make, trap: str) -> None:
    path = make(RIGHT_CELL[trap])
    density = read_map(path)
    assert_same_place(density, example.density)
    assert bool(density.notes) == ("voxel as" not in trap)
    assert {*density.notes} <= {finding.sentence for finding in examine(path)}


@pytest.mark.parametrize("cell", [(0.0, 0.0, 0.0), (float("nan"),) * 3, (float("inf"), 0.0, -1.0)])
def test_no_cell_is_one_angstrom(make: Make, cell: tuple[float, ...]) -> None:
    density = read_map(make(dict(zip((11, 12, 13), cell, strict=True))))
    np.testing.assert_array_equal(density.voxel_size, 1)
    assert "1 Å" in density.notes[0]


SYMMETRY = b"".join(text.ljust(80) for text in (b"X,Y,Z", b"-X,Y+1/2,-Z", b"X+1/2,Y,Z", b"-X,-Y,Z"))

EXTENDED = {
    "promised, not there": ({24: 80}, b""),
    "much promised, not there": ({24: 131072}, b""),
    "absurdly much promised": ({24: 2**31 - 1}, b""),
    "negative": ({24: -1}, b""),
    "more promised than there": ({24: 800}, SYMMETRY),
    "less promised than there": ({24: 80}, SYMMETRY),
    "none promised": ({24: 0}, SYMMETRY),
    "negative, there": ({24: -80}, SYMMETRY),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("trap", EXTENDED)
def test_extended_header_of_another_length(example: Example, make: Make, trap: str, order: str, packed: bool) -> None:
    words, before = EXTENDED[trap]
    path = make(words, order=order, before=before)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes(), 1))
    if packed and trap == "none promised":  # not looked for: it would cost the unpacking of every map
        return
    density = read_map(path)
    np.testing.assert_array_equal(density.values, example.values)
    assert "of extended header" in density.notes[0]
    assert any(finding.topic == "extended header" for finding in examine(path))


BINARY = {
    "less promised than there": (512, np.arange(1, 3001, dtype="<i4").tobytes()),
    "none promised": (0, np.arange(1, 3001, dtype="<i4").tobytes()),
    "text of another kind": (0, b"Some words of a program about what it did. " * 60),
    "random": (64, np.random.default_rng(0).bytes(4000)),
    "more promised than there": (9000, np.arange(1, 1001, dtype="<i4").tobytes()),
}


@pytest.mark.parametrize("kind", ["f2", "f4"])
@pytest.mark.parametrize("trap", BINARY)
def test_binary_extended_header_of_another_length(example: Example, make: Make, trap: str, kind: str) -> None:
    """Told from the values by its numbers."""
    promised, before = BINARY[trap]
    path = make({24: promised, 4: 2 if kind == "f4" else 12}, example.values.astype(kind), before=before)
    if kind == "f2" and trap != "random" and promised < len(before):
        return  # small whole numbers are values like others in two bytes
    density = read_map(path)
    np.testing.assert_array_equal(density.values, example.values)
    assert "of extended header" in density.notes[0]


@pytest.mark.parametrize(
    "behind", [b"\0" * 4096, np.random.default_rng(0).bytes(4000), np.arange(1, 1001, dtype="<i4").tobytes(), SYMMETRY]
)
def test_what_follows_the_values_is_left_out(example: Example, make: Make, behind: bytes) -> None:
    for promised in (0, 320):
        density = read_map(make({24: promised}, before=SYMMETRY[:promised], behind=behind))
        np.testing.assert_array_equal(density.values, example.values)
        assert "more than its header explains" in density.notes[0]


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bits_of_the_other_sign(example: Example, make: Make, order: str) -> None:
    low, high = example.values.min(), example.values.max()
    scaled = ((example.values - low) / (high - low) * 60000).round()
    unsigned = read_map(make({4: 1, 20: 0.0, 21: 60000.0}, scaled.astype("u2"), order=order))
    np.testing.assert_array_equal(unsigned.values, scaled)
    signed = read_map(make({4: 6, 20: -30000.0, 21: 30000.0}, (scaled - 30000).astype("i2"), order=order))
    np.testing.assert_array_equal(signed.values, scaled - 30000)
    assert "a sign here" in unsigned.notes[0] + signed.notes[0]


def test_right_extended_header_needs_no_word(example: Example, make: Make) -> None:
    for before in (SYMMETRY, bytes(range(256)) * 40):
        density = read_map(make({24: len(before)}, before=before))
        np.testing.assert_array_equal(density.values, example.values)
        assert density.notes == ()


def test_truncated_file_with_an_extended_header_is_refused(make: Make) -> None:
    """It looks like one whose extended header is shorter, and every value would be shifted."""
    path = make({24: 131072}, before=bytes(range(256)) * 512)
    path.write_bytes(path.read_bytes()[:-8000])
    with pytest.raises(FileFormatError, match="truncated"):
        read_map(path)


def test_bytes_behind_the_values_are_said(example: Example, make: Make) -> None:
    density = read_map(make(behind=b"\0" * 1000))
    np.testing.assert_array_equal(density.values, example.values)
    assert "1000 bytes more" in density.notes[0]


@pytest.mark.parametrize("stamp", [0, 0x4444, 0x1111])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["u1", "i2", "u2", "f2", "f4"])
def test_every_mode_and_byte_order_whatever_the_stamp_says(example: Example, make: Make, kind: str, order: str, stamp: int) -> None:
    """Sizes that are multiples of 256 make sense in both orders in mode 0."""
    mode = {"u1": 0, "i2": 1, "f4": 2, "u2": 6, "f2": 12}[kind]
    scaled = example.bytes_of() // (2 if kind == "u1" else 1)
    values = np.resize(scaled, (4, 256, 512)).astype(kind)
    sizes: Words = {1: 512, 2: 256, 3: 4, 8: 512, 9: 256, 10: 4, 11: 716.8, 12: 358.4, 13: 5.6}
    path = make({4: mode} | sizes, values, order=order)
    raw = bytearray(path.read_bytes())
    raw[212:216] = stamp.to_bytes(4, "little")
    path.write_bytes(raw)
    np.testing.assert_array_equal(read_map(path).values, values.astype(np.float32))
    assert read_header(path).byte_order == order


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("mode", "words"), [(3, "Fourier transform"), (4, "Fourier transform"), (16, "colour picture"), (7, "got 7"), (99, "got 99")]
)
def test_modes_that_hold_no_map_are_refused_in_a_sentence(make: Make, mode: int, words: str, order: str) -> None:
    path = make({4: mode}, order=order)
    with pytest.raises(FileFormatError, match=f"mode must be one of .*{words}"):
        read_map(path)
    assert words in dict(describe_file(path))["cannot be used"]
