"""Python in the window: what is at hand, what it gives back, and what it must not do."""

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.features.console.complete import names_like

QUICK = "preset='fast', starts=30, steps=10, candidates=6, search_atoms=60, refine_atoms=200, refine_steps=4, polish_steps=4, further=0"
RUNS = re.compile(r"interpreter\.run\(|(?<![.\w])(exec|eval|__import__)\(|import pickle")
"""What runs code."""


@pytest.mark.slow
def test_python_works_on_what_is_open(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    window, session, python = opened.window, opened.session, opened.python
    window.activateWindow()
    window.actions_by_id["python_console"].trigger()
    panel = window.panels["Python"]
    edit = panel.edit
    qtbot.waitUntil(edit.hasFocus)

    def enter(source: str) -> str:
        """Type it, and give what was printed once it has ended."""
        before = len(panel.log.toPlainText())
        edit.setPlainText(source)
        edit.moveCursor(edit.textCursor().MoveOperation.End)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not python.running and not panel.stop.isEnabled())
        return str(panel.log.toPlainText()[before:])

    assert "1 coarse.mrc" in enter("maps")
    assert enter("maps[1].values is None").endswith("False\n")
    assert "there is no model 1; there are: 2 1bd2_moved.pdb.gz" in enter("models[1]")
    assert "<Fit of" in enter(f"r = df.fit(maps[1], models[2], resolution=9, chains='D,E', {QUICK})\nr")
    assert session.fit is None
    enter("show(r)")
    fit = session.fit
    assert fit is not None
    assert (fit.record.map, fit.record.model, len(fit.placements)) == ("map-1", "model-1", len(fit.arrays.rotations))
    assert "rank 1" in enter("placements[1]")
    enter("show(df.edit_map(maps[1]).low_pass(20), 'smooth'); show(r.best)")
    assert session.maps["map-2"].name == "smooth"
    assert session.hand is not None
    window.actions_by_id["undo"].trigger()
    window.actions_by_id["undo"].trigger()
    window.actions_by_id["undo"].trigger()
    assert session.fit is None
    assert list(session.maps) == ["map-1"]

    enter("run('hide #1')")
    assert not opened.view_state.maps["map-1"].visible
    told = enter("run('hide #9')")
    assert "UserError: nothing that is open is called #9" in told
    assert "wire.py" not in told  # of the user's own lines alone
    assert "UserError: a fit, placement, composite" in enter("show(3)")
    told = enter("def f():\n    return 1 / 0\n\nf()")
    assert "ZeroDivisionError" in told
    assert "return 1 / 0" in told
    assert "ValueError: assignment destination is read-only" in enter("maps[1].values[:] = 0")
    assert "SyntaxError" in enter("1 +* 2")
    assert enter("print('to', end=' '); import sys; print('there', file=sys.stderr)").endswith("to there\n")
    assert "close the window for that" in enter("exit()")
    assert window.isVisible()
    assert not [text for text in window.notices.texts() if "ZeroDivision" in text]

    edit.setPlainText("if True:")
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "if True:\n    "  # it goes on
    edit.setPlainText("r.tab")
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "r.table"
    edit.clear()
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.toPlainText() == "exit()"
    edit.clear()
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()

    edit.setPlainText("while True: pass")
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert python.running  # and the window goes on
    opened.commands.run("show #1")
    assert window.actions_by_id["cancel"].isEnabled()
    window.actions_by_id["cancel"].trigger()
    qtbot.waitUntil(lambda: not panel.stop.isEnabled())
    assert "KeyboardInterrupt" in panel.log.toPlainText()

    for endless in ("while True: print('x' * 999)", "while True: print('x', end='')"):
        edit.setPlainText(endless)
        edit.moveCursor(edit.textCursor().MoveOperation.End)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "xxx" in panel.log.toPlainText()[-999:])
        assert sum(len(text) for text, _ in python._waiting) < 100_000
        window.actions_by_id["cancel"].trigger()
        qtbot.waitUntil(lambda: not panel.stop.isEnabled())
    assert "more characters)" in enter("'y' * 1_000_000")
    assert max(map(len, panel.log.toPlainText().splitlines())) <= 2001
    assert len(enter("raise ValueError('z' * 10_000)")) > 10_000

    script, of_commands = tmp_path / "do.py", tmp_path / "do.dfc"
    script.write_text("assert __name__ == '__main__'\nx = 3\nrun('rename #2 renamed')\nrun('hide #2')\nraise SystemError('enough')\n")
    of_commands.write_text("run do.py\nshow #2\n")
    opened.run_script(of_commands)
    qtbot.waitUntil(lambda: not opened.script.running)
    assert session.models["model-1"].name == "renamed"
    assert not opened.view_state.models["model-1"].visible  # the line after the one that failed was not done
    assert any("do.py stopped: SystemError: enough" in text for text in window.notices.texts())
    assert "NameError" in enter("x")  # what a script has is its own
    opened.files.open_paths([script])
    assert any("do.py is a script" in text for text in window.notices.texts())


@pytest.mark.parametrize(
    ("begun", "names"), [("na", ["names"]), ("thing.__doc", ["thing.__doc__"]), ("thing.re", ["thing.real"]), ("no.x", [])]
)
def test_names_are_completed_and_nothing_called(begun: str, names: list[str]) -> None:
    assert names_like(begun, {"names": 1, "thing": 3}) == names


def test_nothing_runs_by_opening_a_project(repository: Path) -> None:
    """Only the console and the files that a user runs reach the interpreter."""
    callers = [
        path.relative_to(repository).as_posix()
        for path in sorted((repository / "app").rglob("*.py"))
        if RUNS.search(path.read_text("utf-8"))
    ]
    assert callers == ["app/features/console/interpreter.py", "app/features/console/wire.py"]
