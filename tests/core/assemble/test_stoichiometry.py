"""What is known of copies: by names, by letters, and who the letters are."""

import pytest

from difffit_core.assemble.stoichiometry import Stoichiometry, by_letters, parse_stoichiometry
from difffit_core.errors import UserError


@pytest.mark.parametrize(
    ("text", "copies", "letters", "others"),
    [
        ("auto", (), False, True),
        ("A2B2", (("A", 2), ("B", 2)), True, False),
        ("AB", (("A", 1), ("B", 1)), True, False),
        ("heavy:2,light:2", (("heavy", 2), ("light", 2)), False, False),
        ("whole:A:7,*", (("whole:A", 7),), False, True),
        ('"a, b:2"', (("a, b", 2),), False, False),
    ],
)
def test_ways_to_say_it(text: str, copies: tuple, letters: bool, others: bool) -> None:
    found = parse_stoichiometry(text)
    assert (found.copies, found.letters, found.others) == (copies, letters, others)
    assert parse_stoichiometry(str(found)) == found


@pytest.mark.parametrize("text", ["2A", "heavy", "heavy:x", "heavy:0", "A2A3", "A0", "heavy:1,heavy:2", "*"])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"stoichiometry must .*, got "):
        parse_stoichiometry(text)


def test_letters_are_names_where_files_are_called_so() -> None:
    asked = parse_stoichiometry("A2B1")
    assert asked.among(["A", "B", "C"]).of("A") == 2
    assert asked.among(["A", "x"]).letters
    with pytest.raises(UserError, match=r"must name models of the folder \(heavy, light\), got hevy"):
        parse_stoichiometry("hevy:1").among(["light", "heavy"])


def test_letters_stand_for_those_for_which_most_speaks() -> None:
    evidence = {"ring": [50.0, 48, 47, 2], "cap": [90.0], "stray": [8.0, 7.0]}
    assert by_letters(parse_stoichiometry("A3B"), evidence) == {"ring": 3, "cap": 1}
    assert by_letters(parse_stoichiometry("A3B2C"), evidence) == {"ring": 3, "cap": 1, "stray": 2}
    assert by_letters(parse_stoichiometry("A2"), evidence) == {"ring": 2}
    assert by_letters(parse_stoichiometry("A2"), {}) == {}


def test_only_a_whole_list_of_names_shuts_others_out() -> None:
    assert parse_stoichiometry("a:1").names_all()
    assert not parse_stoichiometry("a:1,*").names_all()
    assert not parse_stoichiometry("A2").names_all()
    assert not Stoichiometry().names_all()
