"""Elements, from their column or else from names."""

import numpy as np
import pytest

from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save, moved, single


@pytest.mark.parametrize(
    "way", ["no element column", "names from column 13", "names from column 13, no element column", "all CA calcium", "capitals wrong"]
)
def test_atoms_of_a_protein_are_what_its_residues_say(atoms: list[str], save: Save, round_trip: RoundTrip, way: str) -> None:
    right = read_model(save(atoms, "right.pdb"))
    lines = atoms
    if "no element" in way:
        lines = [line[:66] for line in lines]
    if "column 13" in way:
        lines = [line[:12] + line[12:16].strip().ljust(4) + line[16:] for line in lines]
    if way == "all CA calcium":
        lines = [line[:76] + "CA" + line[78:] if line[12:16].strip() == "CA" else line for line in lines]
    if way == "capitals wrong":
        lines = [line[:76] + line[76:78].lower() + line[78:] for line in lines]
    model = read_model(save(lines))
    np.testing.assert_array_equal(model.atomic_numbers, right.atomic_numbers)
    np.testing.assert_array_equal(model.in_fit, right.in_fit)
    if way == "all CA calcium":
        assert any("elements that cannot be" in note for note in model.notes)
    round_trip(model)


@pytest.mark.parametrize("name", ["HA", "1HB", "HB1", "H", "HD21", "2HG1", "HH11", "D"])
def test_hydrogens_are_known_by_their_names(atoms: list[str], save: Save, name: str) -> None:
    line = atoms[0][:12] + (f" {name:<3s}" if len(name) < 4 else name) + atoms[0][16:66]
    model = read_model(save([*atoms, line]))
    (place,) = np.flatnonzero(model.atom_names == name)
    assert model.atomic_numbers[place] == 1
    assert not model.in_fit[place]


@pytest.mark.parametrize(
    ("residue", "name", "number"), [("CA", "CA", 20), ("ZN", "ZN", 30), ("HEM", "FE", 26), ("MSE", "SE", 34), ("CLA", "CLA", 17)]
)
def test_metals_stay_metals(atoms: list[str], save: Save, residue: str, name: str, number: int) -> None:
    model = read_model(save([*atoms, single(name, residue, 1, np.full(3, 90.0))]))
    assert model.atomic_numbers[-1] == number


def test_a_composition_that_cannot_be_is_a_warning(atoms: list[str], save: Save) -> None:
    carbons = [line for line in atoms if line[12:16].strip() == "CA"]
    many = [*carbons, *moved(carbons, (9, 0, 0)), *moved(carbons, (0, 9, 0))]
    made = [f"{line[:12]}CX   LIG {line[21]}{number:4d}{line[26:54]:50s}XE" for number, line in enumerate(many, start=1)]
    model = read_model(save(made))
    assert any("cannot be right" in note for note in model.doubts)
    assert set(model.doubts) <= set(model.notes)
    assert not read_model(save(atoms, "plain.pdb")).doubts
