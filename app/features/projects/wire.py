"""Saving projects."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.project.store import PROJECT_SUFFIX


def wire(desk: Desk, window: MainWindow) -> ProjectsController:
    session = desk.session
    controller = ProjectsController(desk, window.viewer)

    def save_as(then: Callable[[], object] = lambda: None) -> None:
        suggestion = str(session.path or "project.difffit")
        path = desk.prompts.ask_where_to_save("Save project", suggestion, "Projects (*.difffit)")
        if path is not None:
            controller.save(path, then)

    def save(then: Callable[[], object] = lambda: None) -> None:
        if session.path:
            controller.save(session.path, then)
        else:
            save_as(then)

    def save_packed() -> None:
        suggestion = (session.path or Path("project.difffit")).with_stem(f"{session.path.stem if session.path else 'project'}_packed")
        path = desk.prompts.ask_where_to_save("Save packed copy", str(suggestion), "Projects (*.difffit)")
        if path is not None:
            controller.save_packed_copy(path)

    def save_to(path: Path, what: str | None) -> None:
        if what is not None:
            raise UserError("a project holds all that is open")
        controller.save(path)

    desk.commands.writers[PROJECT_SUFFIX] = save_to
    controller.save_then = save  # type: ignore[method-assign]
    window.handlers |= {"save_packed": save_packed, "save": save, "save_as": save_as}
    return controller
