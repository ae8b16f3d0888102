"""What is selected stands out among whatever colours there are."""

import numpy as np

from difffit_app.geometry.colours import glowing, rgb
from difffit_app.scene.drawings.compared_drawing import COLOUR
from difffit_core.colours import chain_colour, copy_colour


def test_what_is_selected_is_like_no_chain_and_no_copy() -> None:
    """A selected chain had been all but of the colour of the third one, which is green."""
    every = np.array([rgb(one) for one in (*map(chain_colour, range(60)), *map(copy_colour, range(60)), COLOUR)])
    apart = np.abs(glowing(every)[:, None].astype(int) - every[None]).sum(axis=-1)
    assert apart.min() > 120
    assert len(np.unique(glowing(every), axis=0)) > 1, "a hint of its own colour is left"
