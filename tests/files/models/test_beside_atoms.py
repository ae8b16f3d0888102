"""Records beside those of atoms, words that look like them, and atoms that are given twice: nothing is lost without a word."""

import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save, moved, single


def displacement(line: str) -> str:
    return f"ANISOU{line[6:28]}{1000:7d}{2000:7d}{3000:7d}{0:7d}{0:7d}{0:7d}  {line[72:]}"


def placed(atoms: list[str], way: str) -> list[str]:
    return {
        "at the end": [*atoms, *map(displacement, atoms)],
        "twice": [one for line in atoms for one in (line, displacement(line), displacement(line))],
        "before": [one for line in atoms for one in (displacement(line), line)],
        "behind TER": [*atoms, "TER", displacement(atoms[-1])],
        "first": [displacement(atoms[0]), *atoms],
    }[way]


@pytest.mark.parametrize("way", ["at the end", "twice", "before", "behind TER", "first"])
def test_displacements_that_follow_no_atom(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, way: str) -> None:
    model = read_model(save(placed(atoms, way)))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert any("displacements that follow no atom" in note for note in model.notes) == (way != "at the end" or len(atoms) > 1)
    round_trip(model)


@pytest.mark.parametrize(
    "words",
    [
        ["ENDROOT", "ENDBRANCH   1   2"],
        ["ATOMPAIR CA 1 CA 2", "ATOMS 77"],
        ["# All scores below are weighted scores", "#BEGIN_POSE_ENERGIES_TABLE a.pdb", "label fa_atr total", "LEU_1 -1.0 -2.0"],
        ["DBREF"],
        ["REMARK 290       3555   -X,Y,Z", "CRYST1  abc", "SSBOND 1", "HELIX", "MTRIX1", "MODRES", "CISPEP"],
        ["HETNAM", "CONECT", "MASTER", "JRNL"],
    ],
)
@pytest.mark.parametrize("where", [0, 40, 77])
def test_words_between_atoms_cost_none_of_them(atoms: list[str], places: np.ndarray, save: Save, words: list[str], where: int) -> None:
    model = read_model(save([*atoms[:where], *words, *atoms[where:]]))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert model.chains == ("C",)


@pytest.mark.parametrize("end", ["END", "END   ", "END                                                             1ABC 200", "end"])
def test_an_end_parts_files_whatever_follows_in_its_line(atoms: list[str], save: Save, end: str) -> None:
    model = read_model(save([*atoms, end, *moved(atoms, (60, 0, 0), "K"), end]))
    assert (len(model), model.models) == (154, "all")


@pytest.mark.parametrize("way", ["one by one", "at the end", "under another chain", "in one more model"])
def test_atoms_given_twice_count_once(atoms: list[str], places: np.ndarray, save: Save, way: str) -> None:
    lines = {
        "one by one": [one for line in atoms for one in (line, line)],
        "at the end": [*atoms, *atoms],
        "under another chain": [*atoms, *(line[:21] + "K" + line[22:] for line in atoms)],
        "in one more model": ["MODEL        1", *atoms, "ENDMDL", "MODEL        2", *atoms, "ENDMDL"],
    }[way]
    model = read_model(save(lines), "all")
    assert len(model) == 154
    np.testing.assert_allclose(np.sort(model.fit_coordinates, axis=0), np.sort(places, axis=0), atol=1e-3)
    assert any("77 atoms stand a second time" in note for note in model.notes)


def test_atoms_of_one_name_in_different_places_all_count(atoms: list[str], save: Save) -> None:
    """Docking programs call every atom of a ligand by its element."""
    ligand = [single("C", "UNL", 1, np.array([n, 0.5, 0.0]), "C", "L") for n in range(6)]
    assert len(read_model(save([*atoms, *ligand])).fit_coordinates) == 83


