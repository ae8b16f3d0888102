"""What the colours of models mean, written into the upper left corner of a view."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor2D

from difffit_app.geometry.key import MOST_SWATCHES, Key
from difffit_app.scene.actors.overlay import Shape, Text, gradient, together

MOST_KEYS = 3
_LEFT, _TOP, _LINE, _SWATCH, _INDENT, _BAR, _GAP = 12.0, -10.0, 16.0, 10.0, 16.0, 120.0, 6.0
_CORNER = (0.0, 1.0)
_BELOW = 34.0
"""Points at the lower end of a view that are left to others."""
_AND_MORE = ("", "and more")


class KeysActor:
    """Up to `MOST_KEYS` of them, as far as the view has room, one under another, and below how many more there would be."""

    def __init__(self) -> None:
        self._shape = Shape(_CORNER)
        self._titles = [Text(_CORNER, bold=True) for _ in range(MOST_KEYS)]
        self._words = [Text(_CORNER) for _ in range(MOST_KEYS * MOST_SWATCHES)]
        self._rest = Text(_CORNER)
        self._wanted: tuple[Key, ...] = ()
        self._keys: tuple[Key, ...] = ()
        self._more = 0
        self._room = (math.inf, math.inf)
        self._scale, self._colour = 1.0, "#000000"
        self._ground: str | None = None
        self._show()

    @property
    def actors(self) -> tuple[vtkActor2D, ...]:
        return (self._shape.actor, *(text.actor for text in chain(self._titles, self._words, (self._rest,))))

    @property
    def keys(self) -> tuple[Key, ...]:
        """Those that are shown."""
        return self._keys

    @property
    def rest(self) -> str:
        """What is said of those for which there is no room."""
        return f"and {self._more} more with colours of {'its' if self._more == 1 else 'their'} own" if self._more else ""

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        self._scale = scale
        self._show()

    def set_colours(self, words: str, ground: str | None) -> None:
        """Of the words, and of the veil behind them, if there is to be one."""
        self._colour, self._ground = words, ground
        self._show()

    def tell(self, keys: Sequence[Key]) -> None:
        """Show these, as far as there is room, and say how many are left out."""
        self._wanted = tuple(keys)
        self._show()

    def set_room(self, width: int, height: int) -> None:
        """How many pixels the view has."""
        room = (width / self._scale, height / self._scale)
        if width and height and room != self._room:
            self._room = room
            self._show()

    def _choose(self) -> None:
        """As many as there is room for; of the last, maybe not all swatches."""
        chosen: list[Key] = []
        left = self._room[1] + _TOP - _BELOW
        for number, key in enumerate(self._wanted[:MOST_KEYS]):
            lines = math.inf if left == math.inf else int(left // _LINE) - (number + 1 < len(self._wanted))
            needed = 1 + 2 * bool(key.stops) + len(key.swatches)
            if needed > lines:
                if key.swatches and lines > 2:
                    chosen.append(replace(key, swatches=(*key.swatches[: int(lines) - 2], _AND_MORE)))
                break
            chosen.append(key)
            left -= needed * _LINE + _GAP
        self._keys, self._more = tuple(chosen), len(self._wanted) - len(chosen)

    def _show(self) -> None:
        self._choose()
        for actor in self.actors:
            actor.SetVisibility(False)
        shapes, words, y = [], iter(self._words), _TOP
        for key, title in zip(self._keys, self._titles, strict=False):
            self._write(title, key.title, _LEFT, y)
            y -= _LINE
            if key.stops:
                shapes.append(gradient(_LEFT, y - _SWATCH - 1, _BAR, _SWATCH - 1, key.stops))
                y -= _LINE
                self._write(next(words), "  –  ".join(key.ends), _LEFT, y)
                y -= _LINE
            for colour, name in key.swatches:
                if colour:
                    shapes.append(gradient(_LEFT, y - _SWATCH - 3, _SWATCH, _SWATCH, (colour, colour)))
                self._write(next(words), name, _LEFT + _INDENT, y)
                y -= _LINE
            y -= _GAP
        if self.rest:
            self._write(self._rest, self.rest, _LEFT, y)
        if shapes:
            points, triangles, colours = together(*shapes)
            self._shape.draw(points, triangles, np.asarray(colours), self._scale)
            self._shape.actor.SetVisibility(True)

    def _write(self, text: Text, words: str, x: float, y: float) -> None:
        text.write(text.shortened(words, self._room[0] - x - _LEFT), self._colour, self._ground)
        text.place(x, y, self._scale)
        text.actor.SetVisibility(True)
