"""Colours of chains and of accepted copies, the same in the window, in reports and in what is handed to other programs."""

import colorsys
from collections.abc import Sequence

CHAIN_COLOURS = ("#e8894a", "#4f9fd8", "#6cb865", "#b585d6", "#e0c24c", "#4fc0b5", "#e07a94", "#d957b8", "#a8622d", "#7c8be0")
COPY_COLOURS = ("#2b5aa5", "#c8382a", "#1f7d42", "#8240a6", "#b3820a", "#0d8089", "#ab2870", "#70441f", "#4a46c4", "#66780f")
"""Of the copies: ten that are deeper than those of chains, so that what is accepted stands off what is not, and then shades of them."""

_SHADES = (0.0, 0.17, -0.17)
"""Added to the lightness of the colours when they are gone through again."""
_TURN = 0.04
"""Of the circle of hues, by which they are turned each time that all shades were used."""


def chain_colour(number: int) -> str:
    """``#rrggbb`` of the ``number``-th chain of all that are open or handed over, counting from 0."""
    return colour_in_turn(CHAIN_COLOURS, number)


def copy_colour(number: int) -> str:
    """``#rrggbb`` of the ``number``-th copy in a composite, counting from 0."""
    return colour_in_turn(COPY_COLOURS, number)


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
