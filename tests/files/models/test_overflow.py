"""Numbers of atoms and residues that are too long for their columns, as programs write them."""

import numpy as np
import pytest

from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save


def loose(line: str, serial: str, residue: str) -> str:
    """A record as a format string without care writes it: what is too long shifts the rest."""
    return f"{line[:6]}{serial:>5s} {line[12:22]}{residue:>4s}{line[26:]}"


@pytest.mark.parametrize("first", [99_990, 999_990, 1_000_000])
@pytest.mark.parametrize("record", ["ATOM  ", "HETATM"])
def test_numbers_of_atoms_that_shift_the_rest(
    atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, first: int, record: str
) -> None:
    model = read_model(save([loose(record + line[6:], str(first + n), line[22:26]) for n, line in enumerate(atoms)]))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert (model.residue_count, model.chains) == (9, ("C",))
    assert any("too long for their columns" in note for note in model.notes)
    round_trip(model)


@pytest.mark.parametrize("first", [9_995, 10_000, 99_000])
@pytest.mark.parametrize("shifts", [False, True])
def test_residue_numbers_from_10000(
    atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, first: int, shifts: bool
) -> None:
    """In place of the insertion code, or shifting all behind it."""
    lines = [f"{line[:22]}{first + int(line[22:26]):>4d}{line[26 if shifts else 27 :]}" for line in atoms]
    lines = [line if shifts or len(line) > 79 else line[:26] + " " + line[26:] for line in lines]
    model = read_model(save(lines))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    np.testing.assert_array_equal(np.unique(model.residue_numbers), first + np.arange(1, 10))
    assert any("from 10000 up" in note for note in model.notes)
    round_trip(model)


def test_both_with_displacements(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip) -> None:
    lines = []
    for n, line in enumerate(atoms):
        anisou = f"ANISOU{line[6:28]}{1000 + n:7d}{2000:7d}{3000:7d}{0:7d}{0:7d}{0:7d}  {line[72:]}"
        lines += [loose(one, str(99_990 + n), str(10_000 + int(line[22:26]))) for one in (line, anisou)]
    model = read_model(save(lines))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert model.structure is not None
    tensors = [atom.aniso.elements_pdb()[0] for chain in model.structure[0] for residue in chain for atom in residue]
    np.testing.assert_allclose(tensors, 0.1 + 1e-4 * np.arange(len(atoms)), atol=1e-6)
    round_trip(model)


def test_hexadecimal_stars_and_hybrid_numbers_shift_nothing(atoms: list[str], places: np.ndarray, save: Save) -> None:
    for serials in (
        ["186a0"] * 77,
        ["*****"] * 77,
        ["A0000"] * 77,
        ["     "] * 77,
        ["    0"] * 77,
        [f"{n:5d}" for n in range(99_923, 100_000)],
    ):
        model = read_model(save([line[:6] + serial + line[11:] for line, serial in zip(atoms, serials, strict=True)]))
        np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
        assert model.notes == ()
