"""A project with its maps and models in it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from difffit_core.errors import UserError
from difffit_core.project.inputs import absolute_input, locate_inputs, relative_input
from difffit_core.project.store import PROJECT_SUFFIX, open_bent, open_project, save_project


def pack_project(path: Path, target: Path) -> None:
    """Write the project at ``path`` with all its inputs in it to ``target``.

    Raises
    ------
    UserError
        If the project cannot be read, an input is missing or has changed, or the target cannot be written.
    """
    if target.suffix.lower() != PROJECT_SUFFIX:
        raise UserError(f"{target}: the name of a project must end in {PROJECT_SUFFIX}, got '{target.name}'")
    project, arrays = open_project(path)
    with TemporaryDirectory() as scratch:
        files: dict[str, Path] = {}
        for identifier, place in locate_inputs(project, path, Path(scratch)).items():
            if not isinstance(place, Path):
                raise UserError(str(place))
            files[identifier] = place
        inputs = tuple(relative_input(absolute_input(entry, path), target) for entry in project.inputs)
        save_project(target, project.model_copy(update={"inputs": inputs, "pack": True}), arrays, files, open_bent(path, project))
