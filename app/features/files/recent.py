"""The files that were opened last, kept from one start to the next."""

from pathlib import Path

from psygnal import Signal
from PySide6.QtCore import QSettings

MOST = 12
_KEY = "files/recent"


class RecentFiles:
    """Paths, the newest first, at most `MOST`."""

    changed = Signal()

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def paths(self) -> list[Path]:
        stored = self._settings.value(_KEY, [])
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(text) for text in texts if isinstance(text, str) and text][:MOST]

    def add(self, path: Path) -> None:
        """Put a file at the head of the list."""
        path = path.absolute()
        self._keep([path, *(other for other in self.paths if other != path)])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, paths: list[Path]) -> None:
        self._settings.setValue(_KEY, [str(path) for path in paths[:MOST]])
        self._settings.sync()
        self.changed.emit()
