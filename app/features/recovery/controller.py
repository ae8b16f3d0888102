"""Keeping unsaved work where it outlives the program, and offering what was left behind."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.offered import OpenFiles
from difffit_app.state.project.contents import arrays_of, bent_of, project_of
from difffit_app.state.project.view import CameraView, view_of
from difffit_app.state.session import Session
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.project.recovery import Slot, left_behind

logger = logging.getLogger(__name__)

_MOST_OFFERED = 3


class RecoveryController:
    """Keeps at most one copy of what is open, in a slot of this window, as long as it is not saved."""

    def __init__(self, desk: Desk, camera: CameraView, files: OpenFiles, folder: Path) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._camera, self._files, self._folder = desk.messages, camera, files, folder
        self._slot: Slot | None = None
        self._found: list[Slot] = []
        self._kept: tuple[int, int] | None = None
        self._waiting = self._again = self._refused = False
        self._then: list[Callable[[], None]] = []
        desk.session.events.saved_state_changed.connect(self._forget_if_saved)

    def keep(self, then: Callable[[], None] = lambda: None) -> None:
        """Copy what is open if it is not saved and has changed since it was last copied.

        ``then`` is called once what is open now has been copied, be it before or after what is being copied at the moment; not at all if
        nothing is to be kept, or it cannot be.
        """
        session = self._session
        now = (session.opening, session.revision)
        if self._waiting:
            self._again = True
            self._then.append(then)
            return
        if not session.has_unsaved_work:
            return
        if self._kept == now:
            then()
            return
        contents = session.copy()
        _leave_out_fileless(contents)
        if not contents.has_unsaved_work:
            return
        view = view_of(contents, self._view_state, self._camera)

        def work(_: Context) -> None:
            slot = self._slot = self._slot or Slot.create(self._folder)  # known even if the window closes before `done`
            slot.save(project_of(contents, view, slot.path), arrays_of(contents), contents.path, bent_of(contents))

        def done(_: object) -> None:
            self._kept, self._waiting, self._refused = now, False, False
            self._forget_if_saved()
            then()
            self._keep_again()

        self._waiting = True
        self._jobs.read(Job("keeping unsaved work", work, done, self._failed, quiet=True))

    def forget(self) -> None:
        """Keep nothing of what is open."""

        def work(_: Context) -> None:
            if self._slot is not None:
                self._slot.clear()
            self._kept = None

        self._jobs.read(Job("forgetting unsaved work", work, lambda _: None, self._failed, quiet=True))

    def look(self) -> None:
        """Offer what windows that are gone have left behind."""
        self._jobs.read(Job("looking for unsaved work", lambda _: left_behind(self._folder), self._offer, self._not_looked, quiet=True))

    def leave(self) -> None:
        """The window closes as its user wished: nothing of it is kept. What was offered and not answered is, for the next."""
        if self._slot is not None:
            self._slot.remove()
            self._slot = None
        for slot in self._found:
            slot.close()
        self._found.clear()

    def _offer(self, slots: list[Slot]) -> None:
        self._found += slots
        for slot in reversed(slots[:_MOST_OFFERED]):
            name = slot.origin.name if slot.origin else "a project without a name"
            time = slot.saved.astimezone().strftime("%d %b %Y, %H:%M")
            self._messages.show_offer(
                f"DiffFit Desktop ended unexpectedly. Unsaved work in {name} was kept on {time}.",
                {
                    "Recover": partial(self._recover, slot),
                    "Discard": partial(self._discard, slot),
                },
            )

    def _recover(self, slot: Slot) -> None:
        origin = slot.origin
        if origin is not None and not _is_older(origin, slot):
            origin = None  # the user's file is gone or was saved since, and not to be written over unasked
        self._files.recover(slot.path, origin, lambda: self.keep(lambda: self._discard(slot)))

    def _discard(self, slot: Slot) -> None:
        if slot in self._found:
            self._found.remove(slot)
            slot.remove()

    def _forget_if_saved(self) -> None:
        if self._slot is not None and self._kept is not None and not self._waiting and not self._session.dirty:
            self._kept = None
            self._slot.clear()

    def _keep_again(self) -> None:
        """What changed while it was being kept."""
        if self._again:
            then, self._then, self._again = self._then, [], False

            def all_done() -> None:
                for one in then:
                    one()

            self.keep(all_done)

    def _failed(self, _: BaseException) -> object:
        """Told once: it is tried again after every step."""
        self._waiting = self._again = False
        self._then.clear()
        if self._refused:
            return SETTLED
        self._refused = True
        return None

    def _not_looked(self, error: BaseException) -> object:
        logger.warning("no unsaved work was looked for: %s", error)
        return SETTLED


def _leave_out_fileless(contents: Session) -> None:
    """Close what was not read from a file, and what was made with it, which no project can keep: all else is kept."""
    for item in contents.inputs:
        if item.stamp is None:
            (contents.remove_map if item.id in contents.maps else contents.remove_model)(item.id)


def _is_older(path: Path, slot: Slot) -> bool:
    try:
        return path.stat().st_mtime <= slot.path.stat().st_mtime
    except OSError:
        return False
