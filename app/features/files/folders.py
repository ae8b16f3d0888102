"""What opening a folder opens."""

import os
from pathlib import Path

from difffit_app.state.project.reading import is_map, is_model, is_project
from difffit_core.errors import UserError

_MOST = 20


def files_in(folder: Path) -> list[Path]:
    """The project in a folder, or else its maps and then its models; folders in it are left alone.

    Raises
    ------
    UserError
        If it cannot be looked into, or holds nothing, several projects, or more than can sensibly be opened at once.
    """
    try:
        files = sorted(path for path in folder.iterdir() if os.path.isfile(path) and not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder}: cannot be looked into ({error.strerror or error})") from error
    projects = [path for path in files if is_project(path)]
    if len(projects) == 1:
        return projects
    if projects:
        raise UserError(f"{folder}: holds {len(projects)} projects; open one of them")
    found = [path for path in files if is_map(path)] + [path for path in files if is_model(path)]
    if not found:
        raise UserError(f"{folder}: holds no map, model or project")
    if len(found) > _MOST:
        raise UserError(f"{folder}: holds {len(found)} maps and models, and at most {_MOST} are opened with a folder; choose some of them")
    return found
