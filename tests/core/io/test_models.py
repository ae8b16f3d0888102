"""Reading and writing of models: what takes part in a fit, and what is kept."""

import gzip
from collections.abc import Callable
from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose

Row = tuple[str, int, str, str, str, str, float]
"""chain, residue number, insertion code, residue, atom, alternate location, occupancy"""

AMINO = ["N", "CA", "C", "O", "CB"]


def residue(chain: str, number: int, name: str, atoms: list[str], icode: str = " ", altloc: str = "\0", occupancy: float = 1) -> list[Row]:
    return [(chain, number, icode, name, atom, altloc, occupancy) for atom in atoms]


def build(rows: list[Row]) -> gemmi.Structure:
    """A structure of these atoms at seeded random places, three decimals as files hold them."""
    structure, model = gemmi.Structure(), gemmi.Model(1)
    rng = np.random.default_rng(len(rows))
    for chain_name, number, icode, name, atom_name, altloc, occupancy in rows:
        if model.find_chain(chain_name) is None:
            model.add_chain(gemmi.Chain(chain_name))
        chain = model[chain_name]
        seqid = gemmi.SeqId(number, icode)
        if len(chain) == 0 or chain[-1].seqid != seqid or chain[-1].name != name:
            added = gemmi.Residue()
            added.name, added.seqid = name, seqid
            added.het_flag = "A" if gemmi.find_tabulated_residue(name).is_standard() else "H"
            chain.add_residue(added)
        atom = gemmi.Atom()
        element = "".join(letter for letter in atom_name if letter.isalpha())
        atom.name, atom.altloc, atom.occ, atom.b_iso = atom_name, altloc, occupancy, 12.5
        atom.element = gemmi.Element(element if element in ("FE", "SE", "ZN") else element[0])
        atom.pos = gemmi.Position(*rng.uniform(-50, 50, 3).round(3))
        chain[-1].add_atom(atom)
    structure.add_model(model)
    structure.setup_entities()
    structure.cell = gemmi.UnitCell(80, 90, 100, 90, 90, 90)
    structure.spacegroup_hm = "P 21 21 21"
    return structure


