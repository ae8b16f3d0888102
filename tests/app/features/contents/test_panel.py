"""The list of what is open: its rows, its keys, and the Map and Model menus that act on what is selected in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from difffit_app.application import Application
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map


def select(application: Application, identifier: str) -> None:
    contents = application.window.panels["Open"]
    contents.list.setFocus()
    contents.list.setCurrentItem(contents._entry(identifier))


def trigger(application: Application, name: str) -> None:
    action = application.window.actions_by_id[name]
    assert action.isEnabled()
    action.trigger()


@pytest.fixture
def two_maps(opened: Application, tmp_path: Path, qtbot: Any) -> Application:
    first = opened.session.maps["map-1"].density
    write_map(tmp_path / "other.mrc", DensityMap(-first.values, first.voxel_size, first.origin))
    opened.files.open_paths([tmp_path / "other.mrc"])
    qtbot.waitUntil(lambda: len(opened.session.maps) == 2, timeout=20_000)
    return opened


def test_the_row_that_is_chosen_is_what_the_menus_act_on(two_maps: Application) -> None:
    session, state = two_maps.session, two_maps.view_state
    assert session.map is session.maps["map-2"]
    select(two_maps, "map-1")
    assert session.map is session.maps["map-1"]
    assert two_maps.window.panels["Map"].title.text() == session.maps["map-1"].name
    trigger(two_maps, "map_mesh")
    assert (state.maps["map-1"].mode, state.maps["map-2"].mode) == ("mesh", "surface")
    select(two_maps, "map-2")
    assert not two_maps.window.actions_by_id["map_mesh"].isChecked()
    select(two_maps, "map-1")
    assert two_maps.window.actions_by_id["map_mesh"].isChecked()
    trigger(two_maps, "map_mesh")
    assert two_maps.window.actions_by_id["map_mesh"].isChecked(), "chosen again it stays"


def test_f2_types_a_name_over(opened: Application, qtbot: Any) -> None:
    select(opened, "map-1")
    contents, row = opened.window.panels["Open"], opened.window.panels["Open"].rows["map-1"]
    before = row.label.text()
    for keys, last, name in (
        ("box", Qt.Key.Key_Escape, before),
        ("half map", Qt.Key.Key_Return, "half map"),
        ("  ", Qt.Key.Key_Return, "half map"),
    ):
        qtbot.keyClick(contents.list, Qt.Key.Key_F2)
        assert row.edit.isVisible()
        qtbot.keyClicks(row.edit, keys)
        qtbot.keyClick(row.edit, last)
        assert not row.edit.isVisible()
        assert (row.label.text(), opened.session.maps["map-1"].name) == (name, name)
    trigger(opened, "undo")
    assert row.label.text() == before
    assert opened.window.panels["Map"].title.text() == before


def test_space_hides_and_delete_closes(opened: Application, qtbot: Any) -> None:
    select(opened, "model-1")
    qtbot.keyClick(opened.window.panels["Open"].list, Qt.Key.Key_Space)
    assert not opened.view_state.models["model-1"].visible
    assert not opened.window.actions_by_id["model_show"].isChecked()
    qtbot.keyClick(opened.window.panels["Open"].list, Qt.Key.Key_Delete)
    assert opened.session.models == {}
    assert not opened.window.actions_by_id["model_cartoon"].isEnabled()
    trigger(opened, "undo")
    assert list(opened.window.panels["Open"].rows) == ["map-1", "model-1"]
    assert opened.session.model is opened.session.models["model-1"]


@pytest.mark.parametrize(("identifier", "title"), [("map-1", "&Map"), ("model-1", "M&odel")])
def test_a_row_opens_the_menu_of_its_kind(opened: Application, identifier: str, title: str, qtbot: Any) -> None:
    contents = opened.window.panels["Open"]
    shown: list[QMenu] = []
    opened.window.menus[title].aboutToShow.connect(lambda: shown.append(opened.window.menus[title]))
    qtbot.mouseClick(contents.rows[identifier].look, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget() is opened.window.menus[title]
    opened.window.menus[title].close()
    place = contents.list.visualItemRect(contents._entry(identifier)).center() + QPoint(0, 1)
    contents.list.customContextMenuRequested.emit(place)
    over = QApplication.activePopupWidget()
    assert isinstance(over, QMenu)
    name = (opened.session.maps if identifier in opened.session.maps else opened.session.models)[identifier].name
    assert over.actions()[0].text() == name, "the menu over a row is the one that opens in the views"
    over.close()
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("model_trace", "representation", "trace"),
        ("colour_plain", "colour_by", "plain"),
        ("colour_b_factor", "colour_by", "b_factor"),
        ("model_clearer", "opacity", 0.9),
    ],
)
def test_the_model_menu_sets_the_style(opened: Application, name: str, field: str, value: object) -> None:
    trigger(opened, name)
    assert getattr(opened.view_state.models["model-1"], field) == value


def test_the_map_menu_sets_the_style(opened: Application, prompts: Any) -> None:
    def style() -> dict[str, Any]:
        return opened.view_state.maps["map-1"].model_dump()

    for name, changes in (
        ("map_slice", {"mode": "slice"}),
        ("slice_axis", {"slice_axis": "x"}),
        ("slice_all", {"all_slices": True}),
        ("map_box", {"box": True}),
        ("map_coarser", {"step": 2}),
        ("map_coarser", {"step": 4}),
        ("map_finer", {"step": 2}),
        ("map_denser", {"opacity": 0.45}),
        ("map_show", {"visible": False}),
    ):
        before = style()
        trigger(opened, name)
        assert style() == {**before, **changes}
    prompts.colour = "#010203"
    trigger(opened, "map_colour")
    trigger(opened, "model_colour")
    assert style()["colour"] == "#010203"
    assert (opened.view_state.models["model-1"].colour, opened.view_state.models["model-1"].colour_by) == ("#010203", "plain")
    trigger(opened, "map_islands")
    assert opened.window.focusWidget() is opened.window.panels["Map"].look.islands
    assert style()["mode"] == "surface", "a slice has no pieces"


def test_a_predicted_model_says_that_its_b_factors_are_confidence(
    application: Application, shared_data: Path, qtbot: Any, wait_for_model: Callable[[Path], None]
) -> None:
    wait_for_model(shared_data / "difffit_demo" / "I7MLV6_D3.pdb")
    colouring = application.window.panels["Open"].rows["model-1"].colouring
    index = colouring.findText("pLDDT")
    assert "alphafold" in colouring.itemData(index, Qt.ItemDataRole.ToolTipRole)
    colouring.setCurrentIndex(index)
    colouring.activated.emit(index)
    assert application.view_state.models["model-1"].colour_by == "b_factor"


@pytest.fixture
def wait_for_model(application: Application, qtbot: Any) -> Callable[[Path], None]:
    def wait(path: Path) -> None:
        application.files.open_paths([path])
        qtbot.waitUntil(lambda: bool(application.session.models), timeout=30_000)

    return wait


def test_long_names_make_no_panel_wider(two_maps: Application) -> None:
    window = two_maps.window
    before = {title: panel.minimumSizeHint().width() for title, panel in window.panels.items()}
    name = "1bd2_4A low-passed at 6 Å, cropped, near 1bd2_moved within 5 Å, voxels of 1.41 Å.mrc"
    for identifier in ("map-1", "map-2", "model-1"):
        two_maps.session.rename(identifier, f"{identifier} {name}")
    assert window.panels["Map"].title.text() == f"map-2 {name}"
    assert name in window.panels["Map"].title.toolTip()
    assert {title: panel.minimumSizeHint().width() for title, panel in window.panels.items()} == before
