"""Styles are checked, and announced only when they change."""

import pytest

from difffit_app.state.metrics import METRICS
from difffit_app.state.view_state import ViewState


def test_maps_get_colours_of_their_own() -> None:
    state = ViewState()
    for number in range(3):
        state.add_map(f"map-{number}", 0.5)
    assert len({style.colour for style in state.maps.values()}) == 3


def test_a_change_is_announced_once() -> None:
    state, heard = ViewState(), []
    state.add_map("map-1", 0.5)
    state.map_style_changed.connect(lambda identifier, style: heard.append((identifier, style.level)))
    state.set_map_style("map-1", level=0.7)
    state.set_map_style("map-1", level=0.7)
    assert heard == [("map-1", 0.7)]


@pytest.mark.parametrize("changes", [{"opacity": 1.5}, {"colour": "blue"}, {"level": float("nan")}, {"shine": 1}])
def test_what_is_out_of_bounds_is_refused(changes: dict[str, object]) -> None:
    state = ViewState()
    state.add_map("map-1", 0.5)
    with pytest.raises(ValueError, match=next(iter(changes))):
        state.set_map_style("map-1", **changes)
    assert state.maps["map-1"].level == 0.5


def test_only_metrics_colour_spheres() -> None:
    state, heard = ViewState(), []
    state.metric_changed.connect(heard.append)
    for name in METRICS:
        state.set_metric(name)
    assert heard == [name for name in METRICS if name != "local_correlation"]
    with pytest.raises(ValueError, match="shape"):
        state.set_metric("shape")
