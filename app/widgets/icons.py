"""Icons as strokes in the colour of the text, from the SVG files that ship with the program."""

from importlib.resources import files

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from difffit_app.theme import Theme

_SIZES = (16, 18, 24, 27, 32, 36, 48, 54, 64)
"""Pixels: 16 and 18 as they are, and at one and a half, two and three times the scale."""


class Icons:
    """Looks icons up by name (``open`` for ``icons/open.svg``) in the colours of a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._made: dict[str, QIcon] = {}

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._made.clear()

    def get(self, name: str) -> QIcon:
        """The icon; `FileNotFoundError` if there is none of that name."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> QIcon:
        text = files("difffit_resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
        icon = QIcon()
        for mode, colour in ((QIcon.Mode.Normal, self._theme.text), (QIcon.Mode.Disabled, self._theme.dim)):
            renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
            for size in _SIZES:
                image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
                image.fill(Qt.GlobalColor.transparent)
                painter = QPainter(image)
                renderer.render(painter)
                painter.end()
                icon.addPixmap(QPixmap.fromImage(image), mode)
        return icon
