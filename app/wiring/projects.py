"""Saving projects."""

from difffit_app.controllers.projects import ProjectsController
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> ProjectsController:
    session = parts.session
    controller = ProjectsController(session, parts.view_state, parts.jobs, parts.window, parts.window.viewer)

    def save_as() -> None:
        suggestion = str(session.path or "project.difffit")
        path = parts.dialogs.ask_where_to_save("Save project", suggestion, "Projects (*.difffit)")
        if path is not None:
            controller.save(path)

    handlers |= {"save": lambda: controller.save(session.path) if session.path else save_as(), "save_as": save_as}
    return controller
