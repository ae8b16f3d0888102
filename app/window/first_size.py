"""How large a window is that nobody has sized yet."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication

_USUAL, _LARGEST, _OF_SCREEN = QSize(1280, 800), QSize(1920, 1200), 0.85


def first_size() -> QSize:
    """Most of the screen, but no more than one can look over."""
    screen = QGuiApplication.primaryScreen()
    if screen is None:
        return _USUAL
    room = screen.availableSize()
    return (room * _OF_SCREEN).boundedTo(_LARGEST).expandedTo(_USUAL.boundedTo(room))
