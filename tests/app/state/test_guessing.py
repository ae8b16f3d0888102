"""What the resolution of a map may be, where nothing says it."""

from dataclasses import replace

import pytest

from difffit_app.state.guessing import guessed_resolution
from difffit_app.state.items import OpenMap
from difffit_app.state.session import Session


@pytest.mark.parametrize(("scale", "guess"), [(1.0, 8.5), (1.005, 8.5), (2.0, 12.0), (0.5, 3.0)])
def test_it_is_that_of_a_map_with_such_voxels_or_three_of_them(open_map: OpenMap, scale: float, guess: float) -> None:
    session, density = Session(), open_map.density
    session.add_map(open_map)
    session.add_map(replace(open_map, id="map-2", density=replace(density, voxel_size=density.voxel_size * scale)))
    assert guessed_resolution(session, "map-1") == 6.0, "nothing is known of either: three voxels of 2 Å"
    session.set_resolution("map-1", 8.5)
    assert guessed_resolution(session, "map-2") == guess
