"""Values in mmCIF."""

import re

from difffit_core.escaping.terminal import printable


def value(text: str) -> str:
    """The text as one value of a loop or a pair, quoted where it has to be; lines become one.

    >>> value("A B")
    "'A B'"
    """
    import gemmi

    return str(gemmi.cif.quote(printable(re.sub(r"\s+", " ", text))))
