"""Where the program keeps what is not the user's work."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

ORGANISATION, PROGRAM = "DiffFit", "DiffFit Desktop"


def log_file() -> Path:
    """The log of this and earlier starts; its folder may not exist yet."""
    return _data() / "log" / "difffit.log"


def recovery_folder() -> Path:
    """Where unsaved work is kept; it may not exist yet."""
    return _data() / "recovery"


def unpacked_folder() -> Path:
    """Where maps and models out of packed projects are put to be read; it may not exist yet."""
    return _data() / "unpacked"


def _data() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)) / ORGANISATION
