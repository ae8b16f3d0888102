"""Claiming the place of a single file."""

import re
from pathlib import Path

from difffit_core.errors import UserError
from difffit_core.io.files import check_suffix
from difffit_core.io.regular import check_name
from difffit_core.output.claim import Claim, Writer
from difffit_core.output.inputs import Inputs


class FileClaim:
    """A single file to be written."""

    def __init__(self, path: Path, claim: Claim | None) -> None:
        self.path, self._claim = path, claim

    def write(self, writer: Writer) -> Path:
        """Have it written: whole or not at all. ``writer`` is given a path beside it with the same suffix.

        Raises
        ------
        UserError
            If it cannot be written.
        """
        if self._claim is None:
            writer(self.path)
        else:
            self._claim.write({self.path.name: writer})
        return self.path


def claim_file(
    path: Path,
    *,
    command: str,
    suffixes: tuple[str, ...],
    what: str,
    packed: bool = False,
    inputs: Inputs | None = None,
    overwrite: bool = False,
    agreed: bool = False,
) -> FileClaim:
    """Claim a single file, before any work is done.

    Parameters
    ----------
    path : its name as the user gave it; its folder must exist
    command : what to call the run in the manifest
    suffixes, what : which ends its name may have, and what it is
    packed : whether ``.gz`` may follow, which its writer then heeds
    inputs : what is read, which it must not be
    overwrite : whether a file that the manifest of its folder names may be replaced
    agreed : a person was shown the name and agreed to replace that file, as in a dialog; then no manifest is kept

    Raises
    ------
    UserError
        If it has another suffix, is an input, no regular file, or there already and not to be replaced.
    """
    path, inputs = Path(path), inputs or Inputs()
    check_suffix(path, suffixes, what, to_write=True, packed=packed)
    if not path.name.isprintable():
        raise UserError(f"{path.parent}: the name of a file to write must be text without control characters, got {path.name!a}")
    check_name(path)
    inputs.check(path)
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise UserError(f"{path}: must be the name of a file to write, got {'a folder' if path.is_dir() else 'what is no regular file'}")
    if not path.parent.is_dir():
        raise UserError(f"{path}: cannot be written because the folder {path.parent} does not exist")
    if agreed:
        return FileClaim(path, None)
    claim = Claim(path.parent, command, re.escape(path.name), inputs, overwrite, alone=True)
    claim.check()
    return FileClaim(path, claim)
