"""What is solvent, ion, ligand or dummy, by the names that programs give them."""

import numpy as np
import pytest

from difffit_core.io.describe import describe_file
from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save, single

GRID = np.stack(np.meshgrid(*[np.arange(0, 40, 5.0)] * 3, indexing="ij"), -1).reshape(-1, 3) + 60


@pytest.mark.parametrize(
    ("residue", "atom", "element", "word"),
    [
        *((name, "OW", "O", "waters") for name in ("SOL", "WAT", "HOH", "TIP", "SPC", "T3P", "T4P", "H2O", "DOD", "TP3")),
        ("TIP3", "OH2", "O", "waters"),
        ("TIP4", "OH2", "", "waters"),
        ("SPCE", "O", "", "waters"),
        *((name, name, "", "ions") for name in ("NA", "CL", "SOD", "CLA", "POT", "K", "MG", "ZN", "CAL", "CES")),
        ("NA+", "NA+", "", "ions"),
        ("CL-", "CL-", "", "ions"),
        ("CIO", "CIO", "", "ions"),
        ("DUM", "N", "", "dummy atoms"),
        ("DUM", "O", "O", "dummy atoms"),
    ],
)
def test_surroundings_are_left_out_of_the_fit_and_told_by_name(
    atoms: list[str], save: Save, round_trip: RoundTrip, residue: str, atom: str, element: str, word: str
) -> None:
    path = save(atoms + [single(atom, residue, number, at, element) for number, at in enumerate(GRID[:300], start=1)])
    model = read_model(path)
    assert np.count_nonzero(model.in_fit) == 77
    assert len(model) == 377
    rows = dict(describe_file(path))
    assert rows[word] == f"300, not in the fit: {residue} 300"
    if residue not in ("HOH", "WAT", "DOD"):
        assert any(residue in note and "left out of the fit" in note for note in model.notes)
    round_trip(model)


@pytest.mark.parametrize("residue", ["ATP", "HEM", "NAG", "GTP", "ZMA", "LIG", "UNL"])
def test_ligands_take_part(atoms: list[str], save: Save, residue: str) -> None:
    ligand = [single(f"C{number}", residue, 1, at, "C", "L") for number, at in enumerate(GRID[:12], start=1)]
    model = read_model(save(atoms + ligand))
    assert np.count_nonzero(model.in_fit) == 77 + 12


def test_a_membrane_is_surroundings_and_a_lipid_is_a_ligand(atoms: list[str], save: Save) -> None:
    def lipids(count: int) -> list[str]:
        return [single(f"C{i}", "POPC", n, GRID[n] + [i, 0, 0], "C", "M") for n in range(1, count + 1) for i in range(1, 5)]

    assert np.count_nonzero(read_model(save(atoms + lipids(120))).in_fit) == 77
    assert np.count_nonzero(read_model(save(atoms + lipids(3))).in_fit) == 77 + 12


def test_unknown_residues_are_named(atoms: list[str], save: Save) -> None:
    model = read_model(save(atoms + [single(f"C{i}", "QZQ", 1, GRID[i], "C") for i in range(1, 8)]))
    assert np.count_nonzero(model.in_fit) == 84
    assert any("QZQ 1" in note and "not known" in note for note in model.notes)
