"""The command line and scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction

from difffit_app.actions import ACTIONS
from difffit_app.commands.actions import action_verb
from difffit_app.commands.things import Run
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import split_line
from difffit_app.desk import Desk
from difffit_app.features.commanding import look_verbs, quality, verbs
from difffit_app.features.commanding.complete import completions
from difffit_app.features.commanding.panel import CommandPanel
from difffit_app.features.commanding.script import Line, ScriptRunner
from difffit_app.messages import tell
from difffit_app.offered import OpenFiles, Selects, Styles
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.escaping.terminal import sentence

TITLE = "Command Line"
_HEIGHT = 130
"""Pixels: the line and a few of the log."""
SCRIPTS = "Scripts (*.dfc *.py)"


def wire(desk: Desk, window: MainWindow, files: OpenFiles, styles: Styles, selects: Selects) -> tuple[ScriptRunner, Callable[[Path], None]]:
    """Gives what runs scripts, and what has it run a file."""
    commands, session = desk.commands, desk.session

    def usage(text: str) -> str:
        try:
            words = split_line(text)
            return commands.parted(words[-1])[0].usage() if words else ""
        except UserError:
            return ""

    panel = CommandPanel(lambda text: completions(text, commands, session), usage)
    window.add_panel_below(TITLE, panel, _HEIGHT)
    window.remembered.append(panel)

    def done(line: str) -> None:
        """One command; what is no error of the user is told as any failure is, and ends a script as one."""
        try:
            commands.run(line)
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - as in the workers
            tell(window, f"doing {line}", error)

    runner, inner = ScriptRunner(desk, done, window), ScriptRunner(desk, done, window)
    runner.run_line = inner.run_line  # type: ignore[method-assign]  # a script may run what does commands itself

    told: list[str] = []

    def show_typed(line: str) -> None:
        told[:] = [line]
        panel.add(line, "typed")

    def enter(line: str) -> None:
        told.clear()
        try:
            several = split_line(line)
            if len(several) > 1:
                parts = [commands.joined(words) for words in several]
                runner.start([Line(text, number, commands.folder) for number, text in enumerate(parts, 1)])
            else:
                done(line)
        except UserError as error:
            if not told:
                panel.add(line, "typed")
            panel.add(sentence(str(error)), "error")

    def script_failed(text: str) -> None:
        window.show_notice(f"The script stopped at {text}", "error")

    def run_script() -> None:
        path = desk.prompts.ask_for_file("Run a script", SCRIPTS)
        if path is not None:
            run_path(path)

    def run_path(path: Path) -> None:
        """From the menus, and from where the program is started."""
        try:
            with commands.doing("run", {"file": str(path)}):
                start(path)
        except UserError as error:
            tell(window, "running the script", error)

    def start(path: Path) -> None:
        suffix = path.suffix.lower()
        if suffix not in runner.kinds:
            raise UserError(f"a script is a file of commands (.dfc) or of Python (.py), got {path.name}")
        runner.kinds[suffix](path)

    @contextmanager
    def noting(identifier: str) -> Iterator[None]:
        name, action = identifier.replace("_", "-"), window.actions_by_id[identifier]
        with commands.echoing_action(name, lambda: ("on" if action.isChecked() else "off") if action.isCheckable() else ""):
            yield

    def show() -> None:
        window.raise_panel(TITLE)
        panel.edit.setFocus()

    def hear(text: str, severity: str) -> None:
        """Of the command that Python has done, Python is told."""
        if severity == "error":
            commands.fail()
        (inner if inner.running else runner).tell(text, severity)

    def refuse_script(path: Path) -> None:
        raise UserError(f"{path.name} is a script, which does what it says: File > Run Script runs it")

    window.extend_conditions(lambda now: replace(now, scripted=now.scripted or runner.running))
    runner.failed.connect(script_failed)
    runner.moved.connect(lambda _: window.refresh())
    runner.moved.connect(panel.say)
    runner.kinds[".dfc"] = runner.run_file
    window.noticed.connect(hear)
    window.noticed.connect(panel.add)
    commands.typed.connect(show_typed)
    commands.echoed.connect(lambda line, follows: panel.add(line, "echo", in_place=follows))
    commands.withdrawn.connect(panel.take_back)
    commands.told.connect(lambda text: panel.add(text, "told"))
    panel.entered.connect(enter)
    window.theme_changed.connect(panel.set_theme)
    panel.set_theme(window.theme)
    window.noting = noting
    window.escape.add("script", lambda: runner.running, runner.stop)
    window.handlers |= {"command_line": show, "run_script": run_script}
    files.also_opens |= {".dfc": refuse_script, ".py": refuse_script}
    verbs.add(desk, files)
    look_verbs.add(desk, styles, selects)
    quality.add(desk)
    commands.add(
        Verb(
            "run",
            Run,
            lambda one: start(commands.path(one.file)),
            "Run a script",
            complete=lambda text: verbs.paths_like(text, commands.folder),
        )
    )
    _add_actions(desk, window)
    return runner, run_path


def _add_actions(desk: Desk, window: MainWindow) -> None:
    """Whatever is in the menus and has no command of its own."""
    for entry in ACTIONS:
        action, name = window.actions_by_id[entry.id], entry.id.replace("_", "-")
        if name not in desk.commands.verbs and not entry.text.endswith("…"):
            desk.commands.add(action_verb(entry.id, entry.tip, action.trigger, partial(_mark_of, action), action.isEnabled))


def _mark_of(action: QAction) -> bool | None:
    """None where it has none."""
    return action.isChecked() if action.isCheckable() else None
