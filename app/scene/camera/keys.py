"""Looking round by keys: arrows turn, with Shift they shift, + and − zoom."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.scene.camera.pose import camera_height

TURN_DEGREES = 5.0
ZOOM = 1.1
_SHIFT = 0.04
"""Of the height of the view."""
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_ZOOMS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM, Qt.Key.Key_Underscore: 1 / ZOOM}


def turn(camera: vtkCamera, right: float, up: float) -> None:
    """Turn what is seen by degrees to the right and upwards, about the middle of the view."""
    camera.Azimuth(-right)
    camera.Elevation(-up)
    camera.OrthogonalizeViewUp()


def shift(camera: vtkCamera, right: float, up: float) -> None:
    """Shift what is seen by parts of the height of the view."""
    view_up = np.array(camera.GetViewUp())
    across = np.cross(camera.GetDirectionOfProjection(), view_up)
    move = -camera_height(camera) * (right * across + up * view_up)
    camera.SetFocalPoint(*(np.array(camera.GetFocalPoint()) + move))
    camera.SetPosition(*(np.array(camera.GetPosition()) + move))


def zoom(camera: vtkCamera, factor: float) -> None:
    """Go nearer, so that what is seen is that many times as large."""
    camera.Dolly(factor)


def press(camera: vtkCamera, event: QKeyEvent) -> bool:
    """Do what a key stands for; whether it stands for anything."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    if key in _ARROWS:
        right, up = _ARROWS[key]
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            shift(camera, _SHIFT * right, _SHIFT * up)
        else:
            turn(camera, TURN_DEGREES * right, TURN_DEGREES * up)
    elif key in _ZOOMS:
        zoom(camera, _ZOOMS[key])
    else:
        return False
    return True
