"""One phrase for a chain without a name, everywhere."""

import re
from pathlib import Path

import pytest

from difffit_core.chain_words import chain_in_words, chains_in_words, list_chains


@pytest.mark.parametrize(
    ("chains", "words", "listed"),
    [
        (("A",), "chain A", "A"),
        (("",), "the chain without a name", "(no name)"),
        ((" ",), "the chain without a name", "(no name)"),
        (("D", "E"), "chains D, E", "D, E"),
        (("D", " "), "chains D, (no name)", "D, (no name)"),
    ],
)
def test_chains_are_named_in_sentences(chains: tuple[str, ...], words: str, listed: str) -> None:
    assert (chains_in_words(chains), list_chains(chains)) == (words, listed)
    if len(chains) == 1:
        assert chain_in_words(chains[0]) == words


def test_nobody_else_has_words_for_it(repository: Path) -> None:
    """In any sentence that a user may read."""
    own = repository / "difffit_core" / "chain_words.py"
    files = [path for folder in ("app", "difffit_core") for path in (repository / folder).rglob("*.py") if path != own]
    assert len(files) > 300
    wording = re.compile(r"[Cc]hain(\{[^}]*\})? \{(', '\.join|list_chains\()")
    assert [path.name for path in files if wording.search(path.read_text(encoding="utf-8"))] == []
