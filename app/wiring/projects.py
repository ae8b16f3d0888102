"""Saving projects."""

from pathlib import Path

from difffit_app.controllers.projects import ProjectsController
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> ProjectsController:
    session = parts.session
    controller = ProjectsController(session, parts.view_state, parts.jobs, parts.window, parts.window.viewer, parts.dialogs)

    def save_as() -> None:
        suggestion = str(session.path or "project.difffit")
        path = parts.dialogs.ask_where_to_save("Save project", suggestion, "Projects (*.difffit)")
        if path is not None:
            controller.save(path)

    def save_packed() -> None:
        suggestion = (session.path or Path("project.difffit")).with_stem(f"{session.path.stem if session.path else 'project'}_packed")
        path = parts.dialogs.ask_where_to_save("Save packed copy", str(suggestion), "Projects (*.difffit)")
        if path is not None:
            controller.save_packed_copy(path)

    handlers |= {"save_packed": save_packed}
    handlers |= {"save": lambda: controller.save(session.path) if session.path else save_as(), "save_as": save_as}
    return controller
