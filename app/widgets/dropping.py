"""Files and folders that are dropped onto a panel rather than onto the window."""

import os
from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDropEvent


def dropped_library(event: QDropEvent, also: Collection[str] = ()) -> Path | None:
    """The one folder or list, or file with one of the suffixes ``also``, that is dropped; models and maps are for the window."""
    urls = [url for url in event.mimeData().urls() if QUrl.isLocalFile(url)] if event.mimeData().hasUrls() else []
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 else None
    return path if path is not None and (os.path.isdir(path) or path.suffix in (".txt", ".lst", *also)) else None
