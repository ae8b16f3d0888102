"""What was on the screen is read from a project, from those of earlier versions, and where parts of it make no sense."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.state.project.view_record import View
from difffit_app.styles import MapStyle
from difffit_core.project.store import open_project

GOOD = MapStyle(level=0.3, colour="#112233", opacity=1.0, visible=True).model_dump()
HAND = {"model": "model-1", "chains": ["D"], "pose": {"rotation": np.eye(3).tolist(), "translation": [0, 0, 0]}}
SELECTED = {"model-1": [[3, 5], [9, 9]]}
KEPT: dict[str, Any] = {"metric": "hits", "hand": HAND, "maps": {"map-1": GOOD, "map-2": GOOD}, "selection": SELECTED}


def test_of_golden_projects(repository: Path) -> None:
    project, _ = open_project(repository / "tests" / "golden" / "schema_1.difffit")
    view, problems = View.read(project.view)
    assert (problems, view.maps["map-1"].level) == ([], 0.25)
    assert view.camera is not None
    assert view.camera.position == (0.0, 0.0, 90.5)
    project, _ = open_project(repository / "tests" / "golden" / "schema_1_composites.difffit")
    view, problems = View.read(project.view)
    assert (problems, view.replay_step, view.raw) == ([], 7, True)
    assert (view.selected_composite, view.significant_only) == ("composite-1", True)
    assert view.hand is not None
    assert (view.hand.chains, view.conditions[0].metric) == (("D",), "hits")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"hand": {**HAND, "chains": []}}, {"hand": None}),
        ({"maps": {"map-1": {**GOOD, "opacity": 7}, "map-2": GOOD}}, {"maps": {"map-2": MapStyle.model_validate(GOOD)}}),
        ({"maps": 5}, {"maps": {}}),
        ({"selection": {**SELECTED, "model-2": [[1, "x"]]}}, {}),
        ({"of_the_future": [1]}, {}),
        ({"metric": 3, "gallery_size": 0}, {"metric": "local_correlation", "gallery_size": 4}),
    ],
)
def test_what_makes_no_sense_is_named_and_the_rest_is_shown(change: dict[str, Any], left: dict[str, Any]) -> None:
    view, problems = View.read({**KEPT, **change})
    assert view == View.read(KEPT)[0].model_copy(update=left)
    assert len(problems) == len(change)
    for name, problem in zip(change, problems, strict=True):
        assert f"of the screen {name}" in problem


def test_it_is_kept_and_read_again() -> None:
    view, _ = View.read(KEPT)
    assert View.read(view.kept()) == (view, [])
