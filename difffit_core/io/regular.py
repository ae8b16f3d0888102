"""Files that can be read to an end: regular ones, and of text no more than a bound."""

import os
import stat
from pathlib import Path

from difffit_core.errors import FileFormatError, UserError

MOST_TEXT = 64 << 20
"""Bytes of a text file that are read unless a reader says otherwise."""
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def check_name(path: Path) -> None:
    """Refuse a place whose name no text can hold, as those with letters of an old encoding: projects and records name their files.

    Raises
    ------
    UserError
    """
    try:
        place = os.path.abspath(path)
    except OSError:  # the working directory is gone
        place = os.fspath(path)
    if "\0" in place:
        raise UserError(f"{path}: the name of a file must not hold the character of number 0")
    try:
        place.encode()
    except UnicodeEncodeError:
        raise UserError(f"{path}: the names of a file and of the folders it lies in must be text (UTF-8), got {place}; rename it") from None


def check_regular(path: Path) -> int:
    """Size in bytes of a regular file, or of what a link leads to; found without opening it, since a pipe would be waited for.

    Raises
    ------
    UserError
        If there is none, its name is no text, it may not be looked at, or it is something else: a folder, a pipe, a device, a socket.
    """
    check_name(path)
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    for is_of, what in _KINDS:
        if is_of(found.st_mode):
            raise UserError(f"{path}: must be a file, got {what}")
    return found.st_size


def read_text(path: Path, most: int = MOST_TEXT, what: str = "a text") -> str:
    """The text of a regular file of at most ``most`` bytes, UTF-8 with or without a mark at its begin.

    Raises
    ------
    UserError
        If there is none, or it may not be read.
    FileFormatError
        If it is longer, or no text.
    """
    check_regular(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(content) > most:
        raise FileFormatError(f"{path}: {what} must hold at most {most >> 10} KiB, got more")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileFormatError(f"{path}: must be {what}, got a file that is no text") from None
