"""Stop, at every moment of what is typed."""

import time
from typing import Any

import pytest
from PySide6.QtCore import QObject

from difffit_app.features.console.interpreter import Interpreter
from difffit_app.features.console.wire import Gate


@pytest.mark.parametrize("source", ["while True: pass", "while True: print('x', end='')"])
@pytest.mark.parametrize("after_s", [0.0, 0.001, 0.05])
def test_stop_is_heard_before_it_has_begun_and_after(qtbot: Any, source: str, after_s: float) -> None:
    interpreter, ended = Interpreter({}), []
    interpreter.ended.connect(ended.append)
    for _ in range(3):
        interpreter.run(source)
        time.sleep(after_s)
        interpreter.interrupt()
        qtbot.waitUntil(lambda: bool(ended))
        assert ended.pop() == "KeyboardInterrupt"
    interpreter.interrupt()  # nothing runs: what is typed next is not stopped by it
    interpreter.run("1 + 1")
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [""]
    interpreter.shut()


def test_stop_is_heard_where_nothing_can_be_raised(qtbot: Any) -> None:
    source = """
class Slow:
    def __del__(self):
        for _ in range(20000):
            pass
while True:
    Slow()
    for _ in range(20000):
        pass
"""
    interpreter, ended = Interpreter({}), []
    interpreter.ended.connect(ended.append)
    for _ in range(5):
        interpreter.run(source)
        time.sleep(0.02)
        interpreter.interrupt()
        qtbot.waitUntil(lambda: bool(ended))
        assert ended.pop() == "KeyboardInterrupt"
    interpreter.shut()


def test_what_was_stopped_before_its_turn_is_not_shown_later(qtbot: Any, qapp: Any) -> None:
    owner = QObject()
    gate, shown = Gate(owner), []
    interpreter, ended = Interpreter({"ask": lambda: gate(lambda: shown.append(1))}), []
    interpreter.ended.connect(ended.append)
    interpreter.run("ask()")
    time.sleep(0.1)  # the window is busy, and does not get to it
    interpreter.interrupt()
    time.sleep(0.2)
    qtbot.waitUntil(lambda: bool(ended))
    assert (ended.pop(), shown) == ("KeyboardInterrupt", [])
    interpreter.run("ask()")
    qtbot.waitUntil(lambda: bool(ended))
    assert (ended, shown) == ([""], [1])
    interpreter.shut()
