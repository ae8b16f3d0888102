"""Where a model is cut so that what does not fit comes off."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.broken import BrokenStretch
from difffit_core.io.models import read_model
from difffit_core.split.cuts import Cut, at_cuts, cuts_round


@pytest.fixture(scope="module")
def receptor(repository: Path) -> AtomicModel:
    """Chain D has residues 1 to 204, chain E 3 to 246, both with gaps."""
    return read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz").select_chains(["D", "E"])


def stretch(chain: str, first: int, last: int) -> BrokenStretch:
    return BrokenStretch(chain, first, last, last - first + 1, 0.1)


@pytest.mark.parametrize(
    ("stretches", "cuts"),
    [
        ([], []),
        ([stretch("D", 61, 110)], ["D:61", "D:111"]),
        ([stretch("D", 1, 110)], ["D:111"]),
        ([stretch("E", 118, 246)], ["E:118"]),
        ([stretch("D", 61, 70)], []),
        ([stretch("D", 20, 110)], ["D:111"]),
        ([stretch("D", 61, 110), stretch("E", 118, 246)], ["D:61", "D:111", "E:118"]),
        ([stretch("D", 61, 95), stretch("D", 105, 150)], ["D:61", "D:151"]),
    ],
)
def test_pieces_that_are_too_short_stay_with_a_neighbour(receptor: AtomicModel, stretches: list[BrokenStretch], cuts: list[str]) -> None:
    found = cuts_round(receptor, stretches)
    assert [str(cut) for cut in found] == cuts
    assert sum(part.model.residue_count for part in at_cuts(receptor, found)) == receptor.residue_count


def test_a_chain_without_a_name_is_cut_as_any(receptor: AtomicModel) -> None:
    chain = receptor.select_chains(["D"])
    nameless = replace(chain, chain_names=np.full_like(chain.chain_names, ""))
    found = [Cut.parse(str(cut)) for cut in cuts_round(nameless, [stretch("", 61, 110)])]
    assert found == [Cut("", 61), Cut("", 111)]
    assert [part.model.residue_count for part in at_cuts(nameless, found)] == [
        part.model.residue_count for part in at_cuts(chain, [Cut("D", 61), Cut("D", 111)])
    ]
    assert str(stretch("", 61, 110)) == "residues 61–110"
