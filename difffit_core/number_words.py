"""Numbers in texts, as one writes them: in digits 0 to 9, where Python takes 1_0 and the digits of other scripts as well."""

import re
from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticKnownError

from difffit_core.number_bounds import parts_of

_MOST_DIGITS = 18
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0*)?", re.ASCII)


def whole_number(text: str) -> int | None:
    """What a text says in digits 0 to 9; None if it says something else, or more than any count or number in a row.

    >>> whole_number(" 12 "), whole_number("-1"), whole_number("\u00b2"), whole_number(5000 * "9")
    (12, None, None, None)
    """
    text = text.strip()
    return int(text) if is_digits(text) and len(text) <= _MOST_DIGITS else None


def is_digits(text: str) -> bool:
    """Whether a text is digits 0 to 9 alone."""
    return text.isascii() and text.isdecimal()


def decimal_number(text: str) -> float | None:
    """What a text says in digits 0 to 9, with a point and an exponent or without; None if it says something else, as 1_000 does.

    Python takes 1_0 for 10, and the digits of other scripts for these. What is not finite is one: who asks has bounds.

    >>> decimal_number(" -1.5e3 "), decimal_number("inf"), decimal_number("1_0"), decimal_number("\uff15"), decimal_number("1 000")
    (-1500.0, inf, None, None, None)
    """
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def decimal_numbers(text: str) -> tuple[float, ...]:
    """Numbers with commas between them; none in an empty text.

    Raises
    ------
    ValueError
        If one is none, as `decimal_number` reads it.
    """
    numbers = tuple(map(decimal_number, text.split(",") if text else ()))
    if None in numbers:
        raise ValueError(text)
    return numbers  # type: ignore[return-value]


def is_number(text: str, kind: type) -> bool:
    """Whether a text is a number of a ``kind``, int or float, as one writes it."""
    return (_WHOLE if kind is int else _NUMBER).fullmatch(text.strip()) is not None


def read_numbers_plainly(schema: Any) -> None:
    """Have every number in a schema of pydantic's that comes as a text be written in digits."""
    for part in list({id(part): part for part in parts_of(schema) if part.get("type") in _PLAIN}.values()):
        inner = dict(part)
        part.clear()
        part |= {"type": "function-before", "function": {"type": "no-info", "function": _PLAIN[inner["type"]]}, "schema": inner}


def _plain(kind: type, error: Any) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, str) and not is_number(value, kind):
            raise PydanticKnownError(error)
        return value

    return check


_PLAIN = {"int": _plain(int, "int_parsing"), "float": _plain(float, "float_parsing")}
