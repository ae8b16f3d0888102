"""How long the window is deaf during a fit of the shipped example: the gaps between beats of its event loop."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cases import Absent
from report import Report, spread

BEAT_MS = 5
MOVE_MS, TURN_S = 8, 3.0
_TURNING = (
    "The demo density and its model turned by the mouse, 125 moves a second: {frames} frames a second of the fit view, {beside} of the "
    "cluster view, {cost} ms of processor time a frame in all, of which {own} ms in the window's own thread. Asked for: 30 frames a second "
    "on two cores by software."
)
_DRAGGING = (
    "The level of a map of 256³ voxels dragged: {contour} ms of processor time in the window's own thread from a move to the contour, and "
    "{frame} ms more until it is drawn; {all} ms of all threads a move, by the median; {settled} ms until all is "
    "contoured after the mouse lets go. Asked for: less than 100 ms."
)
LONG_S = 0.1
FRAMES = 8
DEMO = Path(__file__).resolve().parents[3] / "shared" / "data" / "difffit_demo"


def run(options: Namespace) -> Report:
    found = [_in_a_window_of_its_own(options.preset) for _ in range(max(1, options.repeats // 2))]
    report = Report(
        "Window during a fit",
        f"Gaps between beats of the event loop ({BEAT_MS} ms apart) from pressing Fit until the result is drawn: a window of 1280x800, the "
        f"shipped example, chains D and E, preset {options.preset}; the first fit of a start, and the second. Without a graphics card the "
        "window is drawn by software, by the processors that fit. Median (lowest..highest) of some starts.",
        ["", "fit, s", "longest gap, ms", "gaps above 100 ms"],
        raw=[{"starts": found}],
    )
    for number, name in enumerate(("first fit", "second fit")):
        fits = [start["fits"][number] for start in found]
        report.rows.append(
            [
                name,
                spread([fit["seconds"] for fit in fits]),
                spread([1000 * max(fit["gaps"]) for fit in fits]),
                spread([float(sum(gap > LONG_S for gap in fit["gaps"])) for fit in fits]),
            ]
        )
    report.notes.append("Asked for: no event above 100 ms.")
    own = [spread([1000 * max(start["fits"][number]["work"]) for start in found]) for number in (0, 1)]
    report.notes.append(
        f"The longest event by the processor time of the window's own thread, which does not depend on what else runs: {own[0]} ms in the "
        f"first fit, {own[1]} ms in the second."
    )
    report.notes += [*_told(found, "turning", _TURNING), *_told(found, "dragging", _DRAGGING)]
    costs = {name: spread([1000 * start["frames"][name] for start in found]) for name in found[0]["frames"]}
    report.notes.append(
        "Processor time of a frame after the second fit, which does not depend on what else runs: "
        + ", ".join(f"{name} {cost} ms" for name, cost in costs.items())
        + "."
    )
    return report


def _told(found: list[dict], name: str, words: str) -> list[str]:
    """A sentence of what was measured, if it was."""
    known = [start[name] for start in found if start[name]]
    return [words.format(**{key: spread([one[key] for one in known]) for key in known[0]})] if known else []


def _in_a_window_of_its_own(preset: str) -> dict:
    display = [] if os.environ.get("DISPLAY") else [shutil.which("xvfb-run"), "-a", "-s", "-screen 0 1280x800x24"]
    if display and display[0] is None:
        raise Absent("there is neither a display nor xvfb-run")
    done = subprocess.run([*display, sys.executable, __file__, preset], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(preset: str) -> dict:
    from PySide6.QtCore import QEventLoop, QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    qt = QApplication(sys.argv[:1])
    from difffit_app.application import Application
    from difffit_app.prompts import Unsaved

    settings = QSettings(str(Path(tempfile.mkdtemp()) / "settings.ini"), QSettings.Format.IniFormat)
    application = Application(settings)
    application.window.resize(1280, 800)
    application.show()
    beats: list[float] = []
    work: list[float] = []
    clock = QTimer()
    clock.timeout.connect(lambda: (beats.append(time.perf_counter()), work.append(time.thread_time())))
    clock.start(BEAT_MS)

    def go_on_until(reached: Callable[[], bool]) -> None:
        while not reached():
            qt.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(seconds: float) -> None:
        end = time.perf_counter() + seconds
        go_on_until(lambda: time.perf_counter() > end)

    session, panel = application.session, application.window.panels["Fit"]
    application.window.handlers["open_example"]()
    go_on_until(lambda: bool(session.maps and session.models) and not application.jobs.reading)
    rest(2)
    panel.chains.choose(("D", "E"))
    panel.preset.setCurrentIndex(panel.preset.findData(preset))
    fits = []
    for number in (1, 2):
        beats.clear()
        work.clear()
        begin, worked = time.perf_counter(), time.thread_time()
        application.window.handlers["fit"]()
        go_on_until(lambda number=number: len(session.fits) == number)
        seconds = time.perf_counter() - begin
        rest(1)
        gaps, own = ([b - a for a, b in zip([first, *all_], all_, strict=False)] for first, all_ in ((begin, beats), (worked, work)))
        fits.append({"seconds": seconds, "gaps": gaps, "work": own})
    viewer = application.window.viewer
    frames = {"fit view": _frame(viewer.fit), "cluster view": _frame(viewer.clusters)}
    clock.stop()
    files, maps = application.files, session.maps

    def close_all() -> None:
        session.mark_saved(None)
        files.close_all()
        rest(0.5)

    turning: dict[str, float] = {}
    if (DEMO / "density2.mrc").is_file():
        close_all()
        files.open_paths([DEMO / "density2.mrc", DEMO / "I7MLV6_D3.pdb"])
        go_on_until(lambda: bool(maps and session.models) and not application.jobs.reading)
        application.styles.change_map(next(iter(maps)), level=0.886)
        rest(1.5)
        _turn(viewer.fit.plotter, 1.0, rest)  # once, for what is made when it is first wanted
        turning = _turned(viewer, rest)
        viewer.look_at_everything()
        viewer.zoom(2.0)
        rest(1.5)
        go_on_until(lambda: not application.jobs.geometry.busy)
        frames |= {"fit view of the demo from near": _frame(viewer.fit), "cluster view of it": _frame(viewer.clusters)}
    close_all()
    dragging = _dragged(application, go_on_until, rest)
    application.dialogs.ask_to_save = lambda *_: Unsaved.DISCARD
    application.close()
    return {"fits": fits, "frames": frames, "turning": turning, "dragging": dragging}


def _frame(scene: Any) -> float:
    """Seconds of processor time of a frame, at rest."""
    costs = []
    for _ in range(FRAMES):
        begin = time.process_time()
        scene.plotter.grabFramebuffer()
        costs.append(time.process_time() - begin)
    return min(costs)


def _turn(view: Any, seconds: float, rest: Callable[[float], None]) -> None:
    """Drag round in a circle."""
    from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle, begin = view.rect().center(), time.perf_counter()
    QTest.mousePress(view, left, none, middle)
    while (now := time.perf_counter() - begin) < seconds:
        place = middle + QPoint(round(60 * math.sin(2 * now)), round(60 * math.cos(1.3 * now)))
        there = QPointF(view.mapToGlobal(place))
        QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, QPointF(place), there, Qt.MouseButton.NoButton, left, none))
        rest(MOVE_MS / 1000)
    QTest.mouseRelease(view, left, none, middle)


def _turned(viewer: Any, rest: Callable[[float], None]) -> dict[str, float]:
    drawn = {"frames": 0, "beside": 0}
    tags = []

    def count(name: str) -> None:
        drawn[name] += 1

    for name, scene in (("frames", viewer.fit), ("beside", viewer.clusters)):
        window = scene.plotter.render_window
        tags.append((window, window.AddObserver("EndEvent", lambda *_, name=name: count(name))))
    wall, cost, own = time.perf_counter(), time.process_time(), time.thread_time()
    _turn(viewer.fit.plotter, TURN_S, rest)
    wall, cost, own = time.perf_counter() - wall, time.process_time() - cost, time.thread_time() - own
    for window, tag in tags:
        window.RemoveObserver(tag)
    frames = max(drawn["frames"], 1)
    return {name: count / wall for name, count in drawn.items()} | {"cost": 1000 * cost / frames, "own": 1000 * own / frames}


def _dragged(application: Any, go_on_until: Callable[..., None], rest: Callable[[float], None]) -> dict[str, float]:
    """A map as it comes from a microscope: a molecule in noise, dragged from inside the molecule down to where noise begins to show."""
    import numpy as np
    from scipy import ndimage

    from difffit_core.density_map import DensityMap
    from difffit_core.io.maps import read_map, write_map

    path = Path(tempfile.mkdtemp()) / "large_4A.mrc"
    small = read_map(Path(__file__).resolve().parents[2] / "resources" / "example" / "1bd2_4A.mrc.gz")
    grown = ndimage.zoom(small.values, 2, order=1)[:256, :256, :256]
    values = np.random.default_rng(0).normal(0, 0.1, (256, 256, 256)).astype(np.float32)
    values[tuple(slice((256 - n) // 2, (256 - n) // 2 + n) for n in grown.shape)] += grown
    write_map(path, DensityMap(values, small.voxel_size / 2, small.origin))
    application.files.open_paths([path])
    go_on_until(lambda: bool(application.session.maps) and not application.jobs.reading and not application.jobs.geometry.busy)
    rest(1)
    panel, view = application.window.panels["Map"], application.window.viewer.fit.plotter
    item = next(iter(application.session.maps.values()))
    contours, drawn, every = [], [], []
    for sigmas in np.linspace(4.0, 2.0, 20):
        begin, whole = time.thread_time(), time.process_time()
        panel.histogram.level_moving.emit(item.statistics.from_sigma(float(sigmas)))
        contours.append(time.thread_time() - begin)
        begin = time.thread_time()
        view.grabFramebuffer()
        drawn.append(time.thread_time() - begin)
        rest(0.02)
        every.append(time.process_time() - whole)
    begin = time.perf_counter()
    panel.histogram.level_set.emit(item.statistics.from_sigma(3.0))
    go_on_until(lambda: not application.jobs.geometry.busy)
    settled = 1000 * (time.perf_counter() - begin)
    return {"contour": 1000 * max(contours), "frame": 1000 * max(drawn), "all": 1000 * float(np.median(every)), "settled": settled}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
