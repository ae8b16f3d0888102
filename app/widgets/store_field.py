"""A field for the place where a run keeps what it finds."""

import os
from pathlib import Path

from PySide6.QtWidgets import QWidget

from difffit_app.widgets.path_field import PathField
from difffit_core.io.files import stem_of


class StoreField(PathField):
    """A place named after the library that is run through, until its user chooses another; ``own`` says that one was chosen."""

    def __init__(self, name: str, tip: str, ending: str, suffix: str = "", placeholder: str = "", parent: QWidget | None = None) -> None:
        """Suggest names like ``library_screen.sqlite``, of an ``ending`` like ``_screen`` and a ``suffix``; of a folder without one."""
        super().__init__(name, tip, placeholder, parent)
        self._ending, self._suffix = ending, suffix
        self.own = False
        self.edited.connect(self._keep)

    def suggest(self, library: Path | None, project: Path | None) -> None:
        """A place that is free yet, beside the project, or else the library; nothing where one was chosen."""
        if library is None or self.own:
            return
        folder = project.parent if project is not None else library.absolute().parent
        name = stem_of(Path(f"{library.name}.x" if os.path.isdir(library) else library.name)) or "library"
        number, path = 1, folder / f"{name}{self._ending}{self._suffix}"
        while os.path.exists(path):
            number += 1
            path = folder / f"{name}{self._ending}_{number}{self._suffix}"
        self.set_path(path)

    def choose(self, path: Path, own: bool = True) -> None:
        """A place that was chosen, or one that another suggestion may take the place of."""
        self.own = own
        self.set_path(path)

    def _keep(self) -> None:
        self.own = True
