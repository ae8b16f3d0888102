"""Screening in a real window: set up, run, looked at, opened again; and with a hundred thousand models."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from difffit_app.application import Application
from difffit_app.features.screen.panel import ScreenPanel
from difffit_app.features.screen.ranking_model import COLUMNS, ID_ROLE
from difffit_app.features.screen.ranking_panel import RankingPanel
from difffit_app.scene.pictures.thumbnail import cut_out
from difffit_app.state.screening import ScreeningState
from difffit_core.density_map import DensityMap
from difffit_core.io.models import read_model, write_model
from difffit_core.screen.store import ScreenStore

Make = Callable[..., Path]
Q = next(i for i, column in enumerate(COLUMNS) if column.name == "q")


def set_up(application: Application) -> ScreenPanel:
    return application.window.panel("Screen").widget()


def ranking(application: Application) -> RankingPanel:
    return application.window.panel("Ranking").widget()


def state_of(application: Application) -> ScreeningState:
    return ranking(application)._screening


def trigger(application: Application, action: str) -> None:
    assert application.window.actions_by_id[action].isEnabled(), action
    application.window.actions_by_id[action].trigger()


def drop(widget: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))


def click_row(application: Application, row: int, qtbot: Any) -> None:
    view = ranking(application).view
    place = view.visualRect(view.model().index(row, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def looked_at(application: Application, identifier: int, qtbot: Any) -> None:
    """Wait until a model is shown."""
    state, session = state_of(application), application.session

    def shown() -> bool:
        return (
            state.chosen == identifier
            and session.fit is not None
            and session.fit.record.screen is not None
            and not application.jobs.reading
        )

    qtbot.waitUntil(shown, timeout=60_000)


def recent_files(application: Application) -> list[QAction]:
    menu = next(action.menu() for action in application.window.menus["&File"].actions() if "Recent" in action.text())
    menu.aboutToShow.emit()
    return list(menu.actions())


def workers() -> int:
    """How many processes work for a screen of this one."""
    count = 0
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it ends just now
            count += "spawn_main" in " ".join(child.cmdline())
    return count


@pytest.fixture(scope="session")
def chains(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model's chains B and D as files, and one that is no model."""
    folder = tmp_path_factory.mktemp("library") / "моя library"
    folder.mkdir()
    model = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    for chain in "BD":
        write_model(folder / f"chain_{chain}.cif", model.select_chains([chain]))
    (folder / "broken.pdb").write_text("Dear sir,\n")
    return folder


@pytest.fixture
def screened(opened: Application, make_screen: Make, small_example: list[Path], tmp_path: Path, qtbot: Any) -> Application:
    """The window with a screen open in which chains B, D and E stand out of 203."""
    path = make_screen(tmp_path / "screen.sqlite", small_example[0], [(small_example[1], part) for part in "BDE"], 200, found=3)
    opened.screens.open(path)
    qtbot.waitUntil(lambda: state_of(opened).table is not None, timeout=30_000)
    opened.window.raise_panel("Ranking")
    return opened


@pytest.mark.slow
def test_a_library_from_the_folder_to_the_view(opened: Application, chains: Path, tmp_path: Path, qtbot: Any) -> None:
    """Dropped, started, watched, and a row clicked; the processes end with the screen."""
    trigger(opened, "screen_set_up")
    panel = set_up(opened)
    assert not panel.start.isEnabled()
    drop(panel, chains)
    assert panel.library.path() == chains
    assert panel.store.path() == chains.parent / "моя library_screen.sqlite"
    panel.choose_store(tmp_path / "kept")
    assert panel.store.path() == tmp_path / "kept.sqlite"
    panel.resolution.setValue(9.0)
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    panel.processes.setValue(1)
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    state = state_of(opened)
    assert state.running
    assert not panel.start.isEnabled()
    assert panel.stop.isEnabled()
    words: list[str] = []
    state.told.connect(lambda _: words.append(panel.status.text()))
    qtbot.waitUntil(lambda: not state.running, timeout=120_000)
    assert any("of 3" in text for text in words)
    table = state.table
    assert table is not None
    assert (table.ranked, table.count("failed")) == (2, 1)
    assert ranking(opened).summary.text().endswith("1 failed")
    assert workers() == 0
    click_row(opened, 0, qtbot)
    looked_at(opened, table.rows[0].id, qtbot)
    assert opened.session.fit is not None
    assert len(opened.window.panels["Placements"].shown_ranks()) == len(opened.session.fit.placements) > 0
    best = opened.session.models[opened.session.fit.record.model]
    assert best.name == f"{table.rows[0].name}.cif"
    assert best.id in opened.window.viewer.fit.models
    click_row(opened, 2, qtbot)
    assert "broken failed: " in ranking(opened).summary.text()
    trigger(opened, "undo")
    assert best.id not in opened.session.models


