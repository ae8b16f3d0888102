"""Where the window writes to when asked: never over what is open, under the name that the file's kind has, whole or not at all."""

from collections.abc import Callable, Iterable
from pathlib import Path

from difffit_app.messages import MessagesView, tell
from difffit_app.state.session import Session
from difffit_app.workers.jobs import Jobs
from difffit_app.workers.lane import Job
from difffit_core.errors import UserError
from difffit_core.output import Claim, FileClaim, Inputs, claim_file, claim_folder

_PACKED = ("map", "model")
"""What its writers gzip where the name ends in .gz."""


class Exports:
    """Claims places for what is exported, and writes there in the worker for files."""

    def __init__(self, session: Session, jobs: Jobs, messages: MessagesView) -> None:
        self._session, self._jobs, self._messages = session, jobs, messages

    def inputs(self, *more: Path | None) -> Inputs:
        """Every map and model that is open, and ``more``."""
        return Inputs([*(one.stamp.path for one in self._session.inputs if one.stamp is not None), *more], "is open here")

    def claim(self, path: Path, suffixes: tuple[str, ...], what: str, *, of_project: bool = False) -> FileClaim | None:
        """Claim a file that was chosen in a dialog, which asked before an old one is replaced; None where the user was told why not.

        Parameters
        ----------
        path : a name without a suffix gets the first one
        suffixes, what : which ends its name may have, and what it is
        of_project : whether it is the project that is open, which goes over its own file
        """
        path = path if path.suffix else path.with_name(path.name + suffixes[0])
        inputs = self.inputs(None if of_project else self._session.path)
        try:
            return claim_file(path, command="", suffixes=suffixes, what=what, packed=what in _PACKED, inputs=inputs, agreed=True)
        except UserError as error:
            tell(self._messages, f"writing {path.name}", error)
            return None

    def claim_folder(self, folder: Path, command: str, names: str, *, more: Iterable[Path | None] = ()) -> Claim | None:
        """Claim a folder that was chosen in a dialog for files of some names; None where the user was told why not."""
        try:
            return claim_folder(folder, command=command, names=names, inputs=self.inputs(self._session.path, *more), offered="")
        except UserError as error:
            tell(self._messages, f"writing into {folder.name}", error)
            return None

    def write(self, path: Path, suffixes: tuple[str, ...], what: str, writer: Callable[[Path], None]) -> None:
        """Write a file that was chosen in a dialog, and say so once it is there."""
        place = self.claim(path, suffixes, what)
        if place is not None:
            self._jobs.read(
                Job(
                    f"writing {place.path.name}",
                    lambda _: place.write(writer),
                    lambda _: self._messages.show_notice(f"Wrote {place.path}", "info"),
                )
            )
