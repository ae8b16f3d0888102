"""Showing what the program sets, without reporting it as if a user had chosen it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QSignalBlocker


@contextmanager
def quietly(*senders: QObject) -> Iterator[None]:
    """Nothing that ``senders`` are set to in here is reported.

    Everything that a view sets in a widget belongs in here, bounds and decimals too: a box rounds to its decimals, and reports that as a
    change, of whatever is selected by then.
    """
    blockers = [QSignalBlocker(sender) for sender in senders]
    try:
        yield
    finally:
        for blocker in reversed(blockers):
            blocker.unblock()
