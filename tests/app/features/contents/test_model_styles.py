"""Models: what their style says is what is drawn."""

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.scene import plainer
from difffit_app.scene.actors import model_actor
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.plainer import Plainer
from difffit_core.pose import Pose


def drawn_colours(actor: ModelActor) -> np.ndarray:
    """(vertices, 3) as they are on the card."""
    return vtk_to_numpy(actor.actor.GetMapper().GetInput().GetPointData().GetScalars())


def test_residues_are_painted_without_building_anew(opened: Application) -> None:
    actor, model = opened.window.viewer.fit.models["model-1"], opened.session.models["model-1"].model
    before, geometry = drawn_colours(actor).copy(), actor.actor.GetMapper().GetInput()
    colours = np.zeros((int(model.residue_index.max()) + 1, 3), np.uint8)
    colours[:, 0] = np.arange(len(colours)) % 256
    opened.view_state.set_residue_colours("model-1", colours)
    assert actor.actor.GetMapper().GetInput() is geometry
    np.testing.assert_array_equal(drawn_colours(actor)[:, 0], model.residue_index[actor._mesh.atoms] % 256)
    actor.show_chains(("D",))
    np.testing.assert_array_equal(drawn_colours(actor)[:, 0], model.residue_index[actor._mesh.atoms] % 256)
    actor.show_chains(model.chains)
    actor.apply(opened.view_state.models["model-1"].model_copy(update={"visible": False}))
    assert (drawn_colours(actor)[:, 1:] == 0).all(), "another style leaves the painting as it is"
    opened.view_state.set_residue_colours("model-1", None)
    np.testing.assert_array_equal(drawn_colours(actor), before)


def test_painting_is_announced_and_forgotten_with_the_model(opened: Application) -> None:
    heard: list[object] = []
    opened.view_state.residue_colours_changed.connect(lambda identifier, colours: heard.append((identifier, colours is None)))
    opened.view_state.set_residue_colours("model-1", None)
    assert heard == []
    opened.view_state.set_residue_colours("model-1", np.zeros((5000, 3), np.uint8))
    assert heard == [("model-1", False)]
    opened.files.remove("model-1")
    assert opened.view_state.residue_colours == {}


def choose(application: Application, **changes: object) -> ModelActor:
    application.styles.change_model("model-1", **changes)
    return application.window.viewer.fit.models["model-1"]


@pytest.mark.parametrize("representation", ["trace", "sticks", "spheres"])
def test_representations_are_built_off_the_thread_of_the_window_and_shown(opened: Application, representation: str, qtbot: Any) -> None:
    model = opened.session.models["model-1"].model
    actor = choose(opened, representation=representation)
    assert actor.representation == ("spheres" if representation == "spheres" else "cartoon"), "until it is built"
    qtbot.waitUntil(lambda: actor.representation == representation, timeout=20_000)
    data = actor.actor.GetMapper().GetInput()
    drawn = vtk_to_numpy(data.GetPoints().GetData())
    assert len(drawn_colours(actor)) == len(drawn)
    low, high = model.fit_coordinates.min(axis=0), model.fit_coordinates.max(axis=0)
    np.testing.assert_allclose([drawn.min(axis=0), drawn.max(axis=0)], [low, high], atol=5.0 if representation == "trace" else 1.0)
    if representation == "spheres":
        np.testing.assert_array_equal(drawn, model.fit_coordinates.astype(np.float32))
        carbon = model.atomic_numbers[model.in_fit] == 6
        assert set(vtk_to_numpy(data.GetPointData().GetArray("radius"))[carbon].round(2)) == {np.float32(1.7)}
    actor.show_chains(("D",))
    qtbot.waitUntil(lambda: set(model.chain_names[actor._mesh.atoms]) == {"D"}, timeout=20_000)
    assert choose(opened, representation="cartoon").representation == "cartoon"


def test_plain_colour_opacity_and_eye(opened: Application) -> None:
    actor = choose(opened, colour_by="plain", colour="#204060", opacity=0.4)
    assert (drawn_colours(actor) == [0x20, 0x40, 0x60]).all()
    assert actor.actor.GetProperty().GetOpacity() == pytest.approx(0.4)
    assert not choose(opened, visible=False).actor.GetVisibility()


