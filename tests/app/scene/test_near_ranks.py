"""Placements that are seen at one place: their ranks share a label, and what is selected among them can be seen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer

from difffit_app.application import Application
from difffit_app.scene.actors.rank_labels import RankLabels, in_words
from difffit_app.scene.actors.spheres_actor import SpheresActor
from difffit_app.scene.drawings.compared_drawing import COLOUR
from difffit_app.scene.pictures.offscreen import hidden_window
from difffit_app.scene.stage import look_along_z
from difffit_app.state.changes.of_session import AddFit
from difffit_app.state.figure import Figure
from difffit_app.state.items import OpenFit


@pytest.mark.parametrize(
    ("ranks", "words"),
    [([3], "3"), ([1, 2], "1, 2"), ([2, 1, 3, 4], "1–4"), ([1, 7, 3, 2], "1–3, 7"), ([1, 3, 5, 7], "1, 3, 5, …")],
)
def test_ranks_in_one_label(ranks: list[int], words: str) -> None:
    assert in_words(ranks) == words


def test_ranks_that_are_seen_at_one_place_share_a_label() -> None:
    window, renderer = hidden_window(), vtkRenderer()
    window.SetSize(400, 400)
    window.AddRenderer(renderer)
    labels = RankLabels(4)
    for actor in labels.actors:
        renderer.AddViewProp(actor)
    look_along_z(renderer.GetActiveCamera())
    renderer.ResetCamera(-50, 50, -50, 50, -50, 50)
    labels.show([1, 2, 5], np.array([[0.0, 0, 0], [0, 0, 30], [40, 0, 0]]), selected=2)
    labels.spread(renderer)

    def seen() -> list[tuple[str, float]]:
        return [(one.GetInput(), one.GetTextProperty().GetBackgroundOpacity()) for one in labels.actors if one.GetVisibility()]

    assert [text for text, _ in seen()] == ["1, 2", "5"]
    assert seen()[0][1] > seen()[1][1], "the selected one stands out"
    renderer.GetActiveCamera().Azimuth(60)
    labels.spread(renderer)
    assert [text for text, _ in seen()] == ["1", "2", "5"], "from where they are seen apart"
    renderer.RemoveAllViewProps()
    window.Finalize()


def test_the_rim_is_around_what_hides_the_selected_sphere() -> None:
    spheres = SpheresActor()
    centres = np.array([[0.0, 0, 0], [1, 0, 0], [20, 0, 0]])
    spheres.show(centres, np.array([64, 1, 1]), np.array([1.0, 0.2, 0.1]), np.array([1.0, 0.6, 0.6]), 6.0)
    spheres.select(1)
    np.testing.assert_allclose(spheres.halo.GetPosition(), centres[0])
    assert spheres.halo.GetScale()[0] > spheres.radii[0]
    spheres.select(2)
    np.testing.assert_allclose(spheres.halo.GetPosition(), centres[2])
    assert spheres.halo.GetScale()[0] < spheres.radii[0]


def test_the_legend_says_which_contour_is_which(fitted: Application, fit_of_many: Callable[..., Any]) -> None:
    session, view_state, scene = fitted.session, fitted.view_state, fitted.window.viewer.fit
    assert session.fit is not None
    fitted.history.do(AddFit(fit_of_many(session.fit, 4)))
    ranks = [one.rank for one in session.fit.placements[:3]]
    view_state.choose(tuple(ranks))
    (key,) = [one for one in scene.explaining.keys.keys if one.title == "Contours"]
    assert [words for _, words in key.swatches] == [f"placement {rank}" for rank in ranks[1:]]
    assert len({colour for colour, _ in key.swatches}) == len(scene.contours.actors)
    view_state.choose((ranks[0],))
    assert "Contours" not in [one.title for one in scene.explaining.keys.keys]


def test_a_picture_has_what_is_compared(opened: Application, true_fit: OpenFit, qtbot: Any) -> None:
    """Magenta is in the picture as it is in the view, and the contour of the same placement is not."""
    opened.session.add_fit(true_fit)
    viewer = opened.window.viewer

    def magenta() -> int:
        figure = replace(Figure(), width=400, height=300, samples=1, legend=False, fog=False, background="white")
        pixels = np.asarray(viewer.image_later(figure)()).astype(int)
        return int(((pixels[..., 0] - pixels[..., 1] > 60) & (pixels[..., 2] - pixels[..., 1] > 60)).sum())

    before = magenta()
    opened.commands.run("rows 1 2")
    opened.commands.run("compare on")
    qtbot.waitUntil(lambda: viewer.fit.compared.actor is not None)
    assert COLOUR == "#ff00ff"
    assert magenta() > before + 200
