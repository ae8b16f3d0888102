"""Lines whose jobs come to nothing after they were echoed: they are no more among what was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary


@dataclass(eq=False)
class _Line:
    text: str
    jobs: int = 0
    """Those that were begun and did not fail."""


class Begun:
    """Takes lines out of ``done`` all whose jobs failed, so that no script does again what failed already."""

    def __init__(self, done: list[str]) -> None:
        self._done = done
        self._line: _Line | None = None
        self._lines: WeakKeyDictionary[object, _Line] = WeakKeyDictionary()

    @contextmanager
    def by(self, text: str) -> Iterator[None]:
        """What is begun in here is begun by a line; by the outermost, where one does another."""
        outer, self._line = self._line, self._line or _Line(text)
        try:
            yield
        finally:
            self._line = outer

    def called(self, text: str) -> None:
        """The line is told in other words."""
        if self._line is not None:
            self._line.text = text

    def begin(self, job: object) -> None:
        """A job was handed to a worker."""
        if self._line is not None:
            self._line.jobs += 1
            self._lines[job] = self._line

    def lose(self, job: object) -> None:
        """It failed."""
        line = self._lines.pop(job, None)
        if line is None:
            return
        line.jobs -= 1
        if not line.jobs:
            self.take_out(line.text)

    def take_out(self, text: str) -> None:
        """Nothing came of a line."""
        if text in self._done:
            del self._done[len(self._done) - 1 - self._done[::-1].index(text)]
