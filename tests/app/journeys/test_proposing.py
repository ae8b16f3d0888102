"""What was opened or selected last is what is proposed, wherever something is set up."""

import pytest

from difffit_app.application import Application


@pytest.mark.slow
def test_the_last_map_and_model_are_proposed_and_then_what_is_selected(crowded: Application) -> None:
    session, panels = crowded.session, crowded.window.panels
    boxes = [panels[name].map for name in ("Fit", "Compose", "Screen")]
    session.select_map("map-1")
    session.select_model("model-2")
    assert [box.currentData() for box in boxes] == ["map-1"] * 3
    assert panels["Fit"].model.currentData() == "model-2"
    assert panels["Fit"].chains.chosen() == ("D", "E")
    crowded.files.remove("map-1")
    assert session.map is not None
    assert [box.currentData() for box in boxes[1:]] == [session.map.id] * 2
    crowded.window.actions_by_id["undo"].trigger()  # which opens it again
    assert [box.currentData() for box in boxes[1:]] == ["map-1"] * 2
