"""Opening the same project again and again, in every layout, takes no more of the heap than once."""

import ctypes
import sys
from pathlib import Path
from typing import Any

import pytest
from heap import heap_in_use

from difffit_app.application import Application
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
