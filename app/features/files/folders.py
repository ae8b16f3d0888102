"""What opening a folder opens."""

import os
from collections.abc import Mapping, Sequence
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


Inside = Mapping[Path, list[Path] | UserError]
"""What opening folders opens, or why nothing."""


def look_into(folders: Sequence[Path], *, alone: bool) -> Inside:
    """`files_in` of folders; of one ``alone`` the error is raised."""
    found: dict[Path, list[Path] | UserError] = {}
    for folder in folders:
        try:
            found[folder] = files_in(folder)
        except UserError as error:
            if alone:
                raise
            found[folder] = error
    return found


def opened(found: list[Path] | UserError) -> list[Path]:
    """What is inside a folder; raised where that is an error."""
    if isinstance(found, UserError):
        raise found
    return found
