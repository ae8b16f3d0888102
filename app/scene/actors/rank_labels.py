"""Ranks written onto spheres."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkRenderer, vtkTextActor

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.overlay import set_font

_POINTS = 11
_APART = 1.4
"""Of the height of a letter: what is nearer to a better rank is left out."""
_WORDS, _GROUND = "#ffffff", "#1e232a"


class RankLabels:
    """As many as there is room for, the best ranks first; `spread` is to be called before every frame."""

    def __init__(self, most: int) -> None:
        self.actors: tuple[vtkActor2D, ...] = tuple(_label() for _ in range(most))
        self._places: NDArray[np.float64] = np.zeros((0, 3))
        self._scale = 1.0

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        self._scale = scale
        for actor in self.actors:
            actor.GetTextProperty().SetFontSize(round(_POINTS * scale))

    def show(self, ranks: Sequence[int], places: NDArray[np.float64]) -> None:
        """Write these, the best first, at places (n, 3) in Å."""
        self._places = places[: len(self.actors)]
        for actor, rank in zip(self.actors, ranks, strict=False):
            actor.SetInput(str(rank))
        for actor in self.actors[len(self._places) :]:
            actor.SetVisibility(False)

    def move(self, places: NDArray[np.float64]) -> None:
        """Have the same at other places."""
        self._places = places[: len(self.actors)]

    def spread(self, renderer: vtkRenderer) -> None:
        """Put them where their places are seen now, and leave out what would lie on another."""
        taken: list[NDArray[np.float64]] = []
        reach = _APART * _POINTS * self._scale
        left, bottom = renderer.GetOrigin()
        for actor, place in zip(self.actors, self._places, strict=False):
            renderer.SetWorldPoint((*place.tolist(), 1.0))
            renderer.WorldToDisplay()
            point = np.array(renderer.GetDisplayPoint())[:2] - (left, bottom)
            free = all(np.abs(point - other).max() > reach for other in taken)
            actor.SetVisibility(free)
            if free:
                taken.append(point)
                actor.GetPositionCoordinate().SetValue(float(point[0]), float(point[1]), 0.0)


def _label() -> vtkTextActor:
    actor = vtkTextActor()
    actor.PickableOff()
    actor.SetVisibility(False)
    actor.GetPositionCoordinate().SetCoordinateSystemToViewport()
    look = actor.GetTextProperty()
    set_font(look, bold=True)
    look.SetFontSize(_POINTS)
    look.SetColor(*(rgb(_WORDS) / 255))
    look.SetBackgroundColor(*(rgb(_GROUND) / 255))
    look.SetBackgroundOpacity(0.55)
    look.SetJustificationToCentered()
    look.SetVerticalJustificationToCentered()
    return actor
