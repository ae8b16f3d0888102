"""Selections as values, and the rows of letters in which they are made."""

import numpy as np
import pytest

from difffit_app.geometry.sequence import OTHER, rows_of
from difffit_app.state.selection import Selection, chains_of, in_runs, in_words, residues_of, runs_of, whole_chains
from difffit_app.state.view_state import ViewState
from difffit_core.atomic_model import AtomicModel
from difffit_core.io.models import read_model


@pytest.fixture(scope="module")
def model(repository) -> AtomicModel:
    return read_model(repository / "resources" / "example" / "1bd2.pdb.gz")


def test_residues_come_and_go() -> None:
    one = Selection.of({"model-1": [3, 4], "model-2": []})
    assert (len(one), bool(one), "model-2" in one.residues, bool(Selection())) == (2, True, False, False)
    assert one.plus("model-2", [1]).of_model("model-2").tolist() == [1]
    assert one.toggled("model-1", [4, 5]).of_model("model-1").tolist() == [3, 4, 5]
    assert one.toggled("model-1", [3, 4]) == Selection()
    view = ViewState()
    told: list[Selection] = []
    view.selection_changed.connect(told.append)
    view.select(one.plus("model-2", [1]))
    view.forget("model-1")
    assert view.selection == Selection.of({"model-2": [1]})
    view.forget("model-1")
    assert len(told) == 2


def test_runs_part_where_numbers_do() -> None:
    some = [7, 1, 2, 3, 9, 8]
    assert runs_of(some) == ((1, 3), (7, 9))
    assert in_runs(runs_of(some)) == frozenset(some)
    assert runs_of([]) == ()


def test_selections_are_told_by_chains_and_numbers(model: AtomicModel) -> None:
    chain = residues_of(model, ["B"])
    assert in_words(model, chain) == "chain B"
    assert in_words(model, residues_of(model)) == "all chains"
    assert whole_chains(model, chain[1:]) is None
    assert chains_of(model, [int(chain[0])]) == ("B",)
    edge = np.array([chain[-2], chain[-1], *residues_of(model, ["C"])[:1], *residues_of(model, ["E"])[[4, 6, 8, 10]]])
    assert in_words(model, edge).startswith("B 98–99, C 1, E ")
    assert in_words(model, edge).endswith("and 2 more")


def test_rows_hold_the_letters_of_chains(model: AtomicModel) -> None:
    rows = rows_of(model)
    assert [row.chain for row in rows] == list(model.chains)
    peptide = rows[model.chains.index("C")]
    assert peptide.letters == "LLFGYPVYV"
    assert peptide.names[0] == "LEU"
    assert peptide.numbers.tolist() == list(range(1, 10))
    assert all(len(row) == len(row.letters) == len(row.names) for row in rows)
    assert np.array_equal(np.concatenate([row.residues for row in rows]), residues_of(model))
    assert OTHER not in peptide.letters
    assert all((np.diff(row.numbers)[row.breaks() - 1] > 1).all() for row in rows)
