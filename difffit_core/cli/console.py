"""Printing: text from files is shown, never obeyed, and a stream that takes no more ends no run."""

import codecs
import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from difffit_core.escaping.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

_PLAINER = str.maketrans(
    {
        "Å": "A", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "±": "+-", "°": " deg", "σ": "sigma", "χ": "chi", "µ": "u", "≥": ">=",
        "≤": "<=", "≈": "~", "→": "->", "·": "*", "“": '"', "”": '"', "’": "'", "‘": "'",
    }
)  # fmt: skip


def degraded(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding lacks: letters without their marks, words for signs, or else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_PLAINER))
    return "".join(letter if letter.isascii() else "" if unicodedata.combining(letter) else "?" for letter in text), error.end


codecs.register_error("difffit-plainer", degraded)


def new_console(*, stderr: bool = False) -> "Console":
    """A console that shows what is in names and messages as it is: no markup of rich's, no escape sequences, no cell of a table cut."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.table import Table

    class PlainConsole(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for column in renderable.columns if isinstance(renderable, Table) else ():
                column.overflow = "fold"
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=printable(segment.text))

    return PlainConsole(stderr=stderr, highlight=False, markup=False, emoji=False)


def say(text: str, *, err: bool = False) -> None:
    """Print lines, on standard error where ``err``; nothing that is in names or messages moves a cursor or changes a terminal."""
    import typer

    typer.echo(printable(text), err=err)


class PlainFormatter(logging.Formatter):
    """Log lines without anything that a terminal would obey."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


class Guarded:
    """A text stream that remembers that it could not be written, and takes in silence what comes after; else as the stream itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        self._try(lambda: self._stream.write(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        self._try(self._stream.flush)

    def _try(self, do: Callable[[], object]) -> None:
        if self.error is None:
            try:
                do()
            except OSError as error:
                self.error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded_output() -> Iterator[Guarded]:
    """Guard standard output and error while a command runs; gives the guard of the output.

    Characters that an encoding lacks are written plainer, and a stream that is closed is none that anyone reads.
    """
    before = sys.stdout, sys.stderr
    guards = []
    for stream in before:
        sink = open(os.devnull, "w", encoding="utf-8") if stream is None or stream.closed else stream  # noqa: SIM115 (ends with the process)
        if hasattr(sink, "reconfigure"):
            with suppress(OSError, ValueError):
                sink.reconfigure(errors="difffit-plainer")
        guards.append(Guarded(sink))
    sys.stdout, sys.stderr = guards
    try:
        yield guards[0]
    finally:
        for guard in guards:
            guard.flush()
            if guard.error is not None:
                _drop(guard)
        sys.stdout, sys.stderr = before


def _drop(guard: Guarded) -> None:
    """Have what is still held back for a broken stream go nowhere, or Python complains of it at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, guard.fileno())
        os.close(nowhere)
