"""Parts of one chain that were placed apart are joined into molecules, copy by copy, and share the name of their chain."""

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.assembly import PlacedCopy, composite_structure, name_chains
from difffit_core.compose.molecules import Part, molecules
from difffit_core.pose import Pose

FAR = Pose(np.eye(3), np.array([150.0, 0, 0]))
HERE = Pose.identity()


@pytest.fixture(scope="module")
def halves(beta2: AtomicModel) -> list[AtomicModel]:
    """Residues 1 to 45, and from 51 on, of a chain."""
    numbers = np.unique(beta2.residue_numbers[beta2.in_fit])
    index = {int(n): int(beta2.residue_index[beta2.residue_numbers == n][0]) for n in numbers}
    return [
        beta2.select_residues([index[int(n)] for n in numbers if n <= 45], "b:D1"),
        beta2.select_residues([index[int(n)] for n in numbers if n > 50], "b:D2"),
    ]


def test_copies_of_parts_that_linkers_join_are_one_chain(halves: list[AtomicModel], beta2: AtomicModel) -> None:
    """Two molecules, whatever the order of their parts, beside a whole model of its own."""
    first, second = halves
    parts = [
        Part("b", 0, first, FAR),
        Part("b", 0, first, HERE),
        Part("b", 1, second, HERE),
        Part("", 2, beta2, HERE),
        Part("b", 1, second, FAR),
    ]
    molecule, notes = molecules(parts, 3.0)
    assert (molecule, notes) == ([0, 1, 1, 2, 0], [])
    names = name_chains([part.model for part in parts], molecule)
    assert names == [{"B": "B"}, {"B": "A"}, {"B": "A"}, {"B": "C"}, {"B": "B"}]
    copies = [PlacedCopy(i, 1, part.pose, name, 0.5, 5, 0, 0, "made") for i, (part, name) in enumerate(zip(parts, names, strict=True))]
    whole = composite_structure([part.model for part in parts], copies, "whole")
    assert [chain.name for chain in whole[0]] == ["C", "B", "A"], "always in that order"
    numbers = [residue.seqid.num for residue in whole[0]["A"]]
    assert numbers == sorted(numbers)
    assert min(numbers) <= 45 < 51 <= max(numbers)


def test_what_no_linker_reaches_stays_apart_and_is_said(halves: list[AtomicModel]) -> None:
    first, second = halves
    parts = [Part("b", 0, first, HERE), Part("b", 1, second, FAR)]
    molecule, notes = molecules(parts, 3.0)
    assert molecule == [0, 1]
    assert len(notes) == 1
    assert "b:D1 and b:D2 are parts of one chain" in notes[0]
    assert molecules([Part("a", 0, first, HERE), Part("b", 1, second, HERE)], 3.0)[0] == [0, 1], "of two files"
