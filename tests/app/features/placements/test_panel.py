"""The table of placements as its user meets it: tabs, filters, columns, clusters, and the replay under the views."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTabBar

from difffit_app.application import Application
from difffit_app.features.placements.filter_bar import MOST_CONDITIONS
from difffit_app.features.placements.table_model import COLUMNS
from difffit_app.state.changes.of_session import AddMap
from difffit_app.state.filters import Condition, PlacementFilter
from difffit_app.state.items import OpenFit
from difffit_core.project.schema import WarningRecord


@pytest.fixture
def really_fitted(opened_example: Application, real_fit: OpenFit) -> Application:
    """The shipped example with a fit that kept all it needs."""
    opened_example.session.add_fit(real_fit)
    return opened_example


def selected_rank(application: Application) -> int:
    assert application.session.placement is not None
    return application.session.placement.rank


def titles(application: Application) -> list[str]:
    tabs = application.window.panels["Placements"].tabs
    return [tabs.tabText(index) for index in range(tabs.count())]


def test_each_fit_has_a_tab_that_is_clicked_to_see_it(fitted: Application, make_fit: Callable[..., OpenFit], qtbot: Any) -> None:
    tabs = fitted.window.panels["Placements"].tabs
    fitted.session.add_fit(make_fit("fit-2", chains=("A",)))
    assert titles(fitted) == ["1bd2_moved.pdb.gz · D, E", "1bd2_moved.pdb.gz · A"]
    assert tabs.currentIndex() == 1
    assert fitted.session.fits["fit-1"].record.command in tabs.tabToolTip(0)
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center() - QPoint(20, 0))
    assert fitted.session.fit is fitted.session.fits["fit-1"]
    fitted.session.rename("model-1", "receptor")
    assert titles(fitted)[0] == "receptor · D, E"


@pytest.mark.slow
def test_what_is_undone_comes_back_to_its_place_in_every_list(crowded: Application) -> None:
    window, session, history = crowded.window, crowded.session, crowded.history
    tabs, rows = window.panels["Placements"].tabs, window.panels["Open"].list

    def listed() -> tuple[list[str], list[str], str]:
        entries = [rows.item(row).data(Qt.ItemDataRole.UserRole) for row in range(rows.count())]
        return [tabs.tabData(index) for index in range(tabs.count())], entries, tabs.tabData(tabs.currentIndex())

    window.raise_panel("Placements")
    session.select_fit("fit-2")
    before = listed()
    assert before[0] == ["fit-1", "fit-2", "fit-3"]
    QTest.mouseClick(tabs, Qt.MouseButton.MiddleButton, pos=tabs.tabRect(0).center())
    assert listed()[0] == ["fit-2", "fit-3"]
    history.undo()
    assert listed() == before
    crowded.files.remove("map-1")
    assert listed()[0] == ["fit-2", "fit-3"]
    history.undo()
    assert listed() == before
    crowded.files.remove("model-1")
    history.undo()
    history.redo()
    assert listed()[0] == [*session.fits] == ["fit-2"]
    history.undo()
    assert listed() == before


def test_fits_maps_and_models_of_one_name_are_told_apart(fitted: Application, make_fit: Callable[..., OpenFit]) -> None:
    session, box = fitted.session, fitted.window.panels["Fit"].map
    name, alone = session.maps["map-1"].name, titles(fitted)[0]
    session.add_fit(make_fit("fit-2"))
    assert titles(fitted) == [f"{alone} · fit 1", f"{alone} · fit 2"], "of the same model in the same map"
    fitted.history.do(AddMap(replace(session.maps["map-1"], id="map-2")))
    of_other = make_fit("fit-3")
    session.add_fit(replace(of_other, record=of_other.record.changed(map="map-2")))
    other = f"{name} · #{session.numbers['map-2']}"
    assert [box.itemText(at) for at in range(box.count())] == [f"{name} · #1", other]
    assert titles(fitted) == [f"{alone} · in {name} · #1 · fit 1", f"{alone} · in {name} · #1 · fit 2", f"{alone} · in {other}"]
    session.rename("map-2", "half")
    assert [box.itemText(at) for at in range(box.count())] == [name, "half"]
    session.remove_map("map-2")
    session.remove_fit("fit-2")
    assert titles(fitted) == [alone]


def test_what_a_fit_warns_of_stands_over_its_placements(fitted: Application, make_fit: Callable[..., OpenFit]) -> None:
    table, plain = fitted.window.panels["Placements"], make_fit("fit-2")
    assert not table.warnings.isVisible()
    warned = plain.record.model_copy(update={"warnings": (WarningRecord(kind="hand", message="The mirrored map fits."),)})
    fitted.session.add_fit(replace(plain, record=warned))
    assert table.warnings.isVisible()
    assert "The mirrored map fits." in table.warnings.text()
    fitted.session.select_fit("fit-1")
    assert not table.warnings.isVisible()


def test_a_closed_tab_takes_its_fit_and_undo_brings_both_back(fitted: Application, make_fit: Callable[..., OpenFit], qtbot: Any) -> None:
    fitted.session.add_fit(make_fit("fit-2"))
    tabs = fitted.window.panels["Placements"].tabs
    close = tabs.tabButton(1, QTabBar.ButtonPosition.RightSide)
    assert close.accessibleName() == "Remove this fit"
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert list(fitted.session.fits) == ["fit-1"]
    assert tabs.count() == 1
    fitted.window.actions_by_id["undo"].trigger()
    assert list(fitted.session.fits) == ["fit-1", "fit-2"]
    assert tabs.count() == 2
    for _ in range(2):
        fitted.window.actions_by_id["remove_fit"].trigger()
    assert not tabs.isVisible()
    assert "No fit yet" in fitted.window.panels["Placements"].summary.text()


def test_a_threshold_is_typed_and_obeyed_by_rows_spheres_and_keys(fitted: Application, qtbot: Any) -> None:
    window = fitted.window
    window.actions_by_id["filter"].trigger()
    (editor,) = window.panels["Placements"].filter_bar.editors
    assert window.panels["Placements"].filter_bar.isVisible()
    editor.metric_box.setCurrentIndex(editor.metric_box.findData("hits"))
    editor.metric_box.activated.emit(editor.metric_box.currentIndex())
    qtbot.keyClicks(editor.value, "5")
    assert fitted.view_state.filter == PlacementFilter(False, (Condition("hits", True, 5.0),))
    assert window.panels["Placements"].shown_ranks() == [1]
    assert len(window.viewer.clusters.spheres.centres) == 1
    assert "1 of 2 placements" in window.panels["Placements"].summary.text()
    assert "Hits ≥ 5" in window.panels["Placements"].summary.text()
    window.actions_by_id["next"].trigger()
    assert selected_rank(fitted) == 1
    qtbot.keyClicks(editor.value, "000")
    assert window.panels["Placements"].shown_ranks() == []
    empty = window.panels["Placements"].empty
    assert empty.isVisible()
    assert "Hits ≥ 5000" in empty.words.text()
    window.actions_by_id["next"].trigger()
    window.raise_panel("Placements")
    qtbot.mouseClick(empty.unfilter, Qt.MouseButton.LeftButton)
    fitted.view_state.set_overlaps(fitted.session.fit.id, np.ones(2))
    assert empty.isVisible()
    assert empty.words.text() == "2 placements lie by more than 10% where something was accepted before."
    assert not empty.unfilter.isVisible()
    qtbot.mouseClick(empty.overlapping, Qt.MouseButton.LeftButton)
    assert window.panels["Placements"].shown_ranks() == [1, 2]
    assert window.panels["Placements"].filter_bar.editors == []
    assert not window.panels["Placements"].empty.isVisible()


def test_conditions_are_added_up_to_a_number_and_taken_away_one_by_one(fitted: Application) -> None:
    bar = fitted.window.panels["Placements"].filter_bar
    fitted.window.panels["Placements"].filtering.click()
    for _ in range(MOST_CONDITIONS + 1):
        bar.add_condition()
    assert len(bar.editors) == MOST_CONDITIONS
    assert not bar.add.isEnabled()
    bar.editors[0].metric_box.setCurrentIndex(bar.editors[0].metric_box.findData("p_value"))
    bar.editors[0].metric_box.activated.emit(0)
    assert bar.editors[0].direction.currentData() is False, "small p-values are the good ones"
    bar.editors[0].removal_asked.emit()
    assert len(bar.editors) == MOST_CONDITIONS - 1
    assert bar.add.isEnabled()


def test_significant_only_is_one_switch_in_the_bar_and_the_menu(fitted: Application) -> None:
    action, box = fitted.window.actions_by_id["significant"], fitted.window.panels["Placements"].filter_bar.significant
    action.trigger()
    assert box.isChecked()
    assert fitted.window.panels["Placements"].shown_ranks() == [1]
    box.click()
    assert not action.isChecked()
    assert fitted.window.panels["Placements"].shown_ranks() == [1, 2]


def test_keys_step_through_the_rows(fitted: Application, qtbot: Any) -> None:
    view = fitted.window.panels["Placements"].view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert selected_rank(fitted) == 2
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert selected_rank(fitted) == 1
    fitted.window.actions_by_id["next"].trigger()
    fitted.window.actions_by_id["first"].trigger()
    assert selected_rank(fitted) == 1


def test_sorting_by_a_clicked_header_keeps_what_is_selected(fitted: Application, qtbot: Any) -> None:
    table, header = fitted.window.panels["Placements"], fitted.window.panels["Placements"].columns.header
    table.view.selectAll()
    section = [column.title for column in COLUMNS].index("p")
    place = QPoint(header.sectionViewportPosition(section) + 10, header.height() // 2)
    for expected in ([1, 2], [2, 1]):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert table.shown_ranks() == expected
        assert sorted(table.chosen_ranks()) == [1, 2]


def test_rows_are_copied_and_exported_all_or_as_shown(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    table = fitted.window.panels["Placements"]
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    table.view.selectAll()
    fitted.window.actions_by_id["copy"].trigger()
    assert [line.split("\t")[0] for line in QGuiApplication.clipboard().text().splitlines()] == ["rank", "1", "2"]
    for action, expected in (("export_table", ["1", "2"]), ("export_shown", ["2", "1"])):
        prompts.where = tmp_path / f"{action}.csv"
        fitted.window.actions_by_id[action].trigger()
        qtbot.waitUntil(lambda: prompts.where.exists() and not fitted.jobs.reading, timeout=20_000)
        with open(prompts.where, newline="") as stream:
            assert [row["rank"] for row in csv.DictReader(stream)] == expected


def test_columns_are_hidden_moved_and_remembered(fitted: Application, tmp_path: Path) -> None:
    columns = fitted.window.panels["Placements"].columns
    menu = columns.menu()
    menu.actions()[4].trigger()
    assert columns.header.isSectionHidden(4)
    assert not menu.actions()[0].isEnabled(), "the rank stays"
    menu.close()
    columns.header.moveSection(5, 1)
    settings = QSettings(str(tmp_path / "columns.ini"), QSettings.Format.IniFormat)
    columns.remember(settings)
    columns.reset()
    assert not columns.header.isSectionHidden(4)
    assert [columns.header.visualIndex(index) for index in range(len(COLUMNS))] == list(range(len(COLUMNS)))
    columns.recall(settings)
    assert columns.header.isSectionHidden(4)
    assert columns.header.visualIndex(5) == 1
    assert columns.header.sectionsMovable()


def test_the_columns_menu_opens_from_the_menu_bar(fitted: Application) -> None:
    fitted.window.actions_by_id["columns"].trigger()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    assert [action.text() for action in popup.actions()][-1] == "Reset Columns"
    popup.close()


def test_headers_explain_themselves() -> None:
    for column in COLUMNS:
        assert len(column.tip) > 40


@pytest.mark.slow
def test_clusters_are_made_again_from_the_bar(really_fitted: Application, real_fit: OpenFit, qtbot: Any) -> None:
    window, bar = really_fitted.window, really_fitted.window.panels["Placements"].cluster_bar
    window.actions_by_id["cluster"].trigger()
    assert bar.isVisible()
    assert (bar.shift.value(), bar.angle.value(), bar.rank_by.currentData()) == (3.0, 6.0, "local_correlation")
    bar.shift.setValue(60)
    bar.angle.setValue(180)
    qtbot.mouseClick(bar.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: really_fitted.session.fit is not real_fit, timeout=60_000)
    fit = really_fitted.session.fit
    assert fit is not None
    assert len(window.panels["Placements"].shown_ranks()) == len(fit.placements) < len(real_fit.placements)
    assert len(window.viewer.clusters.spheres.centres) == len(fit.placements)
    window.actions_by_id["undo"].trigger()
    assert len(window.panels["Placements"].shown_ranks()) == len(real_fit.placements)
    assert bar.shift.value() == 3.0


def test_a_fit_of_an_older_version_says_that_it_cannot(fitted: Application) -> None:
    bar = fitted.window.panels["Placements"].cluster_bar
    fitted.window.actions_by_id["cluster"].trigger()
    assert not bar.apply.isEnabled()
    assert "kept no candidates" in bar.note.text()


@pytest.mark.slow
def test_the_slider_replays_how_the_poses_converged(really_fitted: Application, real_fit: OpenFit, qtbot: Any) -> None:
    window, bar = really_fitted.window, really_fitted.window.landmarks["replay"]
    spheres, model = window.viewer.clusters.spheres, window.viewer.fit.models["model-1"]
    window.actions_by_id["replay"].trigger()
    qtbot.waitUntil(bar.slider.isEnabled, timeout=60_000)
    bar.slider.setFocus()
    qtbot.keyClick(bar.slider, Qt.Key.Key_Home)
    np.testing.assert_allclose(spheres.centres, real_fit.arrays.start_translations, atol=1e-4)
    assert "searching · step 0 of 34" in bar.label.text()
    qtbot.keyClick(bar.slider, Qt.Key.Key_Right)
    window.panels["Placements"].view.selectRow(1)
    assert selected_rank(really_fitted) == 2
    assert np.linalg.norm(spheres.halo.GetPosition() - spheres.centres[1]) < 1e-6
    ways = []
    for step in (5, 33, 34):
        bar.slider.setValue(step)
        matrix = model.actor.GetUserMatrix()
        ways.append(np.array([matrix.GetElement(i, 3) for i in range(3)]))
    placed = real_fit.placements[1].pose.translation
    assert np.linalg.norm(ways[0] - placed) > 0.1
    np.testing.assert_allclose(ways[1], placed, atol=0.05)
    np.testing.assert_array_equal(ways[2], placed)
    assert "placements" in bar.label.text()
    np.testing.assert_array_equal(spheres.centres, real_fit.centres())
    bar.slider.setValue(5)
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert not window.actions_by_id["replay"].isChecked()
    np.testing.assert_array_equal(spheres.centres, real_fit.centres())


@pytest.mark.slow
def test_the_button_plays_to_the_end_and_can_be_stopped(really_fitted: Application, qtbot: Any) -> None:
    bar = really_fitted.window.landmarks["replay"]
    really_fitted.window.actions_by_id["replay"].trigger()
    qtbot.waitUntil(bar.slider.isEnabled, timeout=60_000)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert bar.slider.value() < 3
    qtbot.waitUntil(lambda: bar.slider.value() > 3, timeout=20_000)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not bar._timer.isActive()
    bar.slider.setValue(bar.slider.maximum() - 2)
    bar.play.setChecked(True)
    qtbot.waitUntil(lambda: not bar.play.isChecked(), timeout=20_000)
    assert bar.slider.value() == bar.slider.maximum()


@pytest.mark.slow
def test_a_saved_project_is_replayed_and_clustered_again(
    really_fitted: Application, prompts: Any, tmp_path: Path, real_fit: OpenFit, qtbot: Any
) -> None:
    prompts.where = tmp_path / "kept.difffit"
    really_fitted.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not really_fitted.session.dirty, timeout=20_000)
    really_fitted.window.actions_by_id["close_all"].trigger()
    really_fitted.files.open_paths([prompts.where])
    qtbot.waitUntil(lambda: really_fitted.session.fit is not None, timeout=60_000)
    bar = really_fitted.window.landmarks["replay"]
    really_fitted.window.actions_by_id["replay"].trigger()
    qtbot.waitUntil(bar.slider.isEnabled, timeout=60_000)
    bar.slider.setValue(33)
    spheres = really_fitted.window.viewer.clusters.spheres
    np.testing.assert_allclose(spheres.centres, real_fit.centres(), atol=0.02)
    assert "elsewhere" not in bar.label.text()
    assert really_fitted.window.panels["Placements"].cluster_bar.apply.isEnabled()
