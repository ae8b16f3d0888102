"""Text in a database: values go beside a statement, never into it; names of columns are checked."""

import re

from difffit_core.errors import UserError


def text(value: str) -> str:
    """Text that a database can hold, unchanged.

    Raises
    ------
    UserError
        If it holds bytes that are no text, as a file name may.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UserError(f"{value.encode(errors='backslashreplace').decode()}: the name must be text (UTF-8)") from None
    if "\0" in value:
        raise UserError("a text must not hold the character of number 0")
    return value


def column(name: str) -> str:
    """The name of a column, which is a plain word; `ValueError` for what is none."""
    if not re.fullmatch(r"[a-z_]+", name):
        raise ValueError(f"{name!r} is not the name of a column")
    return name
