"""Coordinates that are none, columns that are missing, and names that are hard to write."""

from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save, single

NUMBERED = """data_x
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.auth_asym_id
_atom_site.auth_seq_id
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
ATOM 1 C CA ALA A A {number} 1 2 3
"""


@pytest.mark.parametrize(
    "text", ["*" * 24, " " * 24, f"{'nan':>8s}" * 3, f"{'inf':>8s}" * 3, "   1.0.0" * 3, "9999.0009999.0009999.000", "  abc   " * 3]
)
def test_coordinates_that_are_no_numbers_name_their_line(atoms: list[str], save: Save, text: str) -> None:
    lines = [line[:30] + text + line[54:] if number == 4 else line for number, line in enumerate(atoms)]
    with pytest.raises(FileFormatError, match=r"line 5|atom .* of the file"):
        read_model(save(lines))


def test_waters_without_a_place_are_left_out_and_told(atoms: list[str], places: np.ndarray, save: Save) -> None:
    water = single("O", "HOH", 1, np.zeros(3), "O")
    model = read_model(save([*atoms, water[:30] + "*" * 24 + water[54:]]))
    np.testing.assert_allclose(model.fit_coordinates, places, atol=1e-3)
    assert any("no numbers" in note for note in model.notes)


def test_tabs_between_columns_are_refused_with_the_line(atoms: list[str], save: Save) -> None:
    with pytest.raises(FileFormatError, match="tabs between them in line 1"):
        read_model(save(["\t".join(line.split()) for line in atoms]))


@pytest.mark.parametrize("columns", [54, 60, 66, 72, 76])
def test_records_cut_short(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, columns: int) -> None:
    model = read_model(save([line[:columns] for line in atoms]))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert model.in_fit.all()
    round_trip(model)


def site(atoms: list[str], leave_out: tuple[str, ...]) -> bytes:
    """An mmCIF file of these atoms without some columns."""
    structure = gemmi.read_pdb_string("\n".join(atoms))
    structure.setup_entities()
    block = structure.make_mmcif_document().sole_block()
    table = block.get_mmcif_category("_atom_site.")
    block.find_mmcif_category("_atom_site.").erase()
    block.set_mmcif_category("_atom_site.", {name: values for name, values in table.items() if name not in leave_out})
    return block.as_string().encode()


@pytest.mark.parametrize(
    "leave_out",
    [
        ("type_symbol",),
        ("label_alt_id", "occupancy", "B_iso_or_equiv", "pdbx_formal_charge"),
        ("auth_asym_id", "auth_seq_id", "auth_comp_id", "auth_atom_id"),
        ("label_asym_id", "label_seq_id", "label_comp_id", "label_atom_id"),
        ("id", "group_PDB", "label_entity_id"),
        ("pdbx_PDB_model_num", "pdbx_PDB_ins_code"),
    ],
)
def test_mmcif_with_fewer_columns(
    atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, leave_out: tuple[str, ...]
) -> None:
    model = read_model(save(site(atoms, leave_out), "few.cif"))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert model.residue_count == 9
    round_trip(model)


@pytest.mark.parametrize(
    "name", ["A;system rm", "a chain", "'quoted'", 'say "A"', "_tag", "#5", "data_x", "loop_", "long" * 20, "Ä", "$x", "[y]", "?z"]
)
def test_chain_names_that_are_hard_to_write(atoms: list[str], save: Save, round_trip: RoundTrip, name: str) -> None:
    structure = gemmi.read_pdb_string("\n".join(atoms))
    structure.setup_entities()
    block = structure.make_mmcif_document().sole_block()
    table = block.get_mmcif_category("_atom_site.")
    for column in ("auth_asym_id", "label_asym_id"):
        table[column] = [name] * len(atoms)
    block.set_mmcif_category("_atom_site.", table)
    model = read_model(save(block.as_string().encode(), "odd.cif"))
    assert model.chains == (name,)
    round_trip(model)


def test_numbers_of_residues_that_are_too_long_are_refused(tmp_path: Path) -> None:
    """They end up as others: 10^12 as -727379968."""
    path = tmp_path / "long.cif"
    for number, fits in ((999_999_999, True), (-999_999_999, True), (2**31, False), (10**12, False)):
        path.write_text(NUMBERED.format(number=number))
        if fits:
            assert read_model(path).residue_numbers.tolist() == [number]
        else:
            with pytest.raises(FileFormatError, match=rf"long.cif: numbers of residues must have at most 9 digits, got {number}$"):
                read_model(path)


@pytest.mark.parametrize("b_factor", ["nan", "inf", "-inf", "1e38"])
def test_b_factors_that_are_none_are_read_as_0_and_told(tmp_path: Path, b_factor: str) -> None:
    path = tmp_path / "odd.pdb"
    path.write_text(f"ATOM      1  CA  ALA A   1       1.000   2.000   3.000  1.00{b_factor:>6}           C\nEND\n")
    model = read_model(path)
    assert model.b_factors.tolist() == [0]
    assert "1 atoms have B factors that are no numbers or beyond 1e+06 Å²; they were read as 0" in model.notes
