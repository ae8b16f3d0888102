"""Writing one file that a script names: over an old one, but never over what was read, nor under a name of another kind."""

from collections.abc import Callable
from pathlib import Path

from difffit_core.api.reading import FilePath, as_path
from difffit_core.output import Inputs, claim_file

PACKED = ("map", "model")
"""What its writers gzip where the name ends in .gz."""


def write_file(
    path: FilePath, suffixes: tuple[str, ...], what: str, writer: Callable[[Path], None], read: tuple[Path | None, ...] = ()
) -> Path:
    """Have a file written, whole or not at all, and give its path; ``read`` are the files that what is written was made from.

    Raises
    ------
    UserError
        If it cannot be written, has another suffix than one of ``suffixes``, or was read.
    """
    packed = what in PACKED
    return claim_file(
        as_path(path, "path"), command="", suffixes=suffixes, what=what, packed=packed, inputs=Inputs(read), agreed=True
    ).write(writer)
