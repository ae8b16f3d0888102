"""What the colours and sizes of the spheres mean, written into the view itself."""

import math

from vtkmodules.vtkRenderingCore import vtkActor2D

from difffit_app.scene.actors.overlay import Shape, Text, disc, gradient, together
from difffit_app.scene.actors.spheres_actor import SCORE_COLOURS, sphere_radii

_LEFT, _BAR_WIDTH, _BAR_BOTTOM, _BAR_HEIGHT, _TITLE = 12.0, 150.0, 30.0, 9.0, 45.0
_LARGEST_DISC, _DISCS_LEFT, _GAP = 9.0, 186.0, 6.0
_DISC_COLOUR = "#8d96a3"


class LegendActor:
    """A bar of colours from the least to the greatest value, and discs for the fewest and the most hits, in the lower left corner."""

    def __init__(self) -> None:
        corner = (0.0, 0.0)
        self._shape = Shape(corner)
        self._title, self._low, self._high = Text(corner, bold=True), Text(corner), Text(corner, right=True)
        self._hits = Text(corner)
        self._texts = (self._title, self._low, self._high, self._hits)
        self._scale, self._colour = 1.0, "#000000"
        self._ground: str | None = None
        self._told: tuple[str, float, float, int, int, int] | None = None
        self._show()

    @property
    def actors(self) -> tuple[vtkActor2D, ...]:
        return (self._shape.actor, *(text.actor for text in self._texts))

    @property
    def words(self) -> str:
        """The same for those who cannot see it; empty where nothing is shown."""
        if self._told is None:
            return ""
        name, low, high, fewest, most, dots = self._told
        left, right = legend_labels(low, high)
        rest = f" Dots: {dots} more that may be chance." if dots else ""
        return f"Colour: {name}, from {left} (violet) to {right} (yellow). Size: {fewest} to {most} hits. Number: rank.{rest}"

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        if scale != self._scale:
            self._scale = scale
            self._show()

    def set_colours(self, words: str, ground: str | None) -> None:
        """Of the words, and of the veil behind them, if there is to be one."""
        self._colour, self._ground = words, ground
        self._show()

    def tell(self, name: str, low: float, high: float, fewest: int, most: int, dots: int = 0) -> None:
        """Show the ends of a metric, and of the hits; so many placements are only ``dots``."""
        self._told = (name, low, high, fewest, most, dots)
        self._show()

    def clear(self) -> None:
        self._told = None
        self._show()

    def _show(self) -> None:
        for actor in self.actors:
            actor.SetVisibility(self._told is not None)
        if self._told is None:
            return
        name, low, high, fewest, most, dots = self._told
        left, right = legend_labels(low, high)
        hits = f"{fewest} to {most} hits" if fewest < most else f"{most} hit{'' if most == 1 else 's'} each"
        small, large = sphere_radii([fewest, most], _LARGEST_DISC)
        middle = _BAR_BOTTOM + _BAR_HEIGHT / 2
        first, second = _DISCS_LEFT + small, _DISCS_LEFT + 2 * small + _GAP + large
        discs = [disc(second, middle, large, _DISC_COLOUR)]
        if fewest < most:
            discs.append(disc(first, middle, small, _DISC_COLOUR))
        self._shape.draw(*together(gradient(_LEFT, _BAR_BOTTOM, _BAR_WIDTH, _BAR_HEIGHT, SCORE_COLOURS), *discs), self._scale)
        for text, words, x, y in (
            (self._title, name, _LEFT, _TITLE),
            (self._low, left, _LEFT, _LEFT),
            (self._high, right, _LEFT + _BAR_WIDTH, _LEFT),
            (self._hits, f"{hits}  ·  {dots} as dots" if dots else hits, _DISCS_LEFT, _LEFT),
        ):
            text.write(words, self._colour, self._ground)
            text.place(x, y, self._scale)


def legend_labels(low: float, high: float) -> tuple[str, str]:
    """Both ends with the decimals that tell them apart to a hundredth of their distance."""
    distance = high - low if high > low else abs(high) or 1.0
    decimals = max(0, 1 - math.floor(math.log10(distance)))
    if decimals > 4 or max(abs(low), abs(high)) >= 1e5:
        return f"{low:.1e}", f"{high:.1e}"
    return f"{low:z.{decimals}f}", f"{high:z.{decimals}f}"
