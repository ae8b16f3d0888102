"""The Python console: a thread of its own, and the ways between it and the window."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from difffit_app.desk import Desk
from difffit_app.features.console.complete import names_like
from difffit_app.features.console.interpreter import Interpreter
from difffit_app.features.console.namespace import namespace_of
from difffit_app.features.console.panel import ConsolePanel
from difffit_app.features.console.showing import Showing
from difffit_app.offered import RunsScripts
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.io.regular import read_text

TITLE = "Python"
_HEIGHT = 180
"""Pixels: a few lines of what was printed."""


class Gate(QObject):
    """Has the thread of the window do something for another, which waits for it."""

    _asked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._window = threading.get_ident()
        self._asked.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def __call__(self, act: Callable[[], Any]) -> Any:
        """What it gives; it is not done any more where the thread that asks was interrupted before its turn came."""
        if threading.get_ident() == self._window:
            return act()
        asked = _Asked(act)
        try:
            self._asked.emit(asked)
            while not asked.done.wait(0.05):  # now and then back in Python, where it can be interrupted
                pass
        except BaseException:
            asked.withdrawn = True
            raise
        if asked.error is not None:
            raise asked.error
        return asked.value

    @Slot(object)
    def _do(self, asked: "_Asked") -> None:
        if asked.withdrawn:
            return
        try:
            asked.value = asked.act()
        except Exception as error:  # noqa: BLE001 - it is the other thread's, and raised there
            asked.error = error
        asked.done.set()


@dataclass(eq=False)
class _Asked:
    """Something for the window to do, and what came of it."""

    act: Callable[[], Any]
    done: threading.Event = field(default_factory=threading.Event)
    value: Any = None
    error: Exception | None = None
    withdrawn: bool = False


def wire(desk: Desk, window: MainWindow, scripts: RunsScripts) -> Interpreter:
    gate, showing = Gate(window), Showing(desk)

    def show(thing: Any, name: str = "") -> None:
        """Put a fit, placement, composite, bent model, map or model into the window; a map or model may get a ``name``."""
        made = showing.prepare(thing, name)
        gate(lambda: showing.add(made))

    def run(line: str) -> None:
        """Do a command of the command line, and wait until what it began is done."""
        done = threading.Event()
        told: list[str] = []

        def ended(sentence: str) -> None:
            told.append(sentence)
            done.set()

        gate(lambda: scripts.run_line(line, ended))
        while not done.wait(0.05):
            pass
        if told[0]:
            raise UserError(told[0])

    interpreter = Interpreter({}, window)

    def at_hand() -> dict[str, Any]:
        """Made when it is first needed: the API brings much."""
        if "df" not in interpreter.namespace:
            interpreter.namespace.update(namespace_of(desk.session, show, run))
        return interpreter.namespace

    panel = ConsolePanel(interpreter.is_complete, lambda text: names_like(text, at_hand()))
    window.add_panel_below(TITLE, panel, _HEIGHT, "Command Line")
    window.remembered.append(panel)

    def begin(source: str, name: str = "") -> None:
        at_hand()
        interpreter.run(source, *([name] if name else []))
        panel.show_running(True)
        window.refresh()

    def end(told: str) -> None:
        panel.show_running(interpreter.running)
        window.refresh()
        name = running[0] if running else ""
        running.clear()
        if told and name:
            window.show_notice(f"{name} stopped: {told}", "error")
        scripts.wake()

    running: list[str] = []

    def run_file(path: Path) -> None:
        """In a namespace of its own, on what is open."""
        if interpreter.running:
            raise UserError("Python is running; Stop in its console, or Esc, ends it")
        source = read_text(path, what="a script")
        running.append(path.name)
        begin(source, str(path))

    def open_console() -> None:
        window.raise_panel(TITLE)
        panel.edit.setFocus()

    window.extend_conditions(lambda now: replace(now, scripted=now.scripted or interpreter.running))
    panel.entered.connect(begin)
    panel.stop_asked.connect(interpreter.interrupt)
    interpreter.written.connect(lambda text, wrong: panel.write(text, "error" if wrong else "out"))
    interpreter.ended.connect(end)
    window.theme_changed.connect(panel.set_theme)
    panel.set_theme(window.theme)
    window.closing.connect(interpreter.shut)
    window.escape.add("python", lambda: interpreter.running, interpreter.interrupt)
    window.handlers["python_console"] = open_console
    scripts.kinds[".py"] = run_file
    scripts.waits.append(lambda: interpreter.running)
    return interpreter
