"""Which atoms a fit samples."""

from dataclasses import replace

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.fit.search.atoms import atoms_to_fit
from difffit_core.fit.settings import FitSettings

ALL, BACKBONE = FitSettings(), FitSettings(atoms="backbone")
RESIDUES = {
    "ALA": ["N", "CA", "C", "O", "CB", "H"],
    "ADE": ["P", "OP1", "C4'", "O4'", "N9", "N1", "C2"],
    "CYT": ["P", "OP1", "C4'", "O4'", "N1", "C2", "N4"],
    "HEM": ["FE", "NA", "N1", "C", "O"],
}


def make_model(*names: str) -> AtomicModel:
    rows = [(name, atom, index) for index, name in enumerate(names) for atom in RESIDUES[name]]
    count = len(rows)
    return AtomicModel(
        coordinates=np.arange(3.0 * count).reshape(count, 3),
        atomic_numbers=np.array([1 if atom == "H" else 6 for _, atom, _ in rows], np.int16),
        atom_names=np.array([atom for _, atom, _ in rows]),
        residue_names=np.array([name for name, _, _ in rows]),
        chain_names=np.full(count, "A"),
        residue_numbers=np.array([index for *_, index in rows], np.int32),
        residue_index=np.array([index for *_, index in rows], np.int32),
        b_factors=np.zeros(count, np.float32),
        in_fit=np.array([atom != "H" for _, atom, _ in rows]),
        name="made up",
    )


def chosen(model: AtomicModel, settings: FitSettings) -> list[str]:
    coordinates, numbers = atoms_to_fit(model, settings)
    assert len(coordinates) == len(numbers)
    return [str(model.atom_names[int(row[0]) // 3]) for row in coordinates]


def test_all_takes_what_is_in_the_fit() -> None:
    assert chosen(make_model("ALA", "HEM"), ALL) == [*RESIDUES["ALA"][:5], *RESIDUES["HEM"]]


def test_backbone_of_a_protein() -> None:
    assert chosen(make_model("ALA", "ALA"), BACKBONE) == ["N", "CA", "C", "O"] * 2


def test_backbone_of_nucleic_acids_has_the_nitrogen_that_holds_the_base() -> None:
    assert chosen(make_model("ADE", "CYT"), BACKBONE) == ["P", "C4'", "N9", "P", "C4'", "N1"]


def test_a_ligand_has_no_backbone() -> None:
    assert chosen(make_model("ALA", "HEM", "CYT"), BACKBONE) == ["N", "CA", "C", "O", "P", "C4'", "N1"]
    with pytest.raises(UserError, match="made up: atoms must be all, since no backbone atoms are there, got backbone"):
        atoms_to_fit(make_model("HEM"), BACKBONE)


def test_atoms_outside_the_fit_stay_outside() -> None:
    model = make_model("ALA")
    assert chosen(replace(model, in_fit=model.atom_names == "CA"), BACKBONE) == ["CA"]
