"""Files of a library by what they hold: one that changed under its name is another model."""

import os
from pathlib import Path
from typing import NamedTuple, Self

from difffit_core.errors import UserError
from difffit_core.io.files import checksum


class Content(NamedTuple):
    """What a file held when it was tried: its ``checksum``, and size and time of change, by which most others are known unread."""

    checksum: str
    stamp: str

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """None where it cannot be read."""
        try:
            return cls(checksum(path), stamp_of(path))
        except (UserError, OSError):
            return None

    def is_still(self, path: Path) -> bool:
        """Whether a file is as it was, or has gone; only one whose size or time differ is read."""
        try:
            return stamp_of(path) == self.stamp or checksum(path) == self.checksum
        except (UserError, OSError, ValueError):
            return True


def stamp_of(path: Path) -> str:
    """Size and time of change."""
    found = os.stat(path)
    return f"{found.st_size}:{found.st_mtime_ns}"


def check_content(path: Path, tried: str | None) -> None:
    """Refuse a file that is no more what was tried, by its checksum; of one without (a store of an earlier version) nothing is known.

    Raises
    ------
    UserError
    """
    if tried and checksum(path) != tried:
        raise UserError(f"{path}: has changed since it was screened, so that its pose is another's; go on with the screen to try it anew")
