"""Lines parted into words, and words joined into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from difffit_app.commands.words import Word, join_words, meant, split_line
from difffit_core.errors import UserError

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=9)


@given(st.lists(st.builds(Word, TEXTS, st.booleans()), min_size=1, max_size=5))
def test_what_is_joined_is_parted_again(words: list[Word]) -> None:
    (found,) = split_line("do " + join_words(words))
    assert [one.text for one in found[1:]] == [one.text for one in words]
    assert all(one.quoted for one, wanted in zip(found[1:], words, strict=True) if wanted.quoted)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fit #2 in #1", [["fit", "#2", "in", "#1"]]),
        (r"open C:\data\a.map 'b c.pdb'", [["open", r"C:\data\a.map", "b c.pdb"]]),
        ('rename #1 "the ""first"" one"', [["rename", "#1", 'the "first" one']]),
        ("hide #1; show #2;", [["hide", "#1"], ["show", "#2"]]),
        ("# all of it is a comment", []),
        ("#1 would be one, too, as no command begins so", []),
        ("hide #1 # until later", [["hide", "#1"]]),
        ("open it's.pdb", [["open", "it's.pdb"]]),
        ("", []),
    ],
)
def test_lines(line: str, words: list[list[str]]) -> None:
    assert [[one.text for one in each] for each in split_line(line)] == words


def test_a_quote_that_is_left_open_is_refused() -> None:
    with pytest.raises(UserError, match="quote is not closed"):
        split_line('open "a b')


def test_the_near_word_is_proposed() -> None:
    assert meant("fti", ["fit", "refine"]) == "; did you mean fit?"
    assert meant("xyz", ["fit", "refine"]) == ""