@pytest.mark.slow
def test_closing_during_a_screen_asks_once_and_leaves_no_process(
    opened: Application, chains: Path, tmp_path: Path, prompts: Any, qtbot: Any
) -> None:
    panel = set_up(opened)
    panel.choose_library(chains)
    panel.choose_store(tmp_path / "kept.sqlite")
    panel.processes.setValue(2)
    trigger(opened, "screen_start")
    qtbot.waitUntil(lambda: workers() == 2, timeout=60_000)
    prompts.answer = False
    assert not opened.close()
    assert state_of(opened).running
    prompts.answer = True
    assert opened.close()
    assert [question for question in prompts.asked if "A screen is running" in question] == prompts.asked
    assert len(prompts.asked) == 2
    assert workers() == 0


@pytest.mark.slow
def test_a_stopped_screen_goes_on(opened: Application, chains: Path, tmp_path: Path, qtbot: Any) -> None:
    panel, state = set_up(opened), state_of(opened)
    opened.window.raise_panel("Screen")
    panel.choose_library(chains)
    panel.choose_store(tmp_path / "kept.sqlite")
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    panel.processes.setValue(1)
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.table is not None, timeout=60_000)
    qtbot.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not state.running, timeout=60_000)
    assert "Resume" in panel.status.text()
    assert state.table is not None
    assert state.table.count("waiting") > 0
    qtbot.mouseClick(panel.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not state.running, timeout=120_000)
    assert (state.table.ranked, state.table.count("waiting")) == (2, 0)


@pytest.mark.slow
def test_the_ranking_stays_in_front_while_one_steps_through_it(screened: Application, qtbot: Any) -> None:
    panel, state, table = ranking(screened), state_of(screened), screened.window.panels["Placements"]
    screened.window.raise_panel("Rounds")
    screened.window.raise_panel("Ranking")
    for _ in range(2):
        trigger(screened, "screen_next")
        assert state.chosen is not None
        looked_at(screened, state.chosen, qtbot)
        assert not panel.visibleRegion().isEmpty()
        assert table.visibleRegion().isEmpty()
        assert screened.session.fit is not None
        assert panel.placements.rowCount() == len(screened.session.fit.placements)
    panel.placements.setCurrentCell(panel.placements.rowCount() - 1, 0)
    assert screened.session.placement is screened.session.fit.placements[-1]
    screened.session.select_fit(None)
    assert panel.placements.rowCount() == 0


@pytest.mark.slow
def test_table_plot_and_pictures_show_the_same_model(screened: Application, qtbot: Any) -> None:
    panel, state = ranking(screened), state_of(screened)
    qtbot.waitUntil(lambda: len(state.thumbnails) >= 3 and panel.thumbnails.count() >= 3, timeout=60_000)
    click_row(screened, 1, qtbot)
    looked_at(screened, 2, qtbot)
    assert panel.plot.ring.getData()[0].tolist() == [pytest.approx(0.59)]
    assert panel.thumbnails.currentRow() == 1
    plot = panel.plot
    where = plot.getPlotItem().vb.mapViewToScene(plot.point_of(3))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(where))
    looked_at(screened, 3, qtbot)
    assert panel.view.currentIndex().data(ID_ROLE) == 3
    qtbot.mouseClick(
        panel.thumbnails.viewport(), Qt.MouseButton.LeftButton, pos=panel.thumbnails.visualItemRect(panel.thumbnails.item(0)).center()
    )
    looked_at(screened, 1, qtbot)
    assert panel.view.currentIndex().row() == 0
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    looked_at(screened, 2, qtbot)
    trigger(screened, "screen_next")
    looked_at(screened, 3, qtbot)
    assert [label.toPlainText() for label in plot._labels] == [f"1bd2_moved:{part}" for part in "BDE"]
    assert len(screened.session.fits) == 1


