"""The panel of residues in a real window: bars, marks in both views, comparison, what is unexplained, and the table."""

import csv
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.features.residues.panel import ResiduesPanel
from difffit_app.scene.drawings.picking import Under
from difffit_app.state.frames import Frame
from difffit_app.state.items import OpenFit
from difffit_app.state.judging import JudgingState
from difffit_app.state.subjects import ResidueSubject
from difffit_core.pose import Pose


def panel_of(application: Application) -> ResiduesPanel:
    return application.window.panel("Residues").widget()


def state_of(application: Application) -> JudgingState:
    return panel_of(application)._judging


def judged(application: Application, qtbot: Any) -> JudgingState:
    state = state_of(application)
    qtbot.waitUntil(
        lambda: state.judgement is not None and state.judgement.placement is application.session.placement and not state.busy,
        timeout=60_000,
    )
    return state


@pytest.fixture
def shown(opened: Application, true_fit: OpenFit, qtbot: Any) -> Application:
    """The window with the panel in front, and the right placement of chains D and E judged."""
    opened.session.add_fit(true_fit)
    opened.window.actions_by_id["show_residues"].trigger()
    judged(opened, qtbot)
    return opened


def bar_at(application: Application, position: int, height: float = 0.2) -> QPoint:
    """Where in the plot's viewport a bar is."""
    plot = panel_of(application).plot
    return plot.mapFromScene(plot.getPlotItem().vb.mapViewToScene(QPointF(position, height)))


def click_bar(application: Application, position: int, qtbot: Any) -> None:
    qtbot.mouseClick(panel_of(application).plot.viewport(), Qt.MouseButton.LeftButton, pos=bar_at(application, position))


def middle_of(application: Application, position: int) -> np.ndarray:
    """The middle of a residue in the selected placement."""
    session, judgement = application.session, state_of(application).judgement
    assert judgement is not None
    assert session.placement is not None
    model = session.models["model-1"].model
    atoms = model.in_fit & (model.residue_index == judgement.residues.index[position])
    return session.placement.pose.apply(model.coordinates[atoms]).mean(axis=0)


def select_both(application: Application) -> None:
    view = application.window.panels["Placements"].view
    for row in range(2):
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        view.selectionModel().select(view.model().index(row, 0), flags)


def test_residues_are_judged_once_they_are_looked_at(opened: Application, true_fit: OpenFit, qtbot: Any) -> None:
    opened.session.add_fit(true_fit)
    panel, state = panel_of(opened), state_of(opened)
    assert state.judgement is None
    assert not opened.jobs.reading
    opened.window.actions_by_id["show_residues"].trigger()
    judged(opened, qtbot)
    assert "Placement 1" in panel.summary.text()
    assert "of 432 residues below 0.4" in panel.summary.text()
    assert "of the density" in panel.explained.text()
    assert "red fits badly" in panel.sentence.text()
    assert panel.legend.toolTip().startswith("Red: 0 and below")
    assert opened.window.notices.texts() == []


@pytest.mark.slow
def test_another_placement_is_judged_in_turn(shown: Application, qtbot: Any) -> None:
    good = state_of(shown).judgement
    shown.window.panels["Placements"].view.selectRow(1)
    state = judged(shown, qtbot)
    assert good is not None
    assert state.judgement is not None
    assert state.judgement.scores.mean("local_correlation") < good.scores.mean("local_correlation") - 0.1
    assert "Placement 2" in panel_of(shown).summary.text()


@pytest.mark.slow
def test_bars_are_redder_for_the_wrong_placement(shown: Application, qtbot: Any) -> None:
    def picture() -> np.ndarray:
        image = panel_of(shown).plot.grab().toImage().convertToFormat(panel_of(shown).plot.grab().toImage().Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)

    def redness(pixels: np.ndarray) -> float:
        """Share of red among the coloured pixels, as the bars are of one or the other."""
        red, blue = (pixels[..., 0] > pixels[..., 2] + 40).sum(), (pixels[..., 2] > pixels[..., 0] + 40).sum()
        assert red + blue > 500
        return float(red / (red + blue))

    right = picture()
    shown.window.panels["Placements"].view.selectRow(1)
    judged(shown, qtbot)
    wrong = picture()
    assert redness(wrong) > 2 * redness(right)


