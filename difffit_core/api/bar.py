"""A bar that moves: on a terminal, in a notebook, and nowhere else."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_EVERY_S = 0.2
_WIDTH = 24


class Bar:
    """What is being done and how far it is; used as a context, and gone after it.

    On a terminal, standard error has it. In a notebook it is a line of text, which needs no further package there.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[more]}"),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("preparing", total=1.0, left="", more="")
        self._in_notebook = console.is_jupyter
        self._told, self._length = 0.0, 0

    def show(self, what: str, fraction: float, left: str = "", more: str = "") -> None:
        """What is being done, how much of it is, from 0 to 1, how long it may still take, and what else there is to say."""
        self._bar.update(self._task, completed=fraction, description=what, left=left, more=more)
        now = time.monotonic()
        if self._in_notebook and now - self._told > _EVERY_S:
            self._told = now
            done = round(_WIDTH * min(max(fraction, 0.0), 1.0))
            words = [what, f"{'█' * done}{'░' * (_WIDTH - done)} {fraction:.0%}", left, more]
            self._write("  ".join(word for word in words if word))

    def __enter__(self) -> "Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.__exit__(kind, error, trace)
        if self._length:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, line: str) -> None:
        sys.stderr.write("\r" + line.ljust(self._length))
        sys.stderr.flush()
        self._length = len(line)
