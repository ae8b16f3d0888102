"""A bar of known length at the depth of the middle of the view."""

import math

from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCamera

from difffit_app.scene.actors.overlay import Shape, Text, gradient
from difffit_app.scene.camera.pose import camera_height

_RIGHT, _BOTTOM, _THICK = -14.0, 14.0, 3.0
_LONGEST = 0.22
"""Of the width of the view."""


class ScaleBarActor:
    """In the lower right corner."""

    def __init__(self, colour: str) -> None:
        self._shape, self._text = Shape((1.0, 0.0)), Text((1.0, 0.0), right=True)
        self._colour = colour

    def set_colour(self, colour: str) -> None:
        self._colour = colour

    @property
    def actors(self) -> tuple[vtkActor2D, ...]:
        return (self._shape.actor, self._text.actor)

    def measure(self, camera: vtkCamera, width: float, height: float, scale: float) -> None:
        """Fit it to a view of that size in pixels, ``scale`` pixels a point."""
        angstroms = camera_height(camera) / height
        length = round_length(_LONGEST * width * angstroms)
        points = length / angstroms / scale
        self._shape.draw(*gradient(_RIGHT - points, _BOTTOM, points, _THICK, (self._colour, self._colour)), scale)
        self._text.write(f"{length:g} Å", self._colour)
        self._text.place(_RIGHT, _BOTTOM + 2 * _THICK, scale)


def round_length(most: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no longer than ``most``."""
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (5, 2, 1) if step * power <= most * (1 + 1e-9))
