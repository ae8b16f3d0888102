"""Working maps that are made again from their records."""

from difffit_app.state.items import OpenMap
from difffit_app.state.made_maps import make_open_map, record_of
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import LowPass
from difffit_core.project.working_maps import WorkingMapRecord


def test_what_was_said_of_a_map_is_said_again(open_map: OpenMap) -> None:
    said = ("laid onto fixed.mrc: unique, p = 9e-11, hand same", "averaged over C4")
    recipe = MapRecipe.checked({"map": "map-1", "steps": (LowPass(finest=20.0),)})
    record = WorkingMapRecord(id="map-2", name="low", recipe=recipe, said=said)
    made = make_open_map(record, open_map.density, {})
    assert made.said[:2] == said
    kept = record_of(made)
    assert kept is not None
    assert make_open_map(kept, open_map.density, {}).said == made.said, "and not once more"