def test_a_clicked_bar_marks_the_residue_and_both_views_turn_about_it(shown: Application, qtbot: Any) -> None:
    viewer = shown.window.viewer
    before = viewer.fit.camera.GetDirectionOfProjection()
    click_bar(shown, 120, qtbot)
    assert state_of(shown).marked == 120
    for scene in (viewer.fit, viewer.clusters):
        np.testing.assert_allclose(scene.camera.GetFocalPoint(), middle_of(shown, 120), atol=1e-6)
    np.testing.assert_allclose(viewer.fit.camera.GetDirectionOfProjection(), before, atol=1e-9)
    assert panel_of(shown).plot.line.isVisible()
    assert panel_of(shown).plot.line.value() == 120
    mark = viewer.fit.mark
    assert mark.shown
    judgement = state_of(shown).judgement
    assert judgement is not None
    assert judgement.residues.label(120) in mark.label.GetInput()
    np.testing.assert_allclose(mark.atoms.GetCenter(), middle_of(shown, 120), atol=2.0)
    distance = viewer.fit.camera.GetDistance()
    click_bar(shown, 200, qtbot)
    for act in (qtbot.mouseDClick, qtbot.mouseRelease):
        act(panel_of(shown).plot.viewport(), Qt.MouseButton.LeftButton, pos=bar_at(shown, 200))
    assert state_of(shown).marked == 200
    assert viewer.fit.camera.GetDistance() < distance / 2


def test_the_mark_goes_with_the_model_to_another_placement(shown: Application, qtbot: Any) -> None:
    click_bar(shown, 50, qtbot)
    shown.window.panels["Placements"].view.selectRow(1)
    judged(shown, qtbot)
    assert state_of(shown).marked == 50
    np.testing.assert_allclose(shown.window.viewer.fit.mark.atoms.GetCenter(), middle_of(shown, 50), atol=2.0)
    shown.window.actions_by_id["unmark_residue"].trigger()
    assert not shown.window.viewer.fit.mark.shown
    assert not panel_of(shown).plot.line.isVisible()


@pytest.mark.slow
def test_the_mark_goes_with_the_model_on_its_way_in_a_replay(shown: Application) -> None:
    state_of(shown).mark(50)
    session, mark = shown.session, shown.window.viewer.fit.mark
    assert session.fit is not None
    ended = np.array(mark.atoms.GetCenter())
    poses = [placement.pose for placement in session.fit.placements]
    began = np.stack([pose.translation - [30.0, 0, 0] for pose in poses])
    way = Mock(missed=np.zeros(len(poses)), translations=[began])
    way.pose = lambda step, index: Pose(poses[index].rotation, began[index])
    motion = shown.window.viewer.fit.motion
    motion.end()
    shown.view_state.set_frame(Frame(session.fit, way, 0))
    assert motion.moving, "steps of a replay are drawn as what one turns"
    np.testing.assert_allclose(np.array(mark.atoms.GetCenter()), ended - [30, 0, 0], atol=1e-3)
    halo = shown.window.viewer.clusters.spheres.halo
    np.testing.assert_allclose(halo.GetPosition(), began[0], atol=1e-6)
    shown.view_state.set_frame(None)
    np.testing.assert_allclose(np.array(mark.atoms.GetCenter()), ended, atol=1e-3)