Save = Callable[[str, gemmi.Structure], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(name: str, structure: gemmi.Structure) -> Path:
        pdb = ".pdb" in name.lower() or ".ent" in name.lower()
        text = (structure.make_pdb_string() if pdb else structure.make_mmcif_document().as_string()).encode()
        (tmp_path / name).write_bytes(gzip.compress(text) if name.lower().endswith(".gz") else text)
        return tmp_path / name

    return write


EVERYTHING = [
    *residue("A", 1, "ALA", AMINO),
    *residue("A", 2, "MSE", ["N", "CA", "C", "O", "CB", "SE"]),
    *residue("A", 3, "GLY", ["N", "CA", "C", "O", "H", "HA2"]),
    *residue("A", 3, "GLY", ["N", "CA", "C", "O"], icode="A"),
    *residue("B", 1, "DA", ["P", "C4'", "N9", "N1"]),
    *residue("B", 2, "U", ["P", "C4'", "N1"]),
    *residue("A", 100, "HEM", ["FE", "NA", "NB"]),
    *residue("A", 101, "SO4", ["S", "O1", "O2"]),
    *residue("A", 102, "ZN", ["ZN"]),
    *residue("A", 200, "HOH", ["O"]),
]
LEFT_OUT = {"H", "HA2", "S", "O1", "O2", "ZN"}

NAMES = ["a.pdb", "a.PDB", "a.ent", "a.cif", "a.mmcif", "a.pdb.gz", "a.Cif.gz"]


@pytest.mark.parametrize("name", NAMES)
def test_what_takes_part_in_a_fit(save: Save, name: str) -> None:
    model = read_model(save(name, build(EVERYTHING)))
    assert len(model) == len(EVERYTHING)
    out = {(r, a) for r, a, fits in zip(model.residue_names, model.atom_names, model.in_fit, strict=True) if not fits}
    assert {atom for _, atom in out} == LEFT_OUT | {"O"}
    assert ("HOH", "O") in out
    assert {"HEM", "MSE", "DA", "U"} <= set(model.residue_names[model.in_fit].tolist())
    assert set(model.chains) == {"A", "B"}
    assert model.residue_count == 7
    assert model.residue_index.max() == 9
    assert set(model.residue_numbers.tolist()) == {1, 2, 3, 100, 101, 102, 200}
    assert model.b_factors == pytest.approx(12.5)
    assert model.name == "a"
    assert int(model.atomic_numbers[model.residue_names == "MSE"].max()) == 34


@pytest.mark.parametrize("name", ["a.pdb", "a.cif"])
def test_alternate_location_with_highest_occupancy_first_of_equals(save: Save, name: str) -> None:
    rows = [
        *residue("A", 1, "SER", AMINO),
        *residue("A", 1, "SER", ["OG"], altloc="A", occupancy=0.3),
        *residue("A", 1, "SER", ["OG"], altloc="B", occupancy=0.7),
        *residue("A", 2, "SER", AMINO),
        *residue("A", 2, "SER", ["OG"], altloc="C", occupancy=0.5),
        *residue("A", 2, "SER", ["OG"], altloc="B", occupancy=0.5),
    ]
    model = read_model(save(name, build(rows)))
    kept = [row[5] for row, fits in zip(rows, model.in_fit, strict=True) if fits and row[5] != "\0"]
    assert kept == ["B", "C"]
    assert len(model) == len(rows)


def test_two_residues_in_one_place_are_alternatives(save: Save) -> None:
    rows = [
        *residue("A", 1, "SER", AMINO, altloc="A", occupancy=0.4),
        *residue("A", 1, "THR", AMINO, altloc="B", occupancy=0.6),
        *residue("A", 2, "ALA", AMINO),
    ]
    model = read_model(save("a.cif", build(rows)))
    assert set(model.residue_names[model.in_fit].tolist()) == {"THR", "ALA"}
    assert model.residue_index.max() == 1


def test_first_of_several_models(save: Save, tmp_path: Path) -> None:
    structure = build(EVERYTHING)
    second = structure[0].clone()
    second.num = 2
    for chain in second:
        for each in chain:
            for atom in each:
                atom.pos += gemmi.Position(0.5, 0, 0)
    structure.add_model(second)
    for name in ("a.pdb", "a.cif"):
        model = read_model(save(name, structure))
        assert len(model) == len(EVERYTHING)
        assert model.models == "1"
        np.testing.assert_allclose(read_model(tmp_path / name, "2").coordinates - model.coordinates, [[0.5, 0, 0]] * len(model), atol=1e-3)


def test_multi_letter_chains_and_their_refusal_as_pdb(save: Save, tmp_path: Path) -> None:
    model = read_model(save("a.cif", build(residue("AAbb1", 1, "ALA", AMINO) + residue("Longer_than_8", 1, "ALA", AMINO))))
    assert model.chains == ("AAbb1", "Longer_than_8")
    with pytest.raises(UserError, match=r"chain names of one letter, got AAbb1.*write mmCIF"):
        write_model(tmp_path / "b.pdb", model)
    write_model(tmp_path / "b.cif", model)
    assert read_model(tmp_path / "b.cif").chains == model.chains


def test_hybrid_36_residue_and_atom_numbers(save: Save, tmp_path: Path) -> None:
    text = save("a.pdb", build(residue("A", 1, "ALA", AMINO))).read_text().splitlines()
    atoms = [line[:6] + "A0000" + line[11:22] + "A000" + line[26:] if line.startswith("ATOM") else line for line in text]
    (tmp_path / "h.pdb").write_text("\n".join(atoms))
    model = read_model(tmp_path / "h.pdb")
    assert set(model.residue_numbers.tolist()) == {10000}
    with pytest.raises(UserError, match="residue numbers"):
        write_model(tmp_path / "b.pdb", model)


def test_more_atoms_than_pdb_holds(save: Save, tmp_path: Path) -> None:
    model = read_model(save("a.cif", build([("A", 1 + i // 10_000, " ", "ALA", "CA", "\0", 1.0) for i in range(100_001)])))
    with pytest.raises(UserError, match="at most 99999 atoms, got 100001"):
        write_model(tmp_path / "b.pdb", model)


TURN = Pose(np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]), np.array([10, 20, 30.5]))


@pytest.mark.parametrize("source", ["a.pdb", "a.cif"])
@pytest.mark.parametrize("target", ["b.pdb", "b.cif", "b.cif.gz", "b.ent.gz"])
def test_placed_model_keeps_everything_but_its_place(save: Save, tmp_path: Path, source: str, target: str) -> None:
    structure = build(EVERYTHING)
    structure[0][0][0][0].aniso = gemmi.SMat33f(0.1, 0.2, 0.3, 0, 0, 0)
    model = read_model(save(source, structure))
    before = model.structure.make_pdb_string()
    write_model(tmp_path / target, model, TURN)
    assert model.structure.make_pdb_string() == before
    placed = read_model(tmp_path / target)
    np.testing.assert_allclose(placed.coordinates, TURN.apply(model.coordinates), atol=1e-3)
    for name in ("atom_names", "residue_names", "chain_names", "residue_numbers", "in_fit", "b_factors", "atomic_numbers"):
        np.testing.assert_array_equal(getattr(placed, name), getattr(model, name))
    assert placed.structure.cell.a == 1
    assert placed.structure.spacegroup_hm in ("P 1", "")
    u = placed.structure[0][0][0][0].aniso
    np.testing.assert_allclose([u.u11, u.u22, u.u33], [0.2, 0.1, 0.3], atol=1e-4)


def test_unplaced_model_keeps_its_crystal(save: Save, tmp_path: Path) -> None:
    model = read_model(save("a.pdb", build(EVERYTHING)))
    write_model(tmp_path / "b.cif", model)
    back = read_model(tmp_path / "b.cif")
    assert back.structure.cell.b == 90
    assert back.structure.spacegroup_hm == "P 21 21 21"


def test_only_the_selected_chains_are_written_with_all_their_atoms(save: Save, tmp_path: Path) -> None:
    model = read_model(save("a.cif", build(EVERYTHING))).select_chains(["A"])
    write_model(tmp_path / "b.cif", model, TURN)
    back = read_model(tmp_path / "b.cif")
    assert back.chains == ("A",)
    assert len(back) == sum(row[0] == "A" for row in EVERYTHING)
    np.testing.assert_allclose(back.coordinates, TURN.apply(model.coordinates), atol=1e-3)


def test_disulphide_survives(save: Save, tmp_path: Path) -> None:
    structure = build(residue("A", 1, "CYS", [*AMINO, "SG"]) + residue("A", 5, "CYS", [*AMINO, "SG"]))
    bond = gemmi.Connection()
    bond.type, bond.asu = gemmi.ConnectionType.Disulf, gemmi.Asu.Same
    bond.partner1, bond.partner2 = (gemmi.make_address(structure[0][0], r, r["SG"][0]) for r in structure[0][0])
    structure.connections.append(bond)
    write_model(tmp_path / "b.cif", read_model(save("a.pdb", structure)), TURN)
    assert len(read_model(tmp_path / "b.cif").structure.connections) == 1


def test_refused_models(save: Save, tmp_path: Path) -> None:
    pdb = save("good.pdb", build(EVERYTHING)).read_bytes()
    cif = save("good.cif", build(EVERYTHING)).read_bytes()
    packed = gzip.compress(pdb)
    cases = {
        "empty.pdb": (b"", "empty"),
        "words.pdb": (b"nothing to see here\n" * 9, "must hold atoms, got none"),
        "words.cif": (b"nothing to see here\n" * 9, "cannot be read as mmCIF"),
        "noatoms.cif": (b"data_x\n_cell.length_a 1\n", "without coordinates"),
        "map.pdb": (bytes(range(256)) * 40, "must hold atoms|cannot be read as PDB"),
        "cut.pdb.gz": (packed[: len(packed) // 2], "truncated or damaged"),
        "nan.cif": (cif.replace(_first_x(cif), b" nan ", 1), "must be finite"),
        "model.txt": (pdb, "must end in"),
        "water.pdb": (save("w.pdb", build(residue("A", 1, "HOH", ["O"]))).read_bytes(), "got only hydrogens, waters"),
        "bomb.pdb.gz": (gzip.compress(b" " * 80_000_000), "unpack to at most"),
    }
    for name, (content, sentence) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FileFormatError, match=sentence) as caught:
            read_model(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def _first_x(cif: bytes) -> bytes:
    line = next(line for line in cif.splitlines() if line.startswith(b"ATOM 1 "))
    return b" " + line.split()[10] + b" "


def test_absent_model_and_absent_chain(save: Save, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_model(tmp_path / "absent.pdb")
    with pytest.raises(UserError, match="chain must be one of A, B, got Z"):
        read_model(save("a.pdb", build(EVERYTHING))).select_chains(["Z"])


def test_model_without_file_cannot_be_written(tmp_path: Path) -> None:
    one = np.ones(1)
    model = AtomicModel(
        np.zeros((1, 3)), one.astype(np.int16), np.array(["CA"]), np.array(["ALA"]), np.array(["A"]), one.astype(np.int32),
        one.astype(np.int32), one.astype(np.float32), one.astype(bool),
    )  # fmt: skip
    with pytest.raises(ValueError, match="not read from a file"):
        write_model(tmp_path / "a.cif", model)


@pytest.mark.parametrize(
    ("name", "atoms", "fits", "chains"),
    [
        ("groel/1oel_fit_top.pdb", 26929, 26929, "ABCDEFG"),
        ("apoferritin_emd20026/3ajo_fitted_refined.pdb", 1654, 1413, "A"),
        ("secretase_5fn5/5fn5_box_complete.pdb", 19427, 9703, "ABCD"),
        ("emd30342_7cec/390_7cec_A.cif", 4308, 4308, "A"),
    ],
)
def test_real_models(shared_data: Path, tmp_path: Path, name: str, atoms: int, fits: int, chains: str) -> None:
    model = read_model(shared_data / name)
    assert (len(model), int(model.in_fit.sum()), model.chains) == (atoms, fits, tuple(chains))
    write_model(tmp_path / "b.cif", model)
    np.testing.assert_allclose(read_model(tmp_path / "b.cif").coordinates, model.coordinates, atol=1e-3)


def test_residues_chosen_again_and_again_are_those_that_are_written(repository: Path, tmp_path: Path) -> None:
    """Of chains chosen before, between and after."""
    whole = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    first = whole.select_chains(["B", "D", "E"])
    index = np.unique(first.residue_index)
    second = first.select_residues(index[5:-40:2].tolist(), "second")
    third = second.select_chains(["D", "E"]).select_residues(
        np.unique(second.select_chains(["D", "E"]).residue_index)[3:50].tolist(), "third"
    )
    for model in (first, second, third, third.select_chains(["D"])):
        write_model(tmp_path / "written.cif", model)
        np.testing.assert_allclose(read_model(tmp_path / "written.cif").coordinates, model.coordinates, atol=1e-3)
    assert set(third.residue_index) < set(second.residue_index) < set(first.residue_index)
