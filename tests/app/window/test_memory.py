"""Opening the same project again and again, in every layout, takes no more of the heap than once; what is closed is let go of."""

import ctypes
import gc
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heap import heap_in_use
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.state.subjects import ResidueSubject
from difffit_app.state.view_state import LAYOUTS

MOST = 15.0
"""MiB; the maps, models and drawings of the project take 30 each time it is opened, and what is free at a moment differs by 8."""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks glibc")
def test_what_was_open_is_given_back(crowded: Application, tmp_path: Path, qtbot: Any) -> None:
    if not hasattr(ctypes.CDLL(None), "mallinfo2"):
        pytest.skip("needs glibc 2.33")
    jobs, path = crowded.jobs, tmp_path / "again.difffit"
    crowded.window.viewer.setUpdatesEnabled(False)  # what the driver of the graphics keeps is none of ours
    crowded.projects.save(path)
    qtbot.waitUntil(lambda: not jobs.reading)

    def in_every_layout() -> float:
        """The least that is in use after one of them."""
        seen = []
        for layout in LAYOUTS:
            opened = crowded.session.opening
            crowded.files.open_paths([path])
            qtbot.waitUntil(lambda opened=opened: crowded.session.opening > opened and not jobs.reading and jobs.geometry.running is None)
            crowded.view_state.set_layout(layout)
            crowded.history.undo()
            seen.append(heap_in_use())
        return min(seen)

    in_every_layout()
    before = in_every_layout()
    assert in_every_layout() - before < MOST


def test_what_is_closed_is_let_go_of(opened: Application, qtbot: Any) -> None:
    """Also what was met by a ray, and what was made ready to be scored as it is moved by hand."""
    session, jobs, middle = opened.session, opened.jobs, opened.session.models["model-1"].model.fit_coordinates.mean(axis=0)
    opened.window.panels["Fit"].resolution.setValue(9.0)
    rays = ((np.array([*(middle[:2] + shift), middle[2] - 200.0]), np.array([0.0, 0.0, 1.0])) for shift in np.arange(-8.0, 8.0))
    found = [opened.window.viewer.fit.drawing.picking.under(ray) for ray in rays]
    assert any(one is not None and isinstance(one.subject, ResidueSubject) for one in found)
    opened.window.actions_by_id["move"].trigger()
    qtbot.waitUntil(lambda: not jobs.reading and jobs.geometry.running is None, timeout=60_000)
    assert opened.view_state.moving is not None
    held = [weakref.ref(one) for one in (session.maps["map-1"], session.maps["map-1"].density, session.models["model-1"])]
    session.clear()

    def is_gone() -> bool:
        gc.collect()
        return all(one() is None for one in held)

    qtbot.waitUntil(is_gone, timeout=10_000)


@pytest.mark.parametrize("close", [lambda one: one.files.remove("map-1"), lambda one: one.session.clear()])
def test_what_is_closed_goes_back_to_the_system(
    opened: Application, monkeypatch: pytest.MonkeyPatch, close: Callable[[Application], None]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(opened.jobs._collector, "give_back_later", lambda: asked.append(1))
    monkeypatch.setattr(opened.jobs, "read", lambda _: None)  # a copy is kept of it, after which it would be given back anyhow
    monkeypatch.setattr(opened.jobs, "draw", lambda _: None)
    close(opened)
    assert asked


@pytest.mark.slow
@pytest.mark.parametrize("last", LAYOUTS)
def test_what_was_drawn_is_let_go_of(fitted: Application, qtbot: Any, last: str) -> None:
    """With all that the card holds of it, whichever views are seen when it is closed."""
    view_state, viewer, gone = fitted.view_state, fitted.window.viewer, []
    for layout in (*LAYOUTS, last):
        view_state.set_layout(layout)
        for on in (True, False):
            view_state.set_effects(soft_shadows=False, silhouettes=on, fog=on)
            viewer.repaint()
            qtbot.wait(20)
        qtbot.mouseClick(viewer.shown_scene.plotter, Qt.MouseButton.LeftButton)
    drawings = (viewer.fit.drawing, viewer.gallery.drawing.fit)
    drawn = [prop for each in drawings for one in (*each.maps.values(), *each.models.values()) for prop in one.props]
    for prop in drawn:
        prop.AddObserver("DeleteEvent", lambda *_: gone.append(1))
    count = len(drawn)
    del drawn, prop, drawings
    fitted.session.clear()

    def are_gone() -> bool:
        gc.collect()
        return len(gone) == count

    qtbot.waitUntil(are_gone, timeout=10_000)
