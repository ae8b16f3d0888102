"""Pictures of what the window shows, drawn off the screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from difffit_app.application import Application
from difffit_app.state.figure import Figure
from difffit_app.window.dialogs import Dialogs
from difffit_app.window.figure_dialog import FigureDialog


def written(application: Application, path: Path, qtbot: Any) -> np.ndarray:
    """The picture, once it is there."""
    qtbot.waitUntil(lambda: f"Wrote {path}" in application.window.notices.texts(), timeout=60_000)
    with Image.open(path) as image:
        return np.asarray(image).astype(int)


@pytest.mark.slow
def test_a_quick_picture_is_what_the_view_shows_twice_as_large(
    fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any, picture_of: Callable[[QWidget], np.ndarray]
) -> None:
    prompts.where = tmp_path / "view"
    plotter = fitted.window.viewer.fit.plotter
    fitted.window.viewer.fit.camera.Azimuth(40)
    fitted.window.actions_by_id["screenshot"].trigger()
    large = written(fitted, tmp_path / "view.png", qtbot)
    assert large.shape == (2 * plotter.height(), 2 * plotter.width(), 3)
    small = large.reshape(plotter.height(), 2, plotter.width(), 2, 3).mean(axis=(1, 3))

    def apart() -> float:
        return float(np.abs(picture_of(plotter) - small).mean())

    qtbot.waitUntil(lambda: apart() < 3, timeout=20_000)
    fitted.window.viewer.fit.camera.Azimuth(60)
    fitted.window.viewer.fit.draw()
    qtbot.waitUntil(lambda: apart() > 6, timeout=20_000)


def test_the_chosen_figure_is_written_with_its_size_ground_and_resolution(
    fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any
) -> None:
    prompts.where = tmp_path / "figure.png"
    prompts.figure = {
        "scene": "both", "width": 640, "height": 320, "scale": 1.0, "samples": 1, "background": "transparent", "dots_per_inch": 600.0,
    }  # fmt: skip
    fitted.window.actions_by_id["figure"].trigger()
    pixels = written(fitted, tmp_path / "figure.png", qtbot)
    assert pixels.shape == (320, 640, 4)
    assert pixels[..., 3].min() == 0
    assert pixels[:, 330:, 3].max() == 255, "the selected sphere is solid"
    with Image.open(tmp_path / "figure.png") as image:
        np.testing.assert_allclose(image.info["dpi"], (600, 600), atol=0.1)


def test_effects_go_into_the_figure_and_leave_the_ground_transparent(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    size = {"scene": "fit", "width": 300, "height": 200, "scale": 1.0, "samples": 1, "background": "transparent"}
    dark = {}
    for name, effects in (("plain", {}), ("lines", {"silhouettes": True}), ("deep", {"soft_shadows": True})):
        prompts.where, prompts.figure = tmp_path / f"{name}.png", {**size, **effects}
        fitted.window.actions_by_id["figure"].trigger()
        pixels = written(fitted, prompts.where, qtbot)
        assert pixels[0, 0, 3] == 0
        dark[name] = 255 - pixels[pixels[..., 3] == 255][:, :3].mean()
    assert dark["lines"] > dark["plain"] + 3
    assert dark["deep"] > dark["plain"] + 3
    assert not fitted.view_state.silhouettes, "the window stays as it is"


def test_the_window_may_change_while_a_figure_is_drawn(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "before.png"
    prompts.figure = {"scene": "fit", "width": 300, "height": 200, "scale": 1.0, "samples": 1}
    fitted.window.actions_by_id["figure"].trigger()
    fitted.window.actions_by_id["close_all"].trigger()
    assert fitted.session.is_empty
    assert written(fitted, tmp_path / "before.png", qtbot).std() > 5


def test_a_place_where_nothing_can_be_written_is_one_sentence(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "nowhere" / "figure.png"
    prompts.figure = {"width": 100, "height": 100}
    fitted.window.actions_by_id["figure"].trigger()
    qtbot.waitUntil(lambda: bool(fitted.window.notices.texts()))
    assert "nowhere" in fitted.window.notices.texts()[0]


def test_leaving_the_dialog_writes_nothing(fitted: Application, prompts: Any) -> None:
    fitted.window.actions_by_id["figure"].trigger()
    assert prompts.asked == ["figure"]


@pytest.fixture
def dialog(qtbot: Any) -> FigureDialog:
    dialog = FigureDialog(Figure("fit", 2000, 1000, 2.0), True)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_dialog_keeps_the_shape_and_scales_the_words(dialog: FigureDialog) -> None:
    dialog.width_box.setValue(1000)
    assert (dialog.figure.width, dialog.figure.height, dialog.figure.scale) == (1000, 500, 1.0)
    dialog.keep_shape.setChecked(False)
    dialog.height_box.setValue(800)
    assert (dialog.figure.width, dialog.figure.height, dialog.figure.scale) == (1000, 800, 1.0)
    dialog.keep_shape.setChecked(True)
    dialog.height_box.setValue(1600)
    assert (dialog.figure.width, dialog.figure.height, dialog.figure.scale) == (2000, 1600, 2.0)


def test_the_size_in_centimetres_follows_the_dots_per_inch(dialog: FigureDialog) -> None:
    dialog.dpi.setValue(254)
    assert dialog.figure.width == 2000, "pixels stay as they are chosen"
    dialog.unit.setCurrentIndex(1)
    assert dialog.width_box.value() == 20
    dialog.width_box.setValue(8.5)
    assert (dialog.figure.width, dialog.figure.height) == (850, 425)
    dialog.dpi.setValue(508)
    assert dialog.width_box.value() == 8.5
    assert (dialog.figure.width, dialog.figure.height, dialog.figure.dots_per_inch) == (1700, 850, 508)
    assert dialog.outcome.text() == "1700 × 850 pixels, 8.5 × 4.2 cm in print"


def test_everything_in_the_dialog_reaches_the_figure(dialog: FigureDialog) -> None:
    dialog.scene.setCurrentIndex(dialog.scene.findData("offset"))
    assert dialog.legend.isEnabled()
    dialog.legend.setChecked(False)
    dialog.scale_bar.setChecked(True)
    dialog.smoothing.setCurrentIndex(dialog.smoothing.findData(4))
    dialog.ground.setCurrentIndex(dialog.ground.findData("transparent"))
    figure = dialog.figure
    assert (figure.scene, figure.legend, figure.scale_bar, figure.samples, figure.transparent) == ("offset", False, True, 4, True)
    dialog.ground.setCurrentIndex(dialog.ground.findData("dark"))
    assert (dialog.figure.background, dialog.figure.transparent) == ("dark", False)


def test_without_placements_only_the_fit_view_is_offered(qtbot: Any) -> None:
    dialog = FigureDialog(Figure(), False)
    qtbot.addWidget(dialog)
    assert [dialog.scene.itemData(i) for i in range(dialog.scene.count())] == ["fit"]


@pytest.mark.parametrize("accept", [True, False])
def test_the_dialog_gives_the_figure_or_nothing(qtbot: Any, accept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    kind = QDialogButtonBox.StandardButton.Save if accept else QDialogButtonBox.StandardButton.Cancel

    def press(dialog: FigureDialog) -> int:
        qtbot.mouseClick(dialog.findChild(QDialogButtonBox).button(kind), Qt.MouseButton.LeftButton)
        return dialog.result()

    monkeypatch.setattr(FigureDialog, "exec", press)
    figure = Dialogs(parent).ask_for_figure(Figure("fit", 500, 400), False)
    assert (figure is not None) == accept
    if figure is not None:
        assert (figure.width, figure.height) == (500, 400)
