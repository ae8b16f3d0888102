"""Which symmetry is asked for: auto, map, none, or a group by its name."""

from typing import TYPE_CHECKING

from difffit_core.errors import UserError

if TYPE_CHECKING:
    from difffit_core.groups.group import Group

WORDS = ("auto", "map", "none")


def check_symmetry(text: str) -> str:
    """One of `WORDS`, or the name of a group as it is written; C1 is none.

    Raises
    ------
    UserError
        If the text is none of these.
    """
    word = text.strip()
    if word.lower() in WORDS:
        return word.lower()
    if word.upper() == "C1":
        return "none"
    from difffit_core.groups.group import MOST_FOLD, parse_group  # here, since recipes should be made without numpy

    try:
        return str(parse_group(word))
    except UserError:
        raise UserError(f"symmetry must be auto, map, none (C1), C2 to C{MOST_FOLD}, D2 to D{MOST_FOLD}, T, O or I, got {text}") from None


def group_of(text: str) -> "Group | None":
    """The group that is asked for by name; None for a word."""
    if text in WORDS:
        return None
    from difffit_core.groups.group import parse_group

    return parse_group(text)
