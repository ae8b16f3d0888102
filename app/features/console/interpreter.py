"""Python that is typed, run in a thread of its own; what it prints goes to the console, and to nowhere else."""

import ast
import codeop
import ctypes
import linecache
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from PySide6.QtCore import QObject, Signal

from difffit_core.errors import UserError

_NAME = "<console>"


class Interpreter(QObject):
    """``written`` carries what is printed and whether it is an error, ``ended`` a sentence on what went wrong, or nothing.

    It is on the standard library: IPython in process would bring IPython, ipykernel, pyzmq and tornado, and runs in the thread of the
    window, which a long call would hold.
    """

    written = Signal(str, bool)
    ended = Signal(str)

    def __init__(self, namespace: dict[str, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.namespace = namespace
        self.running = False
        self._work: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._executing = threading.Lock()
        self._interruptible = False

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
        """Have what runs end with KeyboardInterrupt, as soon as it is back in Python."""
        with self._executing:
            if self._interruptible and self._thread is not None and self._thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(KeyboardInterrupt))

    def shut(self, patience_s: float = 2.0) -> None:
        """End the thread; what will not end ends with the program."""
        if self._thread is not None:
            self.blockSignals(True)
            self._work.put(None)
            self.interrupt()
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
            self.running = not self._work.empty()
            self.ended.emit(told)

    def _execute(self, source: str, name: str) -> str:
        """A sentence on what went wrong, or nothing."""
        with self._printing():
            try:
                try:
                    with self._executing:
                        self._interruptible = True
                    self._run(source, name)
                finally:
                    with self._executing:
                        self._interruptible = False
            except SystemExit:
                self.written.emit("The console does not quit the program; close the window for that.\n", True)
            except BaseException as error:  # noqa: BLE001 - whatever is typed may raise whatever it likes
                self._show(error, source, name)
                return f"{type(error).__name__}: {error}".removesuffix(": ")
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
                print(repr(value))  # noqa: T201 (to the console)

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
        self.written.emit("".join(lines), True)

    @contextmanager
    def _printing(self) -> Iterator[None]:
        """What this thread prints goes to the console; the other threads print where they did."""
        before = sys.stdout, sys.stderr
        mine = threading.get_ident()
        sys.stdout = _Routed(before[0], mine, lambda text: self.written.emit(text, False))  # type: ignore[assignment]
        sys.stderr = _Routed(before[1], mine, lambda text: self.written.emit(text, True))  # type: ignore[assignment]
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


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
