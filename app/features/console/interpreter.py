"""Python that is typed, run in a thread of its own; what it prints goes to the console, and to nowhere else."""

import ast
import codeop
import ctypes
import linecache
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, TextIO

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from difffit_core.errors import UserError

_NAME = "<console>"
_MOST_WAITING = 1 << 16
"""Characters that are printed and not shown yet; what prints more waits."""
_SHOWN_EVERY_MS = 50
_LONGEST_VALUE, _LONGEST_REASON = 100_000, 500
"""Characters of a value that is shown because it was typed, and of the sentence on what went wrong."""


class Interpreter(QObject):
    """``written`` carries what is printed and whether it is an error, ``ended`` a sentence on what went wrong, or nothing.

    What prints without end is held up as soon as it is ahead of what can be shown, so that the window goes on, and can stop it.

    It is on the standard library: IPython in process would bring IPython, ipykernel, pyzmq and tornado, and runs in the thread of the
    window, which a long call would hold.
    """

    written = Signal(str, bool)
    ended = Signal(str)
    _printed = Signal()
    _over = Signal(str)

    def __init__(self, namespace: dict[str, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.namespace = namespace
        self.running = False
        self._work: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._routed: tuple[_Routed, ...] = ()
        self._executing = threading.Lock()
        self._interruptible = self._stop_first = self._shut = False
        self._unheard = False
        self._waiting: list[tuple[str, bool]] = []
        self._characters = 0
        self._room = threading.Lock()
        self._soon = QTimer(self, singleShot=True, interval=_SHOWN_EVERY_MS)
        self._soon.timeout.connect(self._show_printed)
        self._printed.connect(self._soon.start, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._again = QTimer(self, interval=_SHOWN_EVERY_MS)
        self._again.timeout.connect(self._interrupt_again)

    def is_complete(self, source: str) -> bool:
        """Whether it can be run as it is, be it only to tell what is wrong; a block goes on until a line that is empty or not indented."""
        last = source.rpartition("\n")[2]
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            try:
                return codeop.compile_command(source, _NAME, "exec") is not None
            except (SyntaxError, ValueError, OverflowError):
                return True
        return "\n" not in source or not last.strip() or not last.startswith((" ", "\t"))

    def run(self, source: str, name: str = _NAME) -> None:
        """Begin to run it, after what runs; ``name`` is that of its file, whose namespace is its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="difffit-python", daemon=True)
            self._thread.start()
        self.running = True
        self._work.put((source, name))

    def interrupt(self) -> None:
        """Have what runs end with KeyboardInterrupt, as soon as it is back in Python, or has begun."""
        self._again.start()
        with self._executing:
            if not self._interruptible:
                self._stop_first = self.running
            elif self._thread is not None and self._thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(KeyboardInterrupt))

    def _interrupt_again(self) -> None:
        if not self.running:
            self._again.stop()
        elif self._unheard:
            self._unheard = False
            self.interrupt()

    def shut(self, patience_s: float = 2.0) -> None:
        """End the thread; what will not end ends with the program."""
        if self._thread is not None:
            self.blockSignals(True)
            self._shut = True
            self._work.put(None)
            self.interrupt()
            self._again.stop()
            self._thread.join(patience_s)
            self._thread = None
        self.namespace.clear()

    def _loop(self) -> None:
        while True:
            asked = self._work.get()
            if asked is None:
                return
            told = self._execute(*asked)
            del asked
            if self._shut:
                return
            with self._executing:
                self.running = not self._work.empty()
                self._stop_first = self._stop_first and self.running
            self._over.emit(told)

    def _end(self, told: str) -> None:
        self._show_printed()
        self.ended.emit(told)

    def _show_printed(self) -> None:
        self._soon.stop()
        with self._room:
            waiting, self._waiting, self._characters = self._waiting, [], 0
        for wrong, texts in groupby(waiting, lambda one: one[1]):
            self.written.emit("".join(text for text, _ in texts), wrong)

    def _print(self, text: str, wrong: bool) -> None:
        """Have it shown soon; called in the thread, which waits here, where it can be interrupted, until there is room."""
        for begin in range(0, len(text), _MOST_WAITING):
            part = text[begin : begin + _MOST_WAITING]
            if self._shut:  # nobody is there to show it
                return
            while not self._shut and self._characters >= _MOST_WAITING:
                time.sleep(_SHOWN_EVERY_MS / 2000)
            with self._room:
                self._waiting.append((part, wrong))
                self._characters += len(part)
                is_first = len(self._waiting) == 1
            if is_first and not self._shut:
                self._printed.emit()

    def _execute(self, source: str, name: str) -> str:
        """A sentence on what went wrong, or nothing."""
        with self._printing(), self._hearing(), _sharing():
            try:
                try:
                    with self._executing:
                        self._unheard = False
                        stop, self._stop_first = self._stop_first, False
                        self._interruptible = not stop
                    if stop:
                        raise KeyboardInterrupt
                    self._run(source, name)
                finally:
                    with self._executing:
                        self._interruptible = False
            except SystemExit:
                self._print("The console does not quit the program; close the window for that.\n", True)
            except BaseException as error:  # noqa: BLE001 - whatever is typed may raise whatever it likes
                self._show(error, source, name)
                return f"{type(error).__name__}: {_shortened(_said(error), _LONGEST_REASON)}".removesuffix(": ")
        return ""

    def _run(self, source: str, name: str) -> None:
        tree = ast.parse(source, name)
        namespace = self.namespace if name == _NAME else {**self.namespace, "__name__": "__main__", "__file__": name}
        last = tree.body[-1] if name == _NAME and tree.body else None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        exec(compile(tree, name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # noqa: S307 (what was typed)
            if value is not None:
                namespace["_"] = value
                print(_shortened(repr(value), _LONGEST_VALUE))  # noqa: T201 (to the console)

    def _show(self, error: BaseException, source: str, name: str) -> None:
        """The traceback from the console's own code on."""
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != name:
            trace = trace.tb_next
        frames = list(traceback.extract_tb(trace))
        if isinstance(error, UserError):  # which tells what is wrong with what was asked for, wherever it was noticed
            frames = [one for one in frames if one.filename == name]
        title = ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
        lines = [*title, *traceback.format_exception_only(error)]
        self._print("".join(lines), True)

    @contextmanager
    def _printing(self) -> Iterator[None]:
        """What this thread prints goes to the console; the other threads print where they did.

        The streams are kept here, since `print` does not hold the one that it writes to, and ends the program where another thread has
        put a stream in its place meanwhile.
        """
        before = sys.stdout, sys.stderr
        mine = threading.get_ident()
        self._routed = (
            _Routed(before[0], mine, lambda text: self._print(text, False)),
            _Routed(before[1], mine, lambda text: self._print(text, True)),
        )
        sys.stdout, sys.stderr = self._routed  # type: ignore[assignment]
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        """An interrupt that comes while Python calls what cannot raise (a ``__del__``, the collection of garbage) is asked for again."""
        before, mine = sys.unraisablehook, threading.get_ident()

        def hook(unraisable: "sys.UnraisableHookArgs") -> None:
            if threading.get_ident() != mine or unraisable.exc_type is not KeyboardInterrupt:
                before(unraisable)
            else:
                self._unheard = True  # no call after this one, in which the next could be lost

        sys.unraisablehook = hook
        try:
            yield
        finally:
            if sys.unraisablehook is hook:
                sys.unraisablehook = before


@contextmanager
def _sharing() -> Iterator[None]:
    """Have Python change threads ten times as often, so that a loop that is typed leaves the window its turns."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 10)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _said(error: BaseException) -> str:
    """What an exception says, also where its own way of saying it raises another."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - it is of a class that was typed
        return ""


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} … ({len(text) - most} more characters)"


class _Routed:
    """A stream that passes on what one thread writes to a function, and all else to the stream that was there."""

    def __init__(self, stream: TextIO, thread: int, write: Callable[[str], object]) -> None:
        self._stream, self._thread, self._write = stream, thread, write

    def write(self, text: str) -> int:
        if threading.get_ident() == self._thread:
            self._write(text)
        elif self._stream is not None:
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        if threading.get_ident() != self._thread and self._stream is not None:
            self._stream.flush()

    def isatty(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
