"""Residues by name."""

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.refine.selection import groups, held
from difffit_core.residue_names import Stretch
from difffit_core.residues import Residues


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("A", Stretch("A")),
        ("A:118", Stretch("A", 118, 118)),
        ("B:1-50", Stretch("B", 1, 50)),
        ("C:-4--2", Stretch("C", -4, -2)),
        ("long name: 7 - 8", Stretch("long name", 7, 8)),
        (":5", Stretch("", 5, 5)),
        (":30-70", Stretch("", 30, 70)),
    ],
)
def test_stretches_are_read_as_they_are_written(text: str, stretch: Stretch) -> None:
    assert Stretch.parse(text) == stretch


@pytest.mark.parametrize("text", ["", ":", "A:", "A:x", "A:9-3", "A:1-2-3"])
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"A:118-160|must not come before"):
        Stretch.parse(text)


def test_the_residues_that_are_named_are_held(receptor: AtomicModel) -> None:
    residues = Residues.of(receptor)
    found = held(receptor, ("D", "E:10-12+E:20"))
    assert found is not None
    assert found[residues.chains == "D"].all()
    assert residues.numbers[found & (residues.chains == "E")].tolist() == [10, 11, 12, 20]
    assert held(receptor, ()) is None


def test_a_residue_is_in_one_group_at_most(receptor: AtomicModel) -> None:
    residues = Residues.of(receptor)
    found = groups(receptor, ("E:10-12+D:3", "E:50-60"))
    assert found is not None
    assert set(found.tolist()) == {-1, 0, 1}
    assert np.count_nonzero(found == 0) == 4
    assert (residues.chains[found == 1] == "E").all()
    with pytest.raises(UserError, match="one group at most, got E 55"):
        groups(receptor, ("E:50-60", "E:55"))


def test_what_is_not_there_is_told_with_what_is(receptor: AtomicModel) -> None:
    with pytest.raises(UserError, match="chain must be one of D, E, got Q"):
        held(receptor, ("Q",))
    with pytest.raises(UserError, match="residues of chain E must lie within 3 to 247, got 900-950"):
        held(receptor, ("E:900-950",))
    with pytest.raises(UserError, match="residues of chain D must be of those that the file has, which lie within 1 to 203, got 60"):
        held(receptor, ("D:60",))
