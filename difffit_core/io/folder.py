"""Several files that belong together in one folder: all of them appear, or none."""

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from difffit_core.errors import UserError

Writer = Callable[[Path], None]


def write_together(folder: Path, writers: Mapping[str, Writer], stale: str) -> list[Path]:
    """Write files beside their places, then move them there.

    The file that ``writers`` names last goes first and comes last: where it is, all is. What an earlier run left in the folder is
    replaced, and stays as it was if this one fails. Runs that end in one folder at once take turns.

    Parameters
    ----------
    folder : made, with those above it, if it is not there
    writers : by name, what writes each file to the path it is given; the path has the suffix of the name
    stale : regular expression for names of an earlier run's files that are to go even if nothing replaces them

    Raises
    ------
    UserError
        If something cannot be written; nothing of it is left then.
    """
    made = _make_folder(folder)
    mark = f".{secrets.token_hex(4)}."
    unfinished = {name: folder / f"{mark}{name}" for name in writers}
    try:
        for name, write in writers.items():
            write(unfinished[name])
        with _alone_in(folder):
            _publish(folder, unfinished, re.compile(stale))
    except BaseException as error:
        for path in unfinished.values():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            for parent in made:
                parent.rmdir()
        if isinstance(error, UserError):
            raise UserError(str(error).replace(mark, "")) from error
        raise
    return [folder / name for name in writers]


def _publish(folder: Path, unfinished: Mapping[str, Path], stale: re.Pattern[str]) -> None:
    (folder / list(unfinished)[-1]).unlink(missing_ok=True)
    for old in folder.iterdir():
        if stale.fullmatch(old.name):
            old.unlink()
    for name, path in unfinished.items():
        os.replace(path, folder / name)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder, where the system knows locks that end with their process and leave no file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> list[Path]:
    """Make the folder and those above it; return the ones made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: the folder cannot be made: {os.strerror(error.errno or 0)}") from None
    return missing
