"""A real fit in the worker: the window stays awake, and cancelling or quitting ends it."""

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from difffit_app.application import Application
from difffit_core.conventions import rotation_angle

WAY_BACK = np.array([[0.322146, 0.706052, 0.630644], [-0.567837, -0.388908, 0.725473], [0.757485, -0.591812, 0.275637]])


def set_up(application: Application, **changes: Any) -> None:
    panel = application.window.panels["Fit"]
    panel.chains.choose(("D", "E"))
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    for name, value in changes.items():
        panel.form.editors[name].set_value(value)


@pytest.mark.slow
def test_the_example_is_fitted_and_shown(opened_example: Application, qtbot: Any) -> None:
    opened = opened_example
    set_up(opened, starts=600, candidates=40)
    ticks: list[float] = []
    clock = QTimer()
    clock.timeout.connect(lambda: ticks.append(time.monotonic()))
    clock.start(10)
    opened.window.actions_by_id["fit"].trigger()
    assert opened.window.panels["Fit"].running
    assert not opened.window.actions_by_id["fit"].isEnabled()
    assert opened.window.panels["Placements"].summary.text() == "Placements come here when the search has ended."
    qtbot.waitUntil(lambda: opened.session.fit is not None, timeout=120_000)
    clock.stop()
    assert len(ticks) > 2, "the event loop went on while it was fitted"
    placement = opened.session.placement
    assert placement is not None
    assert rotation_angle(WAY_BACK, placement.pose.rotation) < 1
    assert opened.window.panels["Placements"].shown_ranks()[0] == 1
    assert opened.window.viewer.clusters.spheres.solid.GetVisibility()
    assert opened.window.notices.texts() == []
    assert not opened.window.panels["Fit"].running


@pytest.mark.slow
@pytest.mark.parametrize("how", ["cancel", "quit"])
def test_a_long_fit_is_stopped_in_order(opened: Application, prompts: Any, qtbot: Any, how: str) -> None:
    set_up(opened, starts=2_000_000)
    opened.window.actions_by_id["fit"].trigger()
    qtbot.waitUntil(
        lambda: opened.window.panels["Fit"].foot.bar.value() > 0 or "left" in opened.window.panels["Fit"].foot.status.text(), timeout=60_000
    )
    if how == "cancel":
        opened.window.panels["Fit"].foot.cancel.click()
        qtbot.waitUntil(lambda: not opened.window.panels["Fit"].running, timeout=60_000)
        fit = opened.session.fit
        assert fit is None or fit.record.cancelled
    else:
        prompts.answer = False
        assert not opened.close()
        assert opened.jobs.fitting
        prompts.answer = True
        assert opened.close()
        assert prompts.asked == ["A fit is running. Stop it and quit?"] * 2