@pytest.mark.slow
def test_a_picture_shows_the_model_in_its_density(screened: Application, qtbot: Any) -> None:
    state = state_of(screened)
    qtbot.waitUntil(lambda: len(state.thumbnails) >= 3, timeout=60_000)
    pixels = state.thumbnails[1].pixels
    height, width, _ = pixels.shape
    assert width / height == pytest.approx(4 / 3, abs=0.02)
    spread = np.abs(pixels.astype(int) - pixels[0, 0].astype(int)).max(axis=2)
    assert 0.05 < (spread > 25).mean() < 0.95
    assert (state.thumbnails[2].pixels != pixels).any()
    trigger(screened, "theme")
    qtbot.waitUntil(lambda: len(state.thumbnails) >= 3, timeout=60_000)
    assert abs(state.thumbnails[1].pixels[0, 0].mean() - pixels[0, 0].mean()) > 60


@pytest.mark.slow
def test_sorting_and_filtering_keep_what_is_chosen(screened: Application, qtbot: Any) -> None:
    panel = ranking(screened)
    click_row(screened, 2, qtbot)
    looked_at(screened, 3, qtbot)
    header = panel.view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(1) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.model.index(0, 1).data() == "model_000199"
    assert panel.view.currentIndex().data(ID_ROLE) == 3
    trigger(screened, "screen_find")
    qtbot.keyClicks(panel.filter, "moved unique")
    assert panel.model.rowCount() == 3
    assert "3 shown" in panel.summary.text()
    panel.filter.clear()
    qtbot.keyClicks(panel.filter, "model_00001")
    assert panel.model.rowCount() == 10
    assert not panel.view.selectionModel().hasSelection()
    panel.filter.clear()
    assert panel.view.currentIndex().data(ID_ROLE) == 3


@pytest.mark.slow
def test_a_screen_is_opened_exported_and_repeated_from_the_menu(
    opened: Application, make_screen: Make, small_example: list[Path], tmp_path: Path, prompts: Any, qtbot: Any
) -> None:
    window = opened.window
    assert not window.actions_by_id["screen_export"].isEnabled()
    prompts.file = make_screen(tmp_path / "a screen.sqlite", small_example[0], [(small_example[1], "B")], 30)
    trigger(opened, "screen_open")
    qtbot.waitUntil(lambda: state_of(opened).table is not None and not opened.jobs.reading, timeout=30_000)
    assert set_up(opened).resolution.value() == 4.0
    assert set_up(opened).store.path() == prompts.file
    assert any("a screen.sqlite" in action.text() for action in recent_files(opened))
    with ScreenStore.open(prompts.file) as store:
        store._connection.execute("UPDATE models SET status = 'failed', correlation = NULL, note = 'is damaged' WHERE id = 5")
    trigger(opened, "screen_reload")
    qtbot.waitUntil(lambda: "1 failed" in ranking(opened).summary.text(), timeout=30_000)
    qtbot.waitUntil(lambda: not opened.jobs.reading)
    prompts.folder = tmp_path / "results"
    trigger(opened, "screen_export")
    qtbot.waitUntil((tmp_path / "results" / "ranking.json").exists, timeout=30_000)
    qtbot.waitUntil(lambda: not opened.jobs.reading)
    trigger(opened, "screen_command")
    assert QGuiApplication.clipboard().text().startswith("difffit screen ")
    prompts.folder = None
    for name in ("screen_library", "screen_add", "screen_export"):
        trigger(opened, name)
    assert not state_of(opened).running


@pytest.mark.slow
def test_a_hit_is_saved_and_comes_back_with_the_project(screened: Application, tmp_path: Path, qtbot: Any) -> None:
    click_row(screened, 0, qtbot)
    looked_at(screened, 1, qtbot)
    trigger(screened, "screen_keep")
    screened.projects.save(tmp_path / "hit.difffit")
    qtbot.waitUntil(lambda: not screened.session.dirty and not screened.jobs.reading, timeout=30_000)
    screened.files.open_paths([tmp_path / "hit.difffit"])
    qtbot.waitUntil(lambda: state_of(screened).screen is None and screened.session.fit is not None, timeout=60_000)
    assert screened.session.fit.record.screen == "screen.sqlite"
    assert screened.session.fit.record.chains == ("B",)
    screened.window.actions_by_id["replay"].trigger()
    assert "A screen found" in screened.window.landmarks["replay"].label.text()


