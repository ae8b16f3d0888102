"""The files that were opened last, kept from one start to the next."""

from collections.abc import Sequence
from pathlib import Path

from psygnal import Signal
from PySide6.QtCore import QSettings

from difffit_app.state.project.reading import is_project

MOST, PROJECTS = 12, 3
"""How many are kept, and how many projects of these at least: opening a folder of models must not drop the project of the day."""
_KEY = "files/recent"


class RecentFiles:
    """Paths, the newest first, at most `MOST`, among them the newest `PROJECTS` projects."""

    changed = Signal()

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def paths(self) -> list[Path]:
        stored = self._settings.value(_KEY, [])
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return newest([Path(text) for text in texts if isinstance(text, str) and text], MOST)

    def add(self, path: Path) -> None:
        """Put a file at the head of the list."""
        path = path.absolute()
        self._keep([path, *(other for other in self.paths if other != path)])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, paths: list[Path]) -> None:
        self._settings.setValue(_KEY, [str(path) for path in newest(paths, MOST)])
        self._settings.sync()
        self.changed.emit()


def newest(paths: Sequence[Path], most: int) -> list[Path]:
    """Of paths, the newest first, so many: the newest `PROJECTS` projects, and else what is newest."""
    kept = [path for path in paths if is_project(path)][:PROJECTS]
    others = [path for path in paths if path not in kept][: most - len(kept)]
    return [path for path in paths if path in kept or path in others]
