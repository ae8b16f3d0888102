"""A map of 400³ voxels in a process of its own, whose memory is watched."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map

SIDE = 400
MOST_MB = 3000

RUN = """
import json, resource, sys, time
from pathlib import Path
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
qt = QApplication([])
from difffit_app.application import Application
from difffit_app.scene import scene_widget
scene_widget.SLOW_FRAME_S = -1.0  # turned coarsely, however fast this machine is
application = Application(QSettings(sys.argv[2], QSettings.Format.IniFormat))
application.show()

def wait(done):
    end = time.monotonic() + 200
    while not done():
        assert time.monotonic() < end, "it does not come to an end"
        qt.processEvents()
        time.sleep(0.005)

wait(application.window.isVisible)
application.files.open_paths([Path(sys.argv[1])])
wait(lambda: bool(application.session.maps))
seen = {}

def note(name):
    seen[name] = application.window.viewer.fit.maps["map-1"].triangle_count

note("at once")
wait(lambda: not application.jobs.geometry.busy)
note("full")
line = application.window.panels["Map"].histogram.line
for level in (0.45, 0.5, 0.55):
    line.setValue(level)
    qt.processEvents()
note("dragged")
line.sigPositionChangeFinished.emit(line)
wait(lambda: not application.jobs.geometry.busy)
note("at rest")
plotter = application.window.viewer.fit.plotter
plotter.grab()
camera = application.window.viewer.fit.camera
before, middle = camera.GetPosition(), QPoint(plotter.width() // 2, plotter.height() // 2)
QTest.mousePress(plotter, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
for step in (10, 20, 30):
    QTest.mouseMove(plotter, middle + QPoint(step, 5))
    plotter.grab()
note("turned")
QTest.mouseRelease(plotter, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
wait(lambda: not application.window.viewer.fit.motion.moving)
plotter.grab()
note("at rest again")
assert camera.GetPosition() != before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
application.session.mark_saved(None)
assert application.close()
print(json.dumps({"peak": peak, "seen": seen}))
"""


def block() -> np.ndarray:
    """100³ voxels: three balls that overlap, and noise."""
    z, y, x = np.mgrid[:100, :100, :100].astype(np.float32)
    values = np.zeros((100, 100, 100), np.float32)
    for cx, cy, cz, radius in ((35, 40, 50, 20), (60, 55, 45, 24), (50, 70, 60, 15)):
        values = np.maximum(values, np.exp(-(((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) / (1.4 * radius**2))))
    return values + np.random.default_rng(5).normal(0, 0.03, values.shape).astype(np.float32)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process does not tell there how much memory it has had")
def test_it_opens_contours_and_turns_within_its_memory(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "large.mrc"
    write_map(path, DensityMap(np.tile(block(), (SIDE // 100,) * 3), np.ones(3), np.zeros(3)))
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "settings.ini")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    seen = told["seen"]
    assert seen["full"] > 500_000
    assert 0 < seen["at once"] < seen["full"] / 2, "coarse until it is made"
    assert 0 < seen["dragged"] < seen["at rest"] / 2
    assert 0 < seen["turned"] < seen["at rest"] / 2
    assert seen["at rest again"] == seen["at rest"]
    assert told["peak"] < MOST_MB