def test_residues_of_two_kinds_that_stand_atom_by_atom(atoms: list[str], save: Save, round_trip: RoundTrip) -> None:
    lines = []
    for line in atoms:
        other = moved([line], (0.7, 0, 0))[0]
        lines += [line[:16] + "A" + line[17:54] + "  0.60" + line[60:], other[:16] + "BSER" + other[20:54] + "  0.40" + other[60:]]
    model = read_model(save(lines))
    assert (len(model), len(model.fit_coordinates)) == (154, 77)
    round_trip(model)


def test_beads_of_a_coarse_grained_model_are_doubted(atoms: list[str], save: Save) -> None:
    beads = [single(name, "LEU", n, np.array([3.8 * n, j, 0.0]), chain="A") for n in range(1, 30) for j, name in enumerate(("BB", "SC1"))]
    model = read_model(save(beads))
    assert any("coarse-grained" in doubt for doubt in model.doubts)


def test_water_without_a_place_as_the_last_residue(atoms: list[str], places: np.ndarray, save: Save) -> None:
    text = "\n".join(
        ["data_x", "loop_", *(f"_atom_site.{name}" for name in ("id", "type_symbol", "auth_atom_id", "auth_comp_id", "auth_asym_id")),
         "_atom_site.auth_seq_id", "_atom_site.Cartn_x", "_atom_site.Cartn_y", "_atom_site.Cartn_z",
         *(f"{n} {line[76:78]} {line[12:16]} {line[17:20]} C {line[22:26]} {line[30:54]}" for n, line in enumerate(atoms)),
         "900 O O HOH W 1 ? ? ?", ""]
    )  # fmt: skip
    model = read_model(save(text.encode(), "wet.cif"))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert any("no numbers" in note for note in model.notes)


@pytest.mark.parametrize("blanks", [1, 4, 8])
def test_records_behind_blanks(atoms: list[str], places: np.ndarray, save: Save, blanks: int) -> None:
    model = read_model(save([" " * blanks + line for line in ["MODEL        1", *atoms, "ENDMDL"]]))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    assert any("77 records of atoms begin behind blanks" in note or "79 records" in note for note in model.notes)


@pytest.mark.parametrize("sign", ["#", "!", "> ", "//"])
def test_atoms_behind_signs_are_told(atoms: list[str], save: Save, sign: str) -> None:
    model = read_model(save([*atoms[:70], *(sign + line for line in atoms[70:])]))
    assert len(model) == 70
    assert any("7 lines look like atoms" in note for note in model.notes)


@pytest.mark.parametrize("junk", [b"\x0c", b"\x0b", b"\r\x0c\n"])
def test_feeds_of_printers_cost_no_atom(atoms: list[str], places: np.ndarray, save: Save, junk: bytes) -> None:
    model = read_model(save(junk + "\n".join(atoms[:40]).encode() + b"\n" + junk + "\n".join(atoms[40:]).encode() + b"\n\0\0\x1a"))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)


@pytest.mark.parametrize("keep", [20, 35, 47, 53])
def test_a_file_cut_within_coordinates_is_refused(atoms: list[str], save: Save, keep: int) -> None:
    with pytest.raises(FileFormatError, match=r"the last line \(31\) ends within the coordinates of an atom; the file was cut short"):
        read_model(save("\n".join([*atoms[:30], atoms[30][:keep]]).encode()))


def test_forms_of_amino_acids_in_four_columns(atoms: list[str], save: Save, round_trip: RoundTrip) -> None:
    """HISE D is a residue of chain D, where no other residue has a chain whose name begins with E."""
    renamed = [line[:17] + {"GLY": "LYSH", "THR": "HISE"}.get(line[17:20], line[17:20] + " ") + line[21:] for line in atoms]
    assert any("LYSH" in line for line in renamed)
    model = read_model(save(renamed))
    assert model.chains == ("C",)
    assert {"LYSH"} <= set(model.residue_names.tolist())
    round_trip(model)
    two = read_model(save([line[:20] + "EC" + line[22:] for line in atoms], "two.pdb"))
    assert two.chains == ("EC",)
