"""Workers leave the window its processor time, and the progress bar never paints out of turn."""

import os
import sys
import threading
from typing import Any

import pytest

from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.workers.lane import Job, Lane


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has a niceness for each thread")
@pytest.mark.parametrize("yielding", [True, False])
def test_computing_threads_and_what_they_start_come_after_the_window(qtbot: Any, yielding: bool) -> None:
    def niceness(_: object) -> list[int]:
        found = [os.getpriority(os.PRIO_PROCESS, threading.get_native_id())]
        child = threading.Thread(target=lambda: found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
        child.start()
        child.join()
        return found

    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    lane = Lane("lane", yielding=yielding)
    results: list[list[int]] = []
    for _ in range(2):
        lane.submit(Job("asking", niceness, results.append, lambda error: None))
    qtbot.waitUntil(lambda: len(results) == 2)
    assert lane.stop(5000)
    assert results == [[min(own + 5, 19) if yielding else own] * 2] * 2


def test_the_bar_is_painted_with_the_rest(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    line = ProgressLine("Progress")
    qtbot.addWidget(line)
    line.setRange(0, 1000)
    line.resize(200, 6)
    painted: list[int] = []
    monkeypatch.setattr(ProgressLine, "paintEvent", lambda self, event: painted.append(self.value()))
    line.show()
    with qtbot.waitExposed(line):
        pass
    qtbot.waitUntil(lambda: bool(painted))
    painted.clear()
    for value in range(0, 1000, 100):
        line.setValue(value)
    assert painted == []
    qtbot.waitUntil(lambda: painted == [900])
