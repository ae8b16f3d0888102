"""What the colours and sizes of the spheres mean, written into the view itself."""

import math

from vtkmodules.vtkRenderingCore import vtkActor2D

from difffit_app.scene.actors.overlay import Shape, Text, disc, gradient, together
from difffit_app.scene.actors.spheres_actor import SCORE_COLOURS, sphere_radii

_LEFT, _BAR_WIDTH, _BAR_BOTTOM, _BAR_HEIGHT, _TITLE, _LINE = 12.0, 150.0, 30.0, 9.0, 45.0, 20.0
_LARGEST_DISC, _DISCS_LEFT, _GAP = 9.0, 186.0, 6.0
_DISC_COLOUR = "#8d96a3"


class LegendActor:
    """A bar of colours from the least to the greatest value, and discs for the fewest and the most hits, in the lower left corner.

    The discs stand beside the bar, or above it where the view is too narrow for both.
    """

    def __init__(self) -> None:
        corner = (0.0, 0.0)
        self._shape = Shape(corner)
        self._title, self._low, self._high = Text(corner, bold=True), Text(corner), Text(corner, right=True)
        self._hits, self._dots = Text(corner), Text(corner)
        self._texts = (self._title, self._low, self._high, self._hits, self._dots)
        self._width = math.inf
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

    def set_width(self, pixels: int) -> None:
        """How wide the view is."""
        width = pixels / self._scale
        if pixels and width != self._width:
            self._width = width
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
        few, many = sphere_radii([fewest, most], _LARGEST_DISC)
        radii = [many] if fewest == most else [few, many]
        bar = min(_BAR_WIDTH, self._width - 2 * _LEFT)
        discs_left, middle, lines = self._lay_out([hits, f"{dots} as dots"] if dots else [hits], radii)
        discs = []
        for radius in radii:
            discs.append(disc(discs_left + radius, middle, radius, _DISC_COLOUR))
            discs_left += 2 * radius + _GAP
        self._shape.draw(*together(gradient(_LEFT, _BAR_BOTTOM, bar, _BAR_HEIGHT, SCORE_COLOURS), *discs), self._scale)
        title = self._title.shortened(name, self._width - 2 * _LEFT)
        for text, words, x, y in (
            (self._title, title, _LEFT, _TITLE),
            (self._low, left, _LEFT, _LEFT),
            (self._high, right, _LEFT + bar, _LEFT),
            (self._hits, *lines[0]),
            (self._dots, *(lines[1] if len(lines) > 1 else ("", _LEFT, _LEFT))),
        ):
            text.write(words, self._colour, self._ground)
            text.place(x, y, self._scale)

    def _lay_out(self, parts: list[str], radii: list[float]) -> tuple[float, float, list[tuple[str, float, float]]]:
        """Where the discs begin, at which height their middles are, and lines of words, each with its place."""
        whole, room = "  ·  ".join(parts), self._width - _LEFT
        if _DISCS_LEFT + self._hits.length(whole) <= room:
            return _DISCS_LEFT, _BAR_BOTTOM + _BAR_HEIGHT / 2, [(whole, _DISCS_LEFT, _LEFT)]
        begin = _LEFT + sum(2 * radius + _GAP for radius in radii)
        lines = [whole] if begin + self._hits.length(whole) <= room else parts
        top = _TITLE + _LINE * len(lines)
        return _LEFT, top + _BAR_HEIGHT / 2, [(line, begin, top - number * _LINE) for number, line in enumerate(lines)]


def legend_labels(low: float, high: float) -> tuple[str, str]:
    """Both ends with the decimals that tell them apart to a hundredth of their distance."""
    distance = high - low if high > low else abs(high) or 1.0
    decimals = max(0, 1 - math.floor(math.log10(distance)))
    if decimals > 4 or max(abs(low), abs(high)) >= 1e5:
        return f"{low:.1e}", f"{high:.1e}"
    return f"{low:z.{decimals}f}", f"{high:z.{decimals}f}"
