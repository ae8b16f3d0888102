"""What legends say of the colours of models."""

from typing import Any, get_args

import numpy as np
import pytest

from difffit_app.geometry.colours import ColourBy, colour_atoms, rgb
from difffit_app.geometry.key import MOST_SWATCHES, Key, key_of, shortened
from difffit_app.state.items import OpenModel


@pytest.mark.parametrize("colouring", [one for one in get_args(ColourBy) if one != "local_fit"])
def test_every_colouring_has_a_key_with_the_colours_that_are_drawn(open_model: OpenModel, colouring: Any) -> None:
    model, structure = open_model.model, open_model.mesh.structure
    key = key_of("1bd2", model, model.chains, structure, colouring, "#9aa7b8", 3)
    drawn = {tuple(colour) for colour in colour_atoms(model, structure, colouring, "#9aa7b8", 3).tolist()}
    if key.stops:
        assert all(key.ends)
        assert tuple(rgb(key.stops[0])) in drawn
    else:
        told = {tuple(rgb(colour).tolist()) for colour, _ in key.swatches}
        assert told == drawn
    assert key.words.startswith("1bd2")


def test_a_key_has_only_the_chains_that_are_shown_and_as_many_as_there_is_room_for(open_model: OpenModel) -> None:
    model, structure = open_model.model, open_model.mesh.structure
    key = key_of("m", model, model.chains[1:2], structure, "chain", "#9aa7b8", 0)
    assert [name for _, name in key.swatches] == [f"chain {model.chains[1]}"]
    many = shortened([("#000000", f"chain {i}") for i in range(30)])
    assert len(many) == MOST_SWATCHES
    assert many[-1] == ("", "and 22 more")
    assert Key("m", stops=("#000000", "#ffffff"), ends=("0", "1")).words == "m: from 0 to 1"
    assert np.unique([name for _, name in many]).size == MOST_SWATCHES