@pytest.mark.slow
def test_a_hundred_thousand_models_open_scroll_sort_and_filter(
    opened: Application, make_screen: Make, small_example: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    path = make_screen(tmp_path / "large.sqlite", small_example[0], [(small_example[1], "B")], 99_999)
    opened.window.raise_panel("Ranking")
    panel = ranking(opened)
    opened.screens.open(path)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 100_000, timeout=60_000)
    assert panel.model.index(0, 1).data() == "1bd2_moved:B"
    assert len(panel.plot.dots.getData()[0]) < 20_000
    bar = panel.view.verticalScrollBar()
    for place in (0.25, 0.75, 1.0):
        bar.setValue(round(place * bar.maximum()))
        panel.view.grab()
    assert panel.view.indexAt(QPoint(5, panel.view.viewport().height() - 30)).row() > 99_980
    panel.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert panel.model.index(0, 1).data() == "model_099998"
    panel.filter.setText("model_0123")
    assert panel.model.rowCount() == 100
    panel.filter.clear()
    panel.view.sortByColumn(Q, Qt.SortOrder.AscendingOrder)
    assert panel.model.index(0, 1).data() == "1bd2_moved:B"


def test_a_screen_dropped_on_the_window_is_opened(
    opened: Application, make_screen: Make, small_example: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    path = make_screen(tmp_path / "a.sqlite", small_example[0], [(small_example[1], "B")], 300)
    drop(opened.window, path)
    qtbot.waitUntil(lambda: state_of(opened).table is not None and not opened.jobs.reading, timeout=30_000)
    panel = ranking(opened)
    qtbot.waitUntil(panel.view.isVisible)
    click_row(opened, 1, qtbot)
    bar = panel.view.verticalScrollBar()
    bar.setValue(200)
    state_of(opened).show(state_of(opened).table)
    assert bar.value() == 200, "a table that grows stays where it is looked at"
    assert panel.view.selectionModel().hasSelection()


def test_a_cut_out_map_is_where_it_was() -> None:
    values = np.random.default_rng(0).normal(size=(20, 30, 40)).astype(np.float32)
    density = DensityMap(values, np.array([1.0, 2.0, 1.5]), np.array([-10.0, 5.0, 0.0]))
    part = cut_out(density, np.array([[5.0, 40.0, 12.0], [12.0, 45.0, 20.0]]))
    assert min(part.values.shape) > 2
    assert part.values.size < values.size
    x, y, z = np.rint((part.origin - density.origin) / density.voxel_size).astype(int)
    nz, ny, nx = part.values.shape
    np.testing.assert_array_equal(part.values, values[z : z + nz, y : y + ny, x : x + nx])
    low, high = part.origin, part.origin + (np.array([nx, ny, nz]) - 1) * part.voxel_size
    assert (low <= [5.0, 40.0, 12.0]).all()
    assert (high >= [12.0, 45.0, 20.0]).all()
    assert cut_out(density, np.full((3, 3), 500.0)).values.shape == (2, 2, 2)


def test_only_what_can_be_a_library_or_a_screen_is_taken_by_the_panel(opened: Application, tmp_path: Path) -> None:
    panel = set_up(opened)
    (tmp_path / "list.txt").write_text("a.pdb\n")
    (tmp_path / "a.pdb").touch()
    drop(panel, tmp_path / "a.pdb")
    assert panel.library.path() is None
    drop(panel, tmp_path / "list.txt")
    assert panel.library.path() == tmp_path / "list.txt"
    assert panel.store.path() == tmp_path / "list_screen.sqlite"
    (tmp_path / "list_screen.sqlite").touch()
    drop(panel, tmp_path)
    drop(panel, tmp_path / "list.txt")
    assert panel.store.path() == tmp_path / "list_screen_2.sqlite"
    assert os.fspath(tmp_path) in panel.library.text.toolTip()
