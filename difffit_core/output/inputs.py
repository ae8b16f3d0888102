"""The files that a run reads, which nothing that it writes may replace."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from difffit_core.errors import UserError


class Inputs:
    """Files, and folders of files, that are read; those that are not there are no inputs.

    Parameters
    ----------
    paths : of files and folders; None is skipped, as of a map that came from no file
    used : what is said of such a file
    """

    def __init__(self, paths: Iterable[Path | str | None] = (), used: str = "is read here") -> None:
        self.used = used
        self._paths = [Path(path) for path in paths if path is not None and os.path.exists(path)]

    def holds(self, path: Path) -> bool:
        """Whether it is one of them, under whatever name, or lies in a folder that is."""
        if not os.path.exists(path):
            return False
        return any(os.path.samefile(path, one) or (one.is_dir() and path.resolve().is_relative_to(one.resolve())) for one in self._paths)

    def check(self, path: Path) -> None:
        """Refuse to write to what is read.

        Raises
        ------
        UserError
        """
        if self.holds(path):
            raise UserError(f"{path}: {self.used}, so that it must not be replaced; choose another name")


def inputs_of(recipe: BaseModel, *more: Path | str | None) -> Inputs:
    """Every file and folder that a recipe names, in whichever field, and ``more``."""
    return Inputs([*words_of(recipe.model_dump(mode="json")), *more])


def words_of(value: Any) -> list[str]:
    """All strings in plain data that could be the name of a file."""
    if isinstance(value, str):
        return [value] if value and "\0" not in value and len(value) < 4096 else []
    if isinstance(value, Mapping):
        return [word for one in value.values() for word in words_of(one)]
    return [word for one in value for word in words_of(one)] if isinstance(value, (list, tuple)) else []
