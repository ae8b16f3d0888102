"""Names of chains, and the structure of a composite."""

from itertools import islice
from pathlib import Path

import gemmi
import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_names import chain_names
from difffit_core.compose.assembly import PlacedCopy, composite_structure, name_chains
from difffit_core.io.models import moved_structure, read_model
from difffit_core.pose import Pose


def test_names_that_pdb_can_hold_come_first() -> None:
    names = list(islice(chain_names(), 62 + 27))
    assert [len(name) for name in names] == [1] * 62 + [2] * 27
    assert names[62:65] == ["AA", "AB", "AC"]
    assert names[-1] == "BA"
    assert len(set(names)) == len(names)


def test_chains_keep_their_names_where_they_can(example: AtomicModel, beta2: AtomicModel) -> None:
    receptor = example.select_chains(["D", "E"])
    named = name_chains([receptor, beta2, receptor, beta2])
    assert named[0] == {"D": "D", "E": "E"}
    assert named[1] == {"B": "B"}
    assert named[2] == {"D": "A", "E": "C"}
    assert named[3] == {"B": "F"}


def test_hundred_copies_have_hundred_names(beta2: AtomicModel) -> None:
    names = [one["B"] for one in name_chains([beta2] * 100)]
    assert len(set(names)) == 100
    assert names[0] == "B"
    assert names[62:64] == ["AA", "AB"]


def test_the_structure_holds_every_atom_at_its_place(example: AtomicModel, beta2: AtomicModel) -> None:
    receptor = example.select_chains(["D", "E"])
    poses = [Pose.identity(), Pose(np.diag([-1.0, -1, 1]), np.array([10.0, 20, 30])), Pose(np.eye(3), np.array([90.0, 0, 0]))]
    models = [beta2, receptor]
    names = name_chains([beta2, beta2, receptor])
    copies = [PlacedCopy(b, 1, pose, n, 0.5, 5, 0, 0, "made") for b, pose, n in zip((0, 0, 1), poses, names, strict=True)]
    structure = composite_structure(models, copies, "whole")
    assert [chain.name for chain in structure[0]] == ["B", "A", "D", "E"]
    again = gemmi.make_structure_from_block(structure.make_mmcif_document().sole_block())
    assert [chain.name for chain in again[0]] == ["B", "A", "D", "E"]
    for copy in copies:
        alone = moved_structure(models[copy.body], copy.pose)
        for chain in alone[0]:
            mine = again[0][copy.chains[chain.name]]
            here = np.array([atom.pos.tolist() for residue in mine for atom in residue])
            there = np.array([atom.pos.tolist() for residue in chain for atom in residue])
            np.testing.assert_allclose(here, there, atol=1e-3)
    subchains = [residue.subchain for chain in again[0] for residue in chain]
    assert len({(chain.name, residue.subchain) for chain in again[0] for residue in chain}) == len(set(subchains))
    assert sum(entity.entity_type == gemmi.EntityType.Polymer for entity in again.entities) == 3


def test_a_chain_without_a_name_gets_one(beta2: AtomicModel, tmp_path: Path) -> None:
    """As PDB files without a chain column have it: two of them can be told apart, and their sequence is known."""
    structure = moved_structure(beta2, Pose.identity())
    structure[0][0].name = " "
    structure.write_pdb(str(tmp_path / "blank.pdb"))
    blank = read_model(tmp_path / "blank.pdb")
    assert blank.chains == ("",)
    names = name_chains([blank, blank])
    assert names == [{"": "A"}, {"": "B"}]
    copies = [PlacedCopy(0, i + 1, Pose.identity(), one, 0.5, 5, 0, 0, "made") for i, one in enumerate(names)]
    whole = composite_structure([blank], copies, "whole")
    assert [chain.name for chain in whole[0]] == ["A", "B"]
    assert len(whole.entities[0].full_sequence) in (99, 100)