def test_a_click_on_the_ribbon_marks_the_bar(shown: Application, qtbot: Any) -> None:
    scene, target = shown.window.viewer.fit, middle_of(shown, 300)
    shown.view_state.set_model_style("model-1", representation="sticks")
    shown.window.viewer.centre_on(target, 20)
    middle = QPoint(scene.plotter.width() // 2, scene.plotter.height() // 2)
    met = scene.drawing.residue_under(scene.ray(QPointF(middle)))
    assert met is not None
    qtbot.mouseClick(scene.plotter, Qt.MouseButton.LeftButton, pos=middle)
    judgement, marked = state_of(shown).judgement, state_of(shown).marked
    assert judgement is not None
    assert marked is not None
    assert int(judgement.residues.index[marked]) == met[1]
    assert panel_of(shown).plot.line.value() == marked
    to_residue = middle_of(shown, marked) - target
    direction = np.array(scene.camera.GetDirectionOfProjection())
    assert np.linalg.norm(to_residue - (to_residue @ direction) * direction) < 6, "it lies on the line of sight"


def test_the_pointer_names_residues(shown: Application, qtbot: Any) -> None:
    state, plot = state_of(shown), panel_of(shown).plot

    def point_at(position: int) -> bool:
        """The plot may lie below the edge of the screen, where no pointer gets; and it hears no more than a hundred moves a second."""
        place = bar_at(shown, position)
        where, none, plain = QPointF(plot.viewport().mapToGlobal(place)), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(plot.viewport(), QMouseEvent(QEvent.Type.MouseMove, QPointF(place), where, none, none, plain))
        pointed = plot.position_at(plot.mapToScene(place))
        assert pointed is not None
        assert abs(pointed - position) <= 1
        return QToolTip.text() == state.label(pointed)

    for position in (10, 42):
        qtbot.waitUntil(lambda position=position: point_at(position), timeout=5000)
    assert "Local correlation" in QToolTip.text()
    judgement = state.judgement
    assert judgement is not None
    subject = ResidueSubject("model-1", int(judgement.residues.index[7]))
    shown.window.viewer.fit.rested_on.emit(Under(subject, np.zeros(3)))
    assert QToolTip.text().endswith(f"Local correlation {state.told(7)}")
    shown.view_state.set_frame(Mock())
    shown.window.viewer.fit.rested_on.emit(Under(subject, np.zeros(3)))
    assert "correlation" not in QToolTip.text(), "on its way in a replay it is in another pose than was scored"
    shown.view_state.frame = None
    shown.window.viewer.fit.rested_on.emit(None)


def test_keys_and_menu_step_from_residue_to_residue(shown: Application, qtbot: Any) -> None:
    plot, state, trigger = panel_of(shown).plot, state_of(shown), shown.window.actions_by_id
    click_bar(shown, 30, qtbot)
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert state.marked == 31
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    assert state.marked == 41
    trigger["previous_residue"].trigger()
    assert state.marked == 40
    np.testing.assert_allclose(shown.window.viewer.fit.camera.GetFocalPoint(), middle_of(shown, 40), atol=1e-6)
    trigger["next_residue"].trigger()
    trigger["poor_residue"].trigger()
    assert state.judgement is not None
    poor = state.judgement.poor("local_correlation")
    assert state.marked in poor if len(poor) else state.marked == int(np.argmin(state.judgement.scores.local_correlation))


def test_the_wheel_zooms_along_the_chain_and_never_in_height(shown: Application, qtbot: Any) -> None:
    plot = panel_of(shown).plot
    (low, high), height = plot.viewRange()
    assert (low, high) == (-0.5, 431.5)
    plot.getPlotItem().vb.scaleBy(x=0.1, center=(100, 0))
    (low, high), after = plot.viewRange()
    assert high - low == pytest.approx(43.2)
    assert after == height
    labels = [plot._axis.tickStrings(values, 1, spacing) for spacing, values in plot._axis.tickValues(low, high, 600)]
    assert any(label.startswith("D ") for label in labels[0])
    state_of(shown).mark(400)
    (low, high), _ = plot.viewRange()
    assert low < 400 < high, "what is marked comes into view"
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert tuple(plot.viewRange()[0]) == (-0.5, 431.5)


def test_the_metric_is_chosen_in_the_panel_and_in_the_menu(shown: Application, qtbot: Any) -> None:
    panel, state = panel_of(shown), state_of(shown)
    panel.metric_box.setFocus()
    qtbot.keyClick(panel.metric_box, Qt.Key.Key_Down)
    panel.metric_box.activated.emit(panel.metric_box.currentIndex())
    assert state.metric == "q_score"
    assert "red is not resolved" in panel.sentence.text()
    shown.window.actions_by_id["residue_metric"].trigger()
    assert state.metric == "local_correlation"
    assert panel.metric_box.currentText() == "Local correlation"
    assert panel.metric_box.count() == 2, "a displacement is offered between two placements only"


def test_the_model_takes_the_colours_of_the_bars(shown: Application, qtbot: Any) -> None:
    actor = shown.window.viewer.fit.models["model-1"].actor

    def colours() -> np.ndarray:
        return vtk_to_numpy(actor.GetMapper().GetInput().GetPointData().GetScalars()).astype(int)

    plain = colours().copy()
    qtbot.mouseClick(panel_of(shown).colours, Qt.MouseButton.LeftButton)
    assert panel_of(shown).colours.isChecked()
    fitted = colours().copy()
    assert (fitted != plain).any()
    shown.window.panels["Placements"].view.selectRow(1)
    judged(shown, qtbot)
    assert (colours()[:, 0] - colours()[:, 2]).mean() > (fitted[:, 0] - fitted[:, 2]).mean() + 30, "red is bad"
    shown.window.actions_by_id["fit_colours"].trigger()
    np.testing.assert_array_equal(colours(), plain)
    assert not panel_of(shown).colours.isChecked()


def test_two_rows_are_compared(shown: Application, qtbot: Any) -> None:
    panel, state = panel_of(shown), state_of(shown)
    qtbot.mouseClick(panel.compare, Qt.MouseButton.LeftButton)
    assert "select two rows" in shown.window.notices.texts()[0]
    assert not panel.compare.isChecked()
    select_both(shown)
    qtbot.mouseClick(panel.compare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.judgement is not None and state.judgement.comparison is not None, timeout=60_000)
    assert panel.compare.isChecked()
    assert "Placement 1 (bars) and 2 (line): RMSD" in panel.summary.text()
    assert "turned by 180.0°" in panel.summary.text()
    viewer = shown.window.viewer
    assert viewer.fit_title.startswith("Placement 1  ·  2 in magenta: RMSD")
    other = viewer.fit.compared.actor
    assert other.pose is shown.session.fit.placements[1].pose
    assert viewer.fit.plotter.renderer.HasViewProp(other.actor)
    shown.view_state.set_model_style("model-1", visible=False)
    assert viewer.fit.compared.actor is None
    shown.view_state.set_model_style("model-1", visible=True)
    shown.view_state.set_frame(Frame(shown.session.fit, Mock(missed=[], translations=np.zeros((1, 0, 3))), 0))
    assert viewer.fit.compared.actor is None, "the other has ended, this one is on its way"
    assert viewer.fit_title.startswith("On its way to placement 1")
    shown.view_state.set_frame(None)
    assert viewer.fit.compared.actor is not None
    assert len(panel.plot.other.xData) >= 432
    assert panel.metric_box.count() == 3
    state.set_metric("displacement")
    assert panel.plot.viewRange()[1][1] > 10
    assert panel.plot.other.xData is None or len(panel.plot.other.xData) == 0
    shown.window.actions_by_id["compare"].trigger()
    assert state.metric == "local_correlation"
    assert not panel.compare.isChecked()
    assert viewer.fit.compared.actor is None
    assert "turned" not in viewer.fit_title
    assert panel.metric_box.count() == 2


def test_the_unexplained_density_is_gone_to_and_named(shown: Application, qtbot: Any) -> None:
    """Chains D and E are placed, so that the largest piece that is left is what binds them."""
    judgement = state_of(shown).judgement
    assert judgement is not None
    assert judgement.explained is not None
    assert judgement.explained.blob is not None
    qtbot.mouseClick(panel_of(shown).unexplained, Qt.MouseButton.LeftButton)
    viewer = shown.window.viewer
    for scene in (viewer.fit, viewer.clusters):
        np.testing.assert_allclose(scene.camera.GetFocalPoint(), judgement.explained.blob.centre, atol=1e-6)
    assert "unexplained" in viewer.fit.mark.label.GetInput()
    assert viewer.fit.mark.place.GetVisibility()
    assert not viewer.fit.mark.atoms.GetVisibility()


def test_a_higher_level_changes_what_is_explained(shown: Application, qtbot: Any) -> None:
    before = panel_of(shown).explained.text()
    shown.styles.set_level("map-1", shown.view_state.maps["map-1"].level * 1.6)
    qtbot.waitUntil(lambda: panel_of(shown).explained.text() != before, timeout=20_000)


def test_the_table_is_written_and_copied_from_the_menu(shown: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "residues.csv"
    shown.window.actions_by_id["export_residues"].trigger()
    qtbot.waitUntil(prompts.where.exists, timeout=10_000)
    with open(prompts.where, newline="", encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 432
    shown.window.actions_by_id["copy_residues"].trigger()
    assert QGuiApplication.clipboard().text().count("\n") == 433


def test_it_can_all_be_reached_without_a_mouse_and_has_a_name(shown: Application) -> None:
    panel = panel_of(shown)
    for widget in (panel.metric_box, panel.legend, panel.plot):
        assert widget.accessibleName()
    for button in (panel.compare, panel.colours, panel.unexplained):
        assert button.text()
        assert button.focusPolicy() != Qt.FocusPolicy.NoFocus
    shown.session.remove_fit("fit-1")
    assert "Select a placement" in panel.summary.text()
    assert not any(
        shown.window.actions_by_id[name].isEnabled() for name in ("fit_colours", "compare", "show_unexplained", "export_residues")
    )
