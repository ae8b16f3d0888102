"""The window as its user meets it: files come in, placements are looked through, it ends in order."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from difffit_app.__main__ import reporting_exceptions
from difffit_app.actions import ACTIONS
from difffit_app.application import Application
from difffit_app.scene.scene_widget import SceneWidget
from difffit_core.project.store import open_project


def picture(widget: QWidget) -> np.ndarray:
    """What a widget shows, (height, width, 3)."""
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def on_screen(scene: SceneWidget, point: np.ndarray) -> QPoint:
    """Where a point in Å is seen in a view."""
    renderer = scene.plotter.renderer
    renderer.SetWorldPoint(*point, 1.0)
    renderer.WorldToDisplay()
    x, y, _ = renderer.GetDisplayPoint()
    ratio = scene.plotter.devicePixelRatioF()
    return QPoint(round(x / ratio), round(scene.plotter.height() - 1 - y / ratio))


def drop(target: QWidget, paths: list[Path]) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = QPoint(20, 20)
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, left, plain)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(place), copy, data, left, plain))
    return enter.isAccepted()


def test_an_empty_window_offers_only_what_can_be_done(application: Application) -> None:
    enabled = {name for name, action in application.window.actions_by_id.items() if action.isEnabled()}
    assert enabled == {
        "open", "open_example", "new_window", "preferences", "quit", "theme", "reset_layout",
        "help", "tour", "shortcuts", "copy_report", "show_log", "about", "screen_set_up", "screen_library", "screen_open",
        "fetch", "fetched_files", "tool_labels", "map_halves", "fog", "soft_shadows", "silhouettes", "legend", "triad", "scale_bar",
        "background_white", "background_black", "background_gradient", "command_line", "python_console", "run_script",
    }  # fmt: skip
    assert not application.window.panels["Fit"].foot.start.isEnabled()


def test_dropped_files_open_and_are_drawn(application: Application, example: list[Path], qtbot: Any) -> None:
    window = application.window
    empty = picture(window.viewer.fit.plotter)
    assert drop(window, example)
    qtbot.waitUntil(lambda: bool(application.session.maps and application.session.models), timeout=60_000)
    assert sorted(window.panels["Open"].rows) == ["map-1", "model-1"]
    assert window.viewer.fit.maps["map-1"].triangle_count > 10_000
    qtbot.waitUntil(lambda: np.abs(picture(window.viewer.fit.plotter) - empty).max() > 60, timeout=20_000)
    assert window.panels["Fit"].foot.start.isEnabled()


def test_the_views_leave_drops_to_the_window(application: Application) -> None:
    for scene in (application.window.viewer.fit, application.window.viewer.clusters):
        assert not scene.plotter.acceptDrops()
    assert not drop(application.window, [])


def test_a_bad_file_gives_a_notice_and_the_rest_goes_on(
    application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    bad = tmp_path / "bad.mrc"
    bad.write_bytes(b"x" * 2000)
    application.files.open_paths([bad, *small_example])
    qtbot.waitUntil(lambda: bool(application.session.models), timeout=60_000)
    (text,) = application.window.notices.texts()
    assert str(bad) in text
    close = application.window.notices.notices[0].findChild(QToolButton)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert application.window.notices.texts() == []
    assert not application.window.notices.isVisible()


def test_a_row_moves_the_model_and_the_halo(fitted: Application, qtbot: Any) -> None:
    window, session = fitted.window, fitted.session
    assert session.fit is not None
    window.panels["Placements"].view.selectRow(1)
    assert session.placement is not None
    assert session.placement.rank == 2
    actor = window.viewer.fit.models["model-1"]
    assert actor.chains == ("D", "E")
    matrix = actor.actor.GetUserMatrix()
    np.testing.assert_array_equal([matrix.GetElement(i, 3) for i in range(3)], session.placement.pose.translation)
    np.testing.assert_allclose(window.viewer.clusters.spheres.halo.GetPosition(), session.fit.centres()[1])
    assert "Placement 2" in window.viewer.fit_title


def test_a_clicked_sphere_selects_its_row(fitted: Application, qtbot: Any) -> None:
    window = fitted.window
    window.panels["Placements"].view.selectRow(1)
    scene = window.viewer.clusters
    window.viewer.fit.camera.SetViewUp(0, 0, 1)
    window.viewer.fit.camera.SetFocalPoint(*scene.spheres.centres[0])
    window.viewer.fit.camera.SetPosition(*(scene.spheres.centres[0] - [0, 120, 0]))
    qtbot.waitUntil(lambda: tuple(scene.camera.GetPosition()) == tuple(window.viewer.fit.camera.GetPosition()))
    qtbot.mouseClick(scene.plotter, Qt.MouseButton.LeftButton, pos=on_screen(scene, scene.spheres.centres[0]))
    assert fitted.session.placement is not None
    assert fitted.session.placement.rank == 1
    assert window.panels["Placements"].chosen_ranks() == [1]


def test_a_drag_turns_both_views_and_selects_nothing(fitted: Application, qtbot: Any) -> None:
    window = fitted.window
    first, second = window.viewer.fit, window.viewer.clusters
    before = np.array(first.camera.GetPosition())
    middle = QPoint(second.plotter.width() // 2, second.plotter.height() // 2)
    qtbot.mousePress(second.plotter, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(second.plotter, middle + QPoint(40, 25))
    qtbot.mouseRelease(second.plotter, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 25))
    assert np.linalg.norm(np.array(second.camera.GetPosition()) - before) > 1
    np.testing.assert_array_equal(first.camera.GetPosition(), second.camera.GetPosition())
    assert fitted.session.placement is not None
    assert fitted.session.placement.rank == 1


def test_sorting_and_filtering_change_what_the_keys_step_through(fitted: Application) -> None:
    table, trigger = fitted.window.panels["Placements"], fitted.window.actions_by_id
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert table.shown_ranks() == [2, 1]
    trigger["previous"].trigger()
    assert fitted.session.placement is not None
    assert fitted.session.placement.rank == 2
    table.filter_bar.significant.setChecked(True)
    assert table.shown_ranks() == [1]
    assert len(fitted.window.viewer.clusters.spheres.centres) == 1
    assert not fitted.window.viewer.clusters.spheres.halo.GetVisibility(), "the selected placement is filtered out"
    trigger["next"].trigger()
    assert fitted.session.placement.rank == 1
    assert fitted.window.viewer.clusters.spheres.halo.GetVisibility()


def test_rows_and_the_command_line_go_to_the_clipboard(fitted: Application) -> None:
    fitted.window.actions_by_id["copy"].trigger()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("1\t12\t")
    fitted.window.actions_by_id["copy_command"].trigger()
    assert QGuiApplication.clipboard().text().startswith("difffit fit ")


def test_saved_and_opened_again_it_is_as_it_was(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    window = fitted.window
    prompts.where = tmp_path / "kept"
    fitted.styles.change_model("model-1", colour_by="structure")
    window.viewer.fit.camera.Azimuth(33)
    camera = window.viewer.current_camera()
    assert window.isWindowModified()
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not fitted.session.dirty, timeout=20_000)
    assert not window.isWindowModified()
    assert open_project(tmp_path / "kept.difffit")[0].view["models"]["model-1"]["colour_by"] == "structure"
    window.actions_by_id["close_all"].trigger()
    assert fitted.session.is_empty
    assert window.viewer.fit.maps == {}
    assert window.panels["Open"].rows == {}
    window.viewer.fit.camera.Azimuth(90)
    fitted.files.open_paths([tmp_path / "kept.difffit"])
    qtbot.waitUntil(lambda: fitted.session.fit is not None, timeout=60_000)
    np.testing.assert_allclose(np.concatenate(window.viewer.current_camera()[:3]), np.concatenate(camera[:3]))
    assert window.panels["Open"].rows["model-1"].colouring.currentText() == "Structure"
    assert "kept.difffit" in window.windowTitle()


@pytest.mark.slow
def test_the_theme_changes_and_is_remembered(fitted: Application, qtbot: Any) -> None:
    light = picture(fitted.window.viewer.fit.plotter).mean()
    fitted.window.actions_by_id["theme"].trigger()
    qtbot.waitUntil(lambda: picture(fitted.window.viewer.fit.plotter).mean() < light - 80, timeout=10_000)
    assert fitted.settings.value("preferences/theme") == "dark"


@pytest.mark.slow
def test_every_action_is_handled_in_the_menu_and_named(fitted: Application, prompts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [entry.id for entry in ACTIONS]
    assert len(set(ids)) == len(ids)
    assert set(fitted.window.handlers) == set(ids)
    shortcuts = [entry.shortcut for entry in ACTIONS if entry.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    in_menus = {action for menu in fitted.window.menus.values() for action in menu.actions()}
    assert set(fitted.window.actions_by_id.values()) <= in_menus
    for name in sorted(set(ids) - {"quit", "close_all", "open_example"}):
        fitted.window.handlers[name]()
    nameless = [
        widget
        for kind in (QToolButton,)
        for widget in fitted.window.panels["Open"].findChildren(kind)
        if not (widget.accessibleName() or widget.text())
    ]
    assert nameless == []


def test_closing_with_an_unsaved_fit_asks_once(fitted: Application, prompts: Any) -> None:
    prompts.answer = False
    assert not fitted.close()
    assert fitted.window.isVisible()
    assert prompts.asked == ["There is work that is not saved."]
    prompts.answer = True
    assert fitted.close()


def test_closing_can_save_first(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.save_first, prompts.where = True, None
    assert not fitted.close()
    assert fitted.window.isVisible(), "nowhere to save to"
    prompts.where = tmp_path / "kept.difffit"
    assert not fitted.close()
    qtbot.waitUntil(lambda: not fitted.window.isVisible(), timeout=60_000)
    assert [fit.id for fit in open_project(tmp_path / "kept.difffit")[0].fits] == ["fit-1"]


@pytest.mark.fails_inside
def test_an_error_in_a_slot_is_told_with_a_report(application: Application, qtbot: Any) -> None:
    before = sys.excepthook
    with reporting_exceptions(application.window):
        sys.excepthook(ValueError, ValueError("odd"), None)
    assert sys.excepthook is before
    (notice,) = application.window.notices.notices
    assert notice.severity == "error"
    assert "odd" in notice.text


@pytest.mark.fails_inside
def test_an_error_in_a_real_slot_reaches_the_window_and_the_rest_goes_on(
    application: Application, qtbot: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with reporting_exceptions(application.window):
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(application.window.notices.notices))
    for name in {"last_type", "last_value", "last_traceback", "last_exc"} & set(vars(sys)):
        delattr(sys, name)  # where Python keeps it, with this very frame
    caplog.clear()  # so does pytest
    (notice,) = application.window.notices.notices
    assert notice.text == "Something went wrong: LookupError: nothing there"
    copy = notice.findChild(QPushButton)
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    for part in ("LookupError: nothing there", "in fail", "DiffFit Desktop", "Python 3", "vtk"):
        assert part in copied


def test_removing_the_map_takes_its_fit_and_what_is_drawn_until_it_is_undone(fitted: Application, prompts: Any) -> None:
    fitted.session.select_placement(2)
    fitted.window.panels["Open"].rows["map-1"].close_button.click()
    assert prompts.asked == []
    assert fitted.session.fits == {}
    assert fitted.window.viewer.fit.maps == {}
    assert fitted.window.panels["Placements"].shown_ranks() == []
    assert fitted.window.viewer.fit.models["model-1"].chains == ("A", "B", "C", "D", "E")
    assert not fitted.window.panels["Fit"].foot.start.isEnabled()
    undo = fitted.window.actions_by_id["undo"]
    assert undo.text() == "&Undo Remove coarse.mrc"
    undo.trigger()
    assert fitted.window.viewer.fit.maps["map-1"].triangle_count > 0
    assert fitted.window.panels["Placements"].shown_ranks() == [1, 2]
    assert fitted.session.placement is not None
    assert fitted.session.placement.rank == 2
    assert fitted.window.panels["Fit"].foot.start.isEnabled()
    fitted.window.actions_by_id["redo"].trigger()
    assert fitted.session.maps == {}


def test_a_new_name_is_shown_everywhere(fitted: Application) -> None:
    fitted.files.rename("model-1", "receptor")
    window = fitted.window
    assert window.panels["Open"].rows["model-1"].label.text() == "receptor"
    assert window.panels["Open"].rows["model-1"].eye.accessibleName() == "Show receptor"
    assert window.panels["Fit"].model.currentText() == "receptor"
    assert "receptor" in window.viewer.fit_title
    window.actions_by_id["undo"].trigger()
    assert window.panels["Fit"].model.currentText() == "1bd2_moved.pdb.gz"
    fitted.files.rename("map-1", "the map")
    assert window.panels["Map"].title.text() == "the map"
