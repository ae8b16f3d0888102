"""Colours that are told apart, as many as are needed."""

import colorsys
from collections.abc import Sequence

_SHADES = (0.0, 0.17, -0.17)
"""Added to the lightness of the colours when they are gone through again."""
_TURN = 0.04
"""Of the circle of hues, by which they are turned each time that all shades were used."""


def colour_in_turn(colours: Sequence[str], number: int) -> str:
    """The ``number``-th, counting from 0, of an endless row of ``#rrggbb``: the colours, then lighter, then darker, then turned in hue."""
    round_, place = divmod(number, len(colours))
    if round_ == 0:
        return colours[place]
    turns, shade = divmod(round_, len(_SHADES))
    red, green, blue = (int(colours[place][i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lightness = min(max(lightness + _SHADES[shade], 0.12), 0.88)
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb((hue + turns * _TURN) % 1, lightness, saturation))
