"""Panels: what they show follows the state, and what is done in them is reported."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from difffit_app.application import Application
from difffit_app.features.fit.panel import FitPanel
from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.widgets.settings_form import SettingsForm, help_of
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import BestSoFar, FitProgress
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import PRESETS, FitSettings


@pytest.fixture
def form(qtbot: Any) -> SettingsForm:
    form = SettingsForm()
    qtbot.addWidget(form)
    return form


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_is_shown_without_loss(form: SettingsForm, preset: str) -> None:
    settings = FitSettings.preset(preset)
    form.show_settings(settings)
    assert form.changes() == {}
    assert {name: editor.value() for name, editor in form.editors.items()} == settings.model_dump()
    assert nearest_preset(settings) == (preset, {})


def test_every_setting_has_an_editor_with_its_help_and_bounds(form: SettingsForm) -> None:
    assert list(form.editors) == list(FitSettings.model_fields)
    for name, info in FitSettings.model_fields.items():
        assert (info.description or "") in form.editors[name].toolTip()
    assert "at least 1" in help_of("starts", FitSettings.model_fields["starts"])


def test_what_the_editors_allow_is_what_the_settings_allow(form: SettingsForm) -> None:
    for name, editor in form.editors.items():
        for extreme in (-1e30, 1e30):
            box = getattr(editor, "_box", None)
            if hasattr(box, "setRange"):
                box.setValue(box.minimum() if extreme < 0 else box.maximum())
                assert FitSettings.checked({name: editor.value()}) is not None


def test_changes_are_those_from_the_preset_and_can_be_taken_back(form: SettingsForm) -> None:
    form.show_settings(FitSettings.preset("fast"))
    form.editors["starts"].set_value(1234)
    form.editors["fields"].set_value(("paper",))
    form.editors["smoothing_weights"].set_value((1.0, 0.5))
    assert form.changes() == {"starts": 1234, "fields": ("paper",), "smoothing_weights": (1.0, 0.5)}
    assert FitSettings.preset("fast", **form.changes()).smoothing_weights == (1.0, 0.5)
    form.reset()
    assert form.changes() == {}


def test_a_text_that_is_no_number_is_refused(form: SettingsForm) -> None:
    form.editors["smoothing_weights"]._box.setText("1, two")
    with pytest.raises(UserError, match="smoothing_weights must be numbers"):
        form.changes()


def test_an_empty_fit_panel_asks_for_nothing(qtbot: Any) -> None:
    panel = FitPanel(Session())
    qtbot.addWidget(panel)
    asked: list[Any] = []
    panel.fit_asked.connect(asked.append)
    panel.ask()
    assert asked == []
    assert not panel.foot.start.isEnabled()


def test_the_order_carries_what_is_set(opened: Application) -> None:
    panel, asked = opened.window.panels["Fit"], []
    panel.fit_asked.disconnect()
    panel.fit_asked.connect(asked.append)
    panel.chains.choose(("D",))
    panel.resolution.setValue(4.5)
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    panel.form.editors["steps"].set_value(33)
    panel.seed.setValue(9)
    panel.foot.start.click()
    settings = FitSettings.preset("fast", steps=33)
    assert asked == [FitRecipe(map="map-1", model="model-1", chains=("D",), resolution=4.5, settings=settings, seed=9)]
    panel.chains.choose(())
    assert not panel.foot.start.isEnabled()


def test_progress_is_told(opened: Application) -> None:
    panel = opened.window.panels["Fit"]
    panel.show_running(True)
    assert panel.foot.bar.isVisible()
    assert panel.foot.cancel.isEnabled()
    panel.show_progress(FitProgress("searching", 0.25, 200.0, BestSoFar(((1.0,),), (0.0,), 0.6123)))
    assert panel.foot.bar.value() == 250
    assert panel.foot.status.text() == "searching  ·  3 min left  ·  best 0.612"
    panel.show_running(False)
    assert panel.foot.start.isEnabled()


def test_a_fit_that_is_selected_sets_the_panel_up_as_it_was(opened: Application, make_fit: Callable[..., OpenFit]) -> None:
    panel = opened.window.panels["Fit"]
    opened.session.add_fit(make_fit(settings=FitSettings.preset("fast", starts=77)))
    assert panel.chains.chosen() == ("D", "E")
    assert panel.resolution.value() == 4.0
    assert panel.preset.currentData() == "fast"
    assert panel.form.changes() == {"starts": 77}


def test_the_level_line_draws_while_dragged_and_sets_at_rest(opened: Application) -> None:
    panel, state = opened.window.panels["Map"], opened.view_state
    actor = opened.window.viewer.fit.maps["map-1"]
    before = state.maps["map-1"].level
    panel.histogram.line.setValue(0.8)
    assert state.maps["map-1"].level == before
    assert panel.level.value() == pytest.approx(0.8, abs=1e-4)
    fewer = actor.triangle_count
    panel.histogram.line.sigPositionChangeFinished.emit(panel.histogram.line)
    assert state.maps["map-1"].level == pytest.approx(0.8)
    assert actor.triangle_count == fewer
    panel.auto.click()
    assert state.maps["map-1"].level == before
    assert actor.triangle_count != fewer


def test_level_and_sigma_agree(opened: Application) -> None:
    panel, item = opened.window.panels["Map"], opened.session.maps["map-1"]
    values = item.density.values
    panel.sigmas.setValue(3.0)
    assert opened.view_state.maps["map-1"].level == pytest.approx(values.mean() + 3 * values.std(), rel=1e-4)
    assert panel.level.value() == pytest.approx(opened.view_state.maps["map-1"].level, rel=1e-3)
    panel.level.setValue(0.6)
    assert panel.sigmas.value() == pytest.approx((0.6 - values.mean()) / values.std(), abs=2e-3)


def test_the_wheel_steps_the_level(opened: Application) -> None:
    panel = opened.window.panels["Map"]
    before = opened.view_state.maps["map-1"].level
    histogram = panel.histogram
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(histogram.mapToGlobal(QPoint(50, 50))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(histogram.viewport(), wheel)
    statistics = opened.session.maps["map-1"].statistics
    assert opened.view_state.maps["map-1"].level == pytest.approx(before + (statistics.high - statistics.low) / 100)


def test_opacity_and_eye_reach_the_surface(opened: Application) -> None:
    surface = opened.window.viewer.fit.maps["map-1"].surface
    opened.window.panels["Map"].look.opacity.setValue(80)
    assert surface.GetProperty().GetOpacity() == pytest.approx(0.8)
    opened.window.panels["Open"].rows["map-1"].eye.click()
    assert not surface.GetVisibility()
    opened.window.panels["Open"].rows["model-1"].eye.click()
    assert not opened.window.viewer.fit.models["model-1"].actor.GetVisibility()


def test_the_metric_colours_the_spheres_and_the_legend(fitted: Application) -> None:
    viewer = fitted.window.viewer
    assert viewer.clusters.plotter.accessibleDescription().startswith("Colour: Local correlation, from 0.20 (violet) to 0.70 (yellow)")
    viewer.metric_box.setCurrentIndex(viewer.metric_box.findData("hits"))
    viewer.metric_box.activated.emit(viewer.metric_box.currentIndex())
    words = viewer.clusters.plotter.accessibleDescription()
    assert words.startswith("Colour: Hits (starts), from 3.0 (violet) to 12.0 (yellow). Size: 3 to 12 hits.")
    radii = viewer.clusters.spheres.radii
    assert radii[0] / radii[1] == pytest.approx(1 / (0.3 + 0.7 * np.cbrt(3 / 12)))
