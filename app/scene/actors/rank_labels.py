"""Ranks written onto spheres."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkTextActor

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.overlay import set_font

_POINTS = 11
_APART = 1.4
"""Of the height of a letter: what is nearer to a better rank stands in its label."""
_WIDE = 0.75
"""A letter, over its height."""
_WORDS, _GROUND = "#ffffff", "#1e232a"
_VEIL, _SOLID = 0.55, 0.95
_MOST_PARTS = 3


class RankLabels:
    """One for each place, the best ranks first, or for places that are seen together; `spread` is to be called before every frame.

    The label in which the selected rank stands has a ground of its own.
    """

    def __init__(self, most: int) -> None:
        self.actors: tuple[vtkTextActor, ...] = tuple(_label() for _ in range(most))
        self._ranks: list[int] = []
        self._places: NDArray[np.float64] = np.zeros((0, 3))
        self._selected: int | None = None
        self._ground = _GROUND
        self._scale = 1.0

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        self._scale = scale
        for actor in self.actors:
            actor.GetTextProperty().SetFontSize(round(_POINTS * scale))

    def set_selected_colour(self, colour: str) -> None:
        """Of the ground of the label in which the selected rank stands."""
        self._ground = colour

    def show(self, ranks: Sequence[int], places: NDArray[np.float64], selected: int | None = None) -> None:
        """Write these, the best first, at places (n, 3) in Å."""
        self._ranks, self._selected = list(ranks[: len(self.actors)]), selected
        self.move(places)

    def move(self, places: NDArray[np.float64]) -> None:
        """Have the same at other places."""
        self._places = places[: len(self.actors)]

    def spread(self, renderer: vtkRenderer) -> None:
        """Put them where their places are seen now."""
        seen: list[tuple[NDArray[np.float64], list[int]]] = []
        letter = _POINTS * self._scale
        left, bottom = renderer.GetOrigin()
        for rank, place in zip(self._ranks, self._places, strict=True):
            renderer.SetWorldPoint((*place.tolist(), 1.0))
            renderer.WorldToDisplay()
            point = np.array(renderer.GetDisplayPoint())[:2] - (left, bottom)
            together = next((ranks for other, ranks in seen if _meet(np.abs(point - other) / letter, ranks, rank)), None)
            if together is None:
                seen.append((point, [rank]))
            else:
                together.append(rank)
        for actor, (point, ranks) in zip(self.actors, seen, strict=False):
            actor.SetInput(in_words(ranks))
            actor.GetPositionCoordinate().SetValue(float(point[0]), float(point[1]), 0.0)
            selected = self._selected in ranks
            look = actor.GetTextProperty()
            look.SetBackgroundColor(*(rgb(self._ground if selected else _GROUND) / 255))
            look.SetBackgroundOpacity(_SOLID if selected else _VEIL)
        for number, actor in enumerate(self.actors):
            actor.SetVisibility(number < len(seen))


def _meet(apart: NDArray[np.float64], ranks: Sequence[int], rank: int) -> bool:
    """Whether a rank would lie on a label that is so many letters (2,) away, to the side and up."""
    wide = _WIDE * (len(in_words(ranks)) + len(str(rank))) / 2
    return bool(apart[0] <= max(wide, _APART) and apart[1] <= _APART)


def in_words(ranks: Sequence[int]) -> str:
    """``1–4, 7, 9, …``: runs, and no more of them than can be read at a glance."""
    runs = [[rank for _, rank in run] for _, run in groupby(enumerate(sorted(ranks)), lambda one: one[1] - one[0])]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}{', ' if len(run) == 2 else '–'}{run[-1]}" for run in runs]
    return ", ".join([*parts[:_MOST_PARTS], *(["…"] if len(parts) > _MOST_PARTS else [])])


def _label() -> vtkTextActor:
    actor = vtkTextActor()
    actor.PickableOff()
    actor.SetVisibility(False)
    actor.GetPositionCoordinate().SetCoordinateSystemToViewport()
    look = actor.GetTextProperty()
    set_font(look, bold=True)
    look.SetFontSize(_POINTS)
    look.SetColor(*(rgb(_WORDS) / 255))
    look.SetJustificationToCentered()
    look.SetVerticalJustificationToCentered()
    return actor
