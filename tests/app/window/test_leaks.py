"""What a test leaves fails it; beside a failure of its own, whose traceback holds the window, it is only told."""

import re

import pytest

TESTS = """
import threading
import pytest
from PySide6.QtWidgets import QWidget
from vtkmodules.vtkCommonCore import vtkObject

KEPT, ENDS = [], threading.Event()

def leave():
    thread = threading.Thread(target=ENDS.wait)
    thread.start()
    return QWidget(), vtkObject(), thread

def test_leaves_nothing(nothing_left):
    assert QWidget() is not vtkObject()

def test_leaves(nothing_left):
    KEPT.append(leave())

def test_fails(nothing_left):
    held = leave()
    assert held is KEPT, "of its own"

@pytest.mark.xfail(raises=AssertionError, strict=True)
def test_expected_to_fail(nothing_left):
    held = leave()
    assert held is KEPT

@pytest.fixture
def failing(nothing_left):
    held = leave()
    raise RuntimeError("in its fixture")

def test_fails_in_a_fixture(failing):
    pass

def test_ends():
    ENDS.set()
"""


def test_a_failure_is_told_once(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> None:
    helpers = pytestconfig.rootpath / "tests" / "helpers"
    pytester.makefile(".toml", pyproject=f'[tool.pytest.ini_options]\nqt_api = "pyside6"\npythonpath = ["{helpers.as_posix()}"]\n')
    pytester.makeconftest("from leaks import frozen, nothing_left, pytest_runtest_makereport\n")
    pytester.makepyfile(TESTS)
    out = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider", "-rA").stdout.str()
    outcomes = re.findall(r"^(PASSED|FAILED|ERROR|XFAIL) \S+::(\w+)", out, re.MULTILINE)
    assert sorted(outcomes) == [
        ("ERROR", "test_fails_in_a_fixture"),
        ("ERROR", "test_leaves"),
        ("FAILED", "test_fails"),
        ("PASSED", "test_ends"),
        ("PASSED", "test_leaves"),
        ("PASSED", "test_leaves_nothing"),
        ("XFAIL", "test_expected_to_fail"),
    ], out
    assert "threads left: [" in out
    assert "RuntimeError: in its fixture" in out
    assert "1 threads, 1 widgets and 1 VTK objects, which the failure may hold" in out, out
