"""What a test of the window must not leave behind, and when that says nothing: in a test that failed."""

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember which tests failed, also as they were expected to, and in their fixtures."""
    if call.excinfo is not None:
        item.stash[_FAILED] = True
    return (yield)


@pytest.fixture(scope="session")
def frozen() -> Iterator[None]:
    """Spare the collector, which runs twice a test, the half million objects of the libraries."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def nothing_left(qapp: QApplication, frozen: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a top-level widget or a VTK object; what was there before counts, collected or not.

    Of a test that failed, the traceback holds the window and all in it: what it left is told beside its failure, and is none of its own.
    """
    threads = set(threading.enumerate())
    widgets = {id(widget) for widget in qapp.topLevelWidgets()}
    before = {id(thing) for thing in _vtk_objects()}
    yield
    request.node.funcargs.clear()  # pytest would hold the window until after this
    _process_deletions()
    alive = [thread for thread in threading.enumerate() if thread not in threads and not isinstance(thread, threading._DummyThread)]
    open_widgets = [widget for widget in qapp.topLevelWidgets() if id(widget) not in widgets]
    of_vtk = [type(thing).__name__ for thing in _vtk_objects() if id(thing) not in before]
    if request.node.stash.get(_FAILED, False):
        told = f"{len(alive)} threads, {len(open_widgets)} widgets and {len(of_vtk)} VTK objects, which the failure may hold\n"
        request.node.add_report_section("teardown", "left", told)
        return
    assert alive == [], f"threads left: {alive}"
    assert open_widgets == [], f"widgets left: {open_widgets}"
    assert of_vtk == [], f"VTK objects left: {of_vtk}"


def _vtk_objects() -> list[Any]:
    """Everything of VTK that Python can still reach, but for the classes themselves."""
    return [
        thing for thing in gc.get_objects() if type(thing).__name__.startswith("vtk") and type(thing).__module__.startswith("vtkmodules")
    ]


def _process_deletions() -> None:
    gc.collect()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    gc.collect()
