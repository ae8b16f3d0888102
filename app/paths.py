"""Where the program keeps what is not the user's work."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

ORGANISATION, PROGRAM = "DiffFit", "DiffFit Desktop"


def log_file() -> Path:
    """The log of this and earlier starts; its folder may not exist yet."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(base) / ORGANISATION / "log" / "difffit.log"
