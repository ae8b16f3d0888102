"""The legend against what is drawn: after each kind of step it has the colours that are in the view, and no other."""

from collections.abc import Callable
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.state.changes.of_session import AddComposite, AddFit
from difffit_app.state.items import OpenFit
from difffit_core.pose import Pose
from difffit_core.project.composites import CompositeRecord


def drawn(application: Application) -> set[str]:
    """Colours of all models that can be seen in the fit view."""
    drawing = application.window.viewer.fit.drawing
    actors = [*drawing.models.values(), *([drawing.bent.actor] if drawing.bent.actor is not None else [])]
    found: set[str] = set()
    for actor in actors:
        if actor.actor.GetVisibility() and not actor.is_empty:
            colours = np.unique(vtk_to_numpy(actor._data.GetPointData().GetScalars()), axis=0)
            found |= {"#" + bytes(one.astype(np.uint8)).hex() for one in colours}
    for actor in drawing.composite.actors:
        if actor.GetVisibility():
            found.add("#" + bytes(round(255 * part) for part in actor.GetProperty().GetColor()).hex())
    return found


def told(application: Application) -> set[str]:
    return {colour for key in application.window.viewer.fit.explaining.keys.keys for colour, _ in key.swatches}


def test_the_legend_tells_what_is_drawn_after_every_step(
    opened: Application, true_fit: OpenFit, composite_of: Callable[..., CompositeRecord], qtbot: Any
) -> None:
    session, view, history, viewer = opened.session, opened.view_state, opened.history, opened.window.viewer
    chains = len(session.models["model-1"].model.chains)

    def whole() -> None:
        viewer.clear_preview()

    def show_d() -> None:
        viewer.show_preview("model-1", ("D",), Pose.identity())

    def found() -> None:
        viewer.show_preview("model-1", ("D",), Pose.identity())  # a fit that was typed goes while the preview of its search is drawn
        history.do(AddFit(true_fit))
        viewer.clear_preview()

    steps: list[tuple[str, Callable[[], object], int]] = [
        ("opened", lambda: None, chains),
        ("preview", show_d, 1),
        ("preview ends", whole, chains),
        ("chain hidden", lambda: opened.commands.run("hide #2/A"), chains - 1),
        ("chain shown", lambda: opened.commands.run("show #2/A"), chains),
        ("chain painted", lambda: opened.commands.run("colour #2/A red"), chains),
        ("one colour, and a chain painted", lambda: opened.commands.run("style #2 colour-by plain"), 2),
        ("undone", opened.window.actions_by_id["undo"].trigger, chains),
        ("fit found", found, 2),
        ("accepted", lambda: history.do(AddComposite(composite_of(true_fit.record))), -1),
        ("other placement", lambda: session.select_placement(2), -1),
        ("copies hidden", lambda: view.set_accepted_shown(False), 2),
        ("copies shown", lambda: view.set_accepted_shown(True), -1),
        ("fit undone", lambda: session.remove_fit("fit-1"), -1),
        ("model hidden", lambda: view.set_model_style("model-1", visible=False), -1),
        ("model shown", lambda: view.set_model_style("model-1", visible=True), -1),
        ("closed", session.clear, 0),
    ]
    for name, step, count in steps:
        step()
        assert told(opened) == drawn(opened), name
        assert count < 0 or len(told(opened)) == count, (name, told(opened))
