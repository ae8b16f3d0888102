"""Two placements that overlap: of the other one only what the selected one does not cover."""

from typing import Any

import numpy as np
from PySide6.QtCore import QItemSelectionModel
from scipy.spatial import cKDTree

from difffit_app.application import Application
from difffit_app.scene.actors.model_actor import within
from difffit_app.state.items import OpenFit


def test_the_other_placement_is_cut_away_where_the_selected_one_covers_it(opened: Application, true_fit: OpenFit, qtbot: Any) -> None:
    panel, compared = opened.window.panels["Residues"], opened.window.viewer.fit.compared
    state = panel._judging
    opened.session.add_fit(true_fit)
    opened.window.actions_by_id["show_residues"].trigger()
    assert not panel.cut_away.isVisible()
    table = opened.window.panels["Placements"].view
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().select(table.model().index(1, 0), flags)
    opened.window.actions_by_id["compare"].trigger()
    qtbot.waitUntil(lambda: state.judgement is not None and state.judgement.comparison is not None, timeout=60_000)
    assert panel.cut_away.isVisible()
    whole = compared.actor
    assert whole.hidden == ()
    assert whole.actor.GetProperty().GetOpacity() < 1

    def left() -> np.ndarray:
        """Distances in Å from what is left of the other to the selected placement, of its residues' middles."""
        model, placements = opened.session.models["model-1"].model, opened.session.fits["fit-1"].placements
        atoms = np.isin(model.chain_names, ("D", "E")) & model.in_fit
        selected, other = (one.pose.apply(model.coordinates[atoms]) for one in placements[:2])
        nearest = cKDTree(selected).query(other)[0]
        owner = model.residue_index[atoms]
        stays = ~within(owner, compared.actor.hidden)
        return np.array([np.median(nearest[stays & (owner == one)]) for one in np.unique(owner[stays])])

    count = len(left())
    panel.cut_away.setValue(3.0)
    assert 0 < len(left()) < count
    assert left().min() >= 3.0
    assert compared.actor.actor.GetProperty().GetOpacity() == 1
    assert "2 in magenta, beyond 3 Å: RMSD" in opened.window.viewer.fit_title
    assert opened.window.notices.texts() == []
    assert opened.commands.done[-1] == "cut-away 3.0"
    opened.commands.run("cut-away 50")
    assert panel.cut_away.value() == 50
    assert compared.actor.is_empty
    assert "Nothing is left of placement 2: all of it lies within 50 Å of 1." in opened.window.notices.texts()[0]
    panel.cut_away.setValue(0.0)
    assert len(left()) == count
    assert compared.actor.actor.GetProperty().GetOpacity() < 1
