"""From the empty window to an accepted fit of the example: how often one clicks."""

from collections.abc import Iterator

import pytest
from person import Person
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

MOST = 6


class Presses(QObject):
    """Counts those of the mouse that reach a widget first."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self._last: int | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick) and isinstance(watched, QWidget):
            stamp = event.timestamp()  # type: ignore[attr-defined]  # of a mouse event; it goes on to what holds the widget with the same
            self.count += stamp != self._last
            self._last = stamp
        return False


@pytest.fixture
def presses(person: Person) -> Iterator[Presses]:
    application, found = QApplication.instance(), Presses()
    assert application is not None
    application.installEventFilter(found)
    yield found
    application.removeEventFilter(found)


def test_first_fit(person: Person, presses: Presses) -> None:
    person.sees("Example")
    person.clicks("Example")
    person.sees("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("unique")
    person.clicks("Accept", inside="Placements")
    person.is_told("Accepted")
    person.photographs("accepted")
    assert presses.count == 3 <= MOST