def test_what_is_closed_while_it_is_built_takes_nothing(opened: Application) -> None:
    waiting: list[Any] = []
    item = opened.session.models["model-1"]
    ready: list[bool] = []
    actor = ModelActor(
        item, opened.view_state.models["model-1"], lambda work, done: waiting.append((work, done)), lambda: ready.append(True)
    )
    actor.apply(opened.view_state.models["model-1"].model_copy(update={"representation": "trace"}))
    work, done = waiting[0]
    actor.close()
    done(work())
    assert (actor.representation, ready) == ("cartoon", [])


def test_many_spheres_are_thinned_while_the_view_turns(opened: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plainer, "MANY_SPHERES", 500)
    actor, scene, plain = choose(opened, representation="spheres"), opened.window.viewer.fit, Plainer()
    colours = drawn_colours(actor)
    plain.begin(scene.renderers, None)
    np.testing.assert_array_equal(drawn_colours(actor), colours[::4])
    opened.view_state.set_model_style("model-1", colour_by="chain")  # while it turns
    plain.look_again()
    plain.end()
    assert len(drawn_colours(actor)) == len(colours)


def test_soft_shadows_darken_what_lies_deep_and_are_remembered(opened: Application, qtbot: Any) -> None:
    choose(opened, representation="spheres")
    scene = opened.window.viewer.fit

    def brightness() -> float:
        scene.plotter.grab()
        image = scene.plotter.screenshot(return_img=True).astype(float)
        return float(image[image.std(axis=2) > 20].mean())

    plain = brightness()
    opened.window.actions_by_id["soft_shadows"].trigger()
    assert brightness() < plain - 2
    assert opened.window.actions_by_id["soft_shadows"].isChecked()
    assert opened.settings.value("view/soft_shadows", type=bool)
    opened.window.actions_by_id["soft_shadows"].trigger()
    assert brightness() == pytest.approx(plain, abs=1)


@pytest.mark.parametrize("representation", ["cartoon", "spheres"])
def test_silhouettes_are_drawn_in_all_views_and_remembered(opened: Application, representation: str, qtbot: Any) -> None:
    actor = choose(opened, representation=representation)
    opened.view_state.set_map_style("map-1", visible=False)
    scene = opened.window.viewer.fit

    def dark() -> int:
        scene.plotter.grab()
        return int((scene.plotter.screenshot(return_img=True).max(axis=2) < 90).sum())

    plain = dark()
    opened.window.actions_by_id["silhouettes"].trigger()
    assert dark() > plain + 200
    turning = Plainer()
    turning.begin(scene.renderers, None)
    actor.move(Pose.identity())  # as in a replay while one turns it
    turning.look_again()
    if representation == "cartoon":
        assert dark() < plain + 50
    turning.end()
    assert dark() > plain + 200
    assert opened.window.actions_by_id["silhouettes"].isChecked()
    assert opened.settings.value("view/silhouettes", type=bool)
    assert opened.window.viewer.figure_of_now().silhouettes
    opened.window.actions_by_id["silhouettes"].trigger()
    assert dark() < plain + 50


def test_chains_of_a_large_mesh_are_picked_out_off_the_thread_of_the_window(
    opened: Application, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the model stays as and where it was."""
    monkeypatch.setattr(model_actor, "_MANY_VERTICES", 100)
    actor, model = opened.window.viewer.fit.models["model-1"], opened.session.models["model-1"].model
    pose = Pose(np.eye(3), np.array([5.0, 6.0, 7.0]))
    before, place = len(drawn_colours(actor)), actor.actor.GetUserMatrix().GetElement(0, 3)
    opened.window.viewer.show_preview("model-1", ("D",), pose)
    assert len(drawn_colours(actor)) == before
    assert actor.actor.GetUserMatrix().GetElement(0, 3) == place
    qtbot.waitUntil(lambda: len(drawn_colours(actor)) < before, timeout=5000)
    assert set(model.chain_names[actor._mesh.atoms]) == {"D"}
    assert actor.actor.GetUserMatrix().GetElement(0, 3) == 5.0
    opened.window.viewer.show_preview("model-1", ("E",), pose)
    opened.window.viewer.clear_preview()
    assert len(drawn_colours(actor)) == before, "all chains are at hand"
    qtbot.waitUntil(lambda: not opened.jobs.geometry.busy, timeout=5000)
    assert len(drawn_colours(actor)) == before, "what is wanted no more is dropped"
