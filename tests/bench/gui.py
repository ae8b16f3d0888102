"""How long the window is deaf during a fit of the shipped example: the gaps between beats of its event loop."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from cases import Absent
from report import Report, spread

BEAT_MS = 5
LONG_S = 0.1
FRAMES = 8


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
    costs = {name: spread([1000 * start["frames"][name] for start in found]) for name in found[0]["frames"]}
    report.notes.append(
        "Processor time of a frame after the second fit, which does not depend on what else runs: "
        + ", ".join(f"{name} {cost} ms" for name, cost in costs.items())
        + "."
    )
    return report


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
    clock = QTimer()
    clock.timeout.connect(lambda: beats.append(time.perf_counter()))
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
        begin = time.perf_counter()
        application.window.handlers["fit"]()
        go_on_until(lambda number=number: len(session.fits) == number)
        seconds = time.perf_counter() - begin
        rest(1)
        fits.append({"seconds": seconds, "gaps": [b - a for a, b in zip([begin, *beats], beats, strict=False)]})
    frames = {}
    for name, scene in (("fit view", application.window.viewer.fit), ("cluster view", application.window.viewer.clusters)):
        costs = []
        for _ in range(FRAMES):
            begin = time.process_time()
            scene.plotter.grabFramebuffer()
            costs.append(time.process_time() - begin)
        frames[name] = min(costs)
    application.dialogs.ask_to_save = lambda *_: Unsaved.DISCARD
    application.close()
    return {"fits": fits, "frames": frames}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
