"""Names of chains and models in names of files: in the folder that was asked for, and the same on every system."""

import re
from collections.abc import Iterable

_REFUSED = re.compile(r"[<>:\"/\\|?*\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST = 150
"""Bytes; systems take 255, with what else belongs to a name."""


def file_name(text: str) -> str:
    """The text as the name of a file, or as its beginning: an underscore for what leads elsewhere or what some system does not take.

    >>> file_name("1bd2 A"), file_name("x_../../etc"), file_name("CON"), file_name("..")
    ('1bd2_A', 'x_.._.._etc', '_CON', '_')
    """
    name = _REFUSED.sub("_", text).rstrip(".")
    name = name.encode()[:_LONGEST].decode(errors="ignore")
    if name.startswith((".", "-")):
        name = f"_{name[1:]}"
    return f"_{name}" if not name or _DEVICE.fullmatch(name) else name


def file_names(texts: Iterable[str], suffix: str) -> list[str]:
    """Names of files with this suffix, one for each text: no two alike, also where capitals do not count.

    >>> file_names(["m A", "m a", "m/A"], ".cif")
    ['m_A.cif', 'm_a_2.cif', 'm_A_3.cif']
    """
    found: list[str] = []
    taken: set[str] = set()
    for text in texts:
        begin, number = file_name(text), 1
        name = f"{begin}{suffix}"
        while name.casefold() in taken:
            number += 1
            name = f"{begin}_{number}{suffix}"
        taken.add(name.casefold())
        found.append(name)
    return found
