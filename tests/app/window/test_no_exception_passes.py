"""An exception anywhere in the window fails the test in which it was raised; else a crash could hide behind green tests."""

import re
from pathlib import Path

import pytest

HEAD = """
import threading
import pytest
from psygnal import Signal
from PySide6.QtCore import QObject, QTimer, Signal as QtSignal
from PySide6.QtWidgets import QPushButton, QWidget
from difffit_app.messages import tell
from difffit_app.workers.lane import Job, Lane

class Messages:
    def show_notice(self, text, severity, details=""): pass
    show_offer = show_activity = show_notice

def fail(*_):
    raise RuntimeError("it went wrong")
"""
WAYS = {
    "a slot": "button = QPushButton(); qtbot.addWidget(button); button.clicked.connect(fail); button.click()",
    "a lambda in a slot": "button = QPushButton(); qtbot.addWidget(button); button.clicked.connect(lambda: fail()); button.click()",
    "a timer": "QTimer.singleShot(0, fail); qtbot.wait(20)",
    "an event": """
    class Painted(QWidget):
        paintEvent = fail
    widget = Painted(); qtbot.addWidget(widget); widget.show(); qtbot.wait(20)""",
    "a listener to the state": """
    class State:
        changed = Signal(int)
    state = State(); state.changed.connect(fail)
    QTimer.singleShot(0, lambda: state.changed.emit(1)); qtbot.wait(20)""",
    "an observer of VTK": """
    from vtkmodules.vtkCommonCore import vtkObject
    thing = vtkObject(); thing.AddObserver("AnyEvent", fail); thing.InvokeEvent("AnyEvent")""",
    "a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "a worker, told in the window": """
    lane = Lane("test")
    lane.failed.connect(lambda job, error: tell(Messages(), job.name, error))
    lane.submit(Job("testing", fail, fail))
    qtbot.waitUntil(lambda: lane.running is None); lane.stop(1000)""",
    "what is done with a worker's result": """
    lane = Lane("test")
    lane.submit(Job("testing", lambda _: 1, fail, fail))
    qtbot.waitUntil(lambda: lane.running is None); lane.stop(1000)""",
    "a deletion": """
    class Thing:
        def __del__(self): fail()
    thing = Thing(); del thing""",
}


def test_an_exception_fails_its_test_wherever_it_is_raised(pytester: pytest.Pytester, repository: Path) -> None:
    pytester.makefile(".toml", pyproject='[tool.pytest.ini_options]\nqt_api = "pyside6"\nfilterwarnings = ["error"]\n')
    pytester.makeconftest((repository / "tests" / "failures.py").read_text(encoding="utf-8"))
    tests = [f"def test_{number}(qtbot):\n    {code.strip()}\n" for number, code in enumerate(WAYS.values())]
    tests.append("@pytest.mark.fails_inside\ndef test_expected():\n    tell(Messages(), 'testing', RuntimeError('known'))\n")
    pytester.makepyfile("\n".join((HEAD, *tests)))
    out = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider").stdout.str()
    passed = [name for number, name in enumerate(WAYS) if not re.search(rf"^(FAILED|ERROR) \S+::test_{number} ", out, re.MULTILINE)]
    assert passed == [], out
    assert "::test_expected" not in out, out
