"""The program's icon, drawn from its SVG as Windows and macOS want it: one file with several sizes."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_LARGEST = 1024
_OF_WINDOWS = [(size, size) for size in (16, 24, 32, 48, 64, 128, 256)]


def drawn(svg: Path, file: Path) -> Path:
    """Draw it into an .ico or .icns file, transparent where nothing is."""
    image = QImage(_LARGEST, _LARGEST, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.read_bytes())).render(painter)
    painter.end()
    picture = Image.frombytes("RGBA", (_LARGEST, _LARGEST), bytes(image.constBits()), "raw", "RGBA", image.bytesPerLine())
    picture.save(file, **({"sizes": _OF_WINDOWS} if file.suffix == ".ico" else {}))
    return file
