"""Models of one atom, and chains of which nothing takes part in fits."""

from pathlib import Path
from typing import Any

import gemmi
import pytest


def add(model: gemmi.Model, chain: str, residue: str, atoms: dict[str, tuple[float, float, float]]) -> None:
    last = gemmi.Chain(chain)
    one = gemmi.Residue()
    one.name, one.seqid = residue, gemmi.SeqId(1, " ")
    for name, place in atoms.items():
        atom = gemmi.Atom()
        atom.name, atom.element, atom.pos = name, gemmi.Element(name[0]), gemmi.Position(*place)
        one.add_atom(atom)
    last.add_residue(one)
    model.add_chain(last)


@pytest.fixture
def small(files: Any, tmp_path: Path) -> Path:
    """One atom, a water, and the atom again under another chain's name."""
    structure = gemmi.read_structure(str(files.model))
    middle = structure[0].calculate_center_of_mass().tolist()
    made = gemmi.Structure()
    made.add_model(gemmi.Model(1))
    add(made[0], "A", "ALA", {"CA": middle})
    add(made[0], "W", "HOH", {"O": (middle[0] + 4, *middle[1:])})
    add(made[0], "B", "ALA", {"CA": middle})
    made.setup_entities()
    path = tmp_path / "small.cif"
    made.make_mmcif_document().write_file(str(path))
    return path


@pytest.mark.parametrize("chain", ["W", "B"])
@pytest.mark.parametrize("command", ["quality", "fit", "refine", "compose", "hold", "zone"])
def test_chains_of_which_nothing_is_seen(difffit: Any, files: Any, small: Path, tmp_path: Path, command: str, chain: str) -> None:
    name, words = {
        "compose": ("compose", ["--chain", f"1={chain}"]), "hold": ("refine", ["--hold", chain]),
        "zone": ("map", ["--residues", f"{chain}:1"]),
    }.get(command, (command, ["--chain", chain]))  # fmt: skip
    models = ["--zone", small] if name == "map" else [small, "--resolution", 8]
    out = tmp_path / ("out.csv" if name == "quality" else "out.mrc" if name == "map" else "out")
    ended = difffit(name, files.map, *models, *words, "--out", out)
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert f"small.cif: a chain must have atoms that take part in fits, got chain {chain}, which holds none" in ended.err
    assert not out.exists()


def test_one_atom_cannot_be_bent(difffit: Any, files: Any, small: Path, tmp_path: Path) -> None:
    ended = difffit("refine", files.map, small, "--resolution", 8, "--chain", "A", "--start", "here", "--out", tmp_path / "out")
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert ended.err.endswith("small.cif: a model to bend must have at least 3 atoms that take part, got 1\n")
