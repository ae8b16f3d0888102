"""The directions of x, y and z, in the lower right corner of a view."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCamera

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.overlay import Shape, Text, together

_COLOURS = {"x": "#d1495b", "y": "#3f8f4f", "z": "#2f6fb7"}
_MIDDLE, _LENGTH, _THICK, _BEYOND = (-58.0, 84.0), 30.0, 1.3, 9.0
_CORNER = (1.0, 0.0)


class TriadActor:
    """Three lines with letters, turned as the camera is."""

    def __init__(self) -> None:
        self._shape = Shape(_CORNER)
        self._letters = {name: Text(_CORNER, bold=True) for name in _COLOURS}

    @property
    def actors(self) -> tuple[vtkActor2D, ...]:
        return (self._shape.actor, *(text.actor for text in self._letters.values()))

    def turn(self, camera: vtkCamera, scale: float) -> None:
        """Show them as a camera sees them, ``scale`` pixels a point; what points away is drawn first."""
        forward, up = np.array(camera.GetDirectionOfProjection()), np.array(camera.GetViewUp())
        right = np.cross(forward, up)
        right /= np.linalg.norm(right)
        seen = np.stack([right, np.cross(right, forward), forward])
        axes = sorted(zip(_COLOURS, seen.T, strict=True), key=lambda axis: -axis[1][2])
        self._shape.draw(*together(*(_line(axis[:2] * _LENGTH, _COLOURS[name]) for name, axis in axes)), scale)
        for name, axis in axes:
            x, y = np.array(_MIDDLE) + axis[:2] * (_LENGTH + _BEYOND) - (4.0, 5.0)
            self._letters[name].write(name, _COLOURS[name])
            self._letters[name].place(float(x), float(y), scale)


def _line(end: NDArray[np.float64], colour: str) -> tuple[NDArray, NDArray, NDArray]:
    length = float(np.linalg.norm(end))
    across = np.array([-end[1], end[0]]) / length * _THICK if length > _THICK else np.array([_THICK, 0.0])
    corners = np.array(_MIDDLE) + np.array([across, -across, end - across, end + across])
    return corners, np.array([[0, 1, 2], [0, 2, 3]]), np.tile(rgb(colour), (4, 1))
