"""Saving what is open as a project."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.state.project.contents import arrays_of, bent_of, packed_of, project_of
from difffit_app.state.project.reading import state_of
from difffit_app.state.project.view import CameraView, view_of
from difffit_app.state.saving import FileState
from difffit_app.state.session import Session
from difffit_app.workers.lane import Context, Job
from difffit_core.project.store import PROJECT_SUFFIX, save_project


class ProjectsController:
    """Writes off the GUI thread, because inputs are read again for their checksums."""

    def __init__(self, desk: Desk, camera: CameraView) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._camera, self._prompts, self._exports = desk.messages, camera, desk.prompts, desk.exports
        self._commands = desk.commands

    def save(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Save everything, and once that is done, ``then``; ``.difffit`` is added to a name without it."""
        path = _with_suffix(path)
        if self._exports.claim(path, (PROJECT_SUFFIX,), "project", of_project=True) is None or not self._may_write_over(path):
            return
        contents = self._session.copy()
        with self._commands.doing("save", {"file": str(path)}):
            self._write(path, contents, lambda seen: self._saved(contents, path, seen, then))

    def save_then(self, then: Callable[[], object]) -> None:
        """Save, and once that is done, ``then``; replaced by whoever can ask where to."""
        if self._session.path is not None:
            self.save(self._session.path, then)

    def save_packed_copy(self, path: Path) -> None:
        """Write a project that holds its maps and models itself, to pass on; what is open is still about its own file."""
        path = _with_suffix(path)
        if self._exports.claim(path, (PROJECT_SUFFIX,), "project") is None:
            return
        contents = self._session.copy()
        contents.pack = True
        self._write(path, contents, lambda _: self._told(path))

    def _write(self, path: Path, contents: Session, on_done: Callable[[FileState], None]) -> None:
        fileless = [item.name for item in contents.inputs if item.stamp is None]
        if fileless:
            self._messages.show_notice(f"{fileless[0]} was not read from a file, so the project cannot refer to it.", "error")
            return
        view = view_of(contents, self._view_state, self._camera)

        def work(_: Context) -> FileState:
            save_project(path, project_of(contents, view, path), arrays_of(contents), packed_of(contents), bent_of(contents))
            return state_of(path)

        self._messages.show_activity(f"Saving {path.name} …")
        self._jobs.read(Job(f"saving {path.name}", work, on_done, lambda _: self._messages.show_activity("")))

    def _may_write_over(self, path: Path) -> bool:
        """Ask if the project's own file is not as it was left here: another window, or another computer, saved it since."""
        now = state_of(path)
        if path != self._session.path or self._session.seen is None or now in (None, self._session.seen):
            return True
        return self._prompts.confirm(f"{path.name} was changed since it was opened or saved here. Write over it?", "Write over it")

    def _saved(self, contents: Session, path: Path, seen: FileState, then: Callable[[], object]) -> None:
        self._session.mark_copy_saved(contents, path, seen)
        self._told(path)
        then()

    def _told(self, path: Path) -> None:
        self._messages.show_activity("")
        self._messages.show_notice(f"Saved {path}", "info")


def _with_suffix(path: Path) -> Path:
    return path if path.suffix.lower() == PROJECT_SUFFIX else path.with_name(path.name + PROJECT_SUFFIX)
