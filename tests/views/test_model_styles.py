"""Models: what their style says is what is drawn."""

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.views.scene.model_actor import ModelActor


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
    opened.styles.change_model("model-1", visible=False)
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
    opened.files.remove_model("model-1")
    assert opened.view_state.residue_colours == {}
