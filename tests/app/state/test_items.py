"""Chains in words."""

import pytest

from difffit_app.state.items import list_renamed


@pytest.mark.parametrize(
    ("names", "words"),
    [({"D": "D", "E": "F"}, "D, E as F"), ({"": ""}, "(no name)"), ({" ": "A", "B": "B"}, "(no name) as A, B")],
)
def test_chains_of_a_copy_are_called_by_their_names_or_said_to_have_none(names: dict[str, str], words: str) -> None:
    assert list_renamed(names) == words
