"""Pictures of what was on the screen."""

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

_COLOURS, _SETTLED_MS = 256, 250


class Album:
    """Keeps them in a folder as small PNGs, numbered in the order in which they were taken."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self._name = folder, name
        self.pictures: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, title: str) -> None:
        """Everything on the screen, once it has come to rest."""
        QTest.qWait(_SETTLED_MS)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QApplication.primaryScreen().grabWindow(0).save(buffer, "PNG")
        path = self.folder / f"{self._name}_{len(self.pictures) + 1}_{title.replace(' ', '_')}.png"
        with Image.open(io.BytesIO(bytes(buffer.data().data()))) as image:
            small = image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        self.pictures.append(path)
