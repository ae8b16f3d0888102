"""What of a session is in its project's file, and what was done in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from difffit_app.state.telling import SessionEvents, Telling
from difffit_core.project.schema import StepRecord

MOST_STEPS = 1000
FileState = tuple[int, int] | None
"""When a file was written (ns) and how large it is, to tell whether it is another now; None for no file."""


class Saving(Telling):
    """``path`` is the project's file, ``seen`` what that was like when it was last read or written here.

    ``dirty`` says whether it lacks something, ``pack`` that it holds the maps and models itself; ``steps`` is what was done in the project.
    ``revision`` counts changes, and ``opening`` how often everything was closed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.events = SessionEvents()
        self.path: Path | None = None
        self.seen: FileState = None
        self.pack = False
        self.dirty = False
        self.revision = self.opening = 0
        self.steps: tuple[StepRecord, ...] = ()

    def mark_saved(self, path: Path | None) -> None:
        """Everything is in the file ``path`` now (None: there is nothing to keep)."""
        self.path, self.dirty = path, False
        self._tell(self.events.saved_state_changed)

    def mark_copy_saved(self, copy: Self, path: Path, seen: FileState) -> None:
        """What ``copy`` held is in the file ``path`` now; what was changed since is not. It is no matter once everything was closed."""
        if copy.opening != self.opening:
            return
        self.seen = seen
        if copy.revision == self.revision:
            self.mark_saved(path)
        else:
            self.path = path
            self._tell(self.events.saved_state_changed)

    def mark_recovered(self, path: Path | None) -> None:
        """It is a later state of the file ``path``, or of none, than is in that."""
        self.path = path
        self.mark_changed()

    def note(self, text: str) -> None:
        """Write down what was done, with the time."""
        step = StepRecord(text=text, when=datetime.now(UTC).isoformat(timespec="seconds"))
        self.steps = (*self.steps, step)[-MOST_STEPS:]

    def mark_changed(self) -> None:
        """Something that a project keeps differs from the file."""
        self.dirty, self.revision = True, self.revision + 1
        self._tell(self.events.saved_state_changed)
