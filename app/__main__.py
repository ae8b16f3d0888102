"""Start the window: `open_window`, which the core finds through the entry-point group ``difffit.window``."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from difffit_app.log import logging_to
from difffit_app.messages import MessagesView, tell
from difffit_app.paths import PROGRAM, log_file
from difffit_core import __version__
from difffit_core.errors import UserError

logger = logging.getLogger(__name__)


def open_window(paths: Sequence[str | Path] = (), script: Path | None = None) -> int:
    """Show the window with these files, have it do a script, and give the exit status once it is closed.

    Raises
    ------
    UserError
        If there is no display, or the working directory is gone and a file is named from it.
    """
    check_display()
    leave_lost_folder(paths)
    from PySide6.QtWidgets import QApplication

    from difffit_app.program import Program

    qt = QApplication.instance() or Program(sys.argv[:1])
    qt.setApplicationName(PROGRAM)
    with logging_to(log_file()):
        from difffit_app.application import Application

        gc.freeze()  # what was imported is never garbage, and need not be looked through again and again
        logger.info("DiffFit Desktop %s starts", __version__)
        application = Application()
        application.show()
        application.warm_up()
        application.open_when_ready([Path(path) for path in paths], script)
        if isinstance(qt, Program):
            qt.file_asked.connect(lambda path: application.open_when_ready([Path(path)]))
        if not paths and script is None:
            application.offer_tour()
        with reporting_exceptions(application.window), closing_on_interrupt(application.close):
            status = int(qt.exec())
        if application.jobs.stuck:
            end_at_once(status)
        return status


def end_at_once(status: int) -> NoReturn:
    """End the program with a thread in it that does not end: Qt would abort it, and leave a dump, as it takes the thread down."""
    logger.warning("a worker is still at work: the program ends without it")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or none at all
            stream.flush()
    os._exit(status)


def check_display() -> None:
    """Refuse, by a `UserError`, to start where Qt would abort for want of a display."""
    headless = sys.platform.startswith("linux") and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if headless and not os.environ.get("QT_QPA_PLATFORM"):
        raise UserError("the window needs a display, and neither DISPLAY nor WAYLAND_DISPLAY names one; use difffit fit without a window")


def leave_lost_folder(paths: Sequence[str | Path]) -> None:
    """Go home where the working directory is gone, which much asks for; a file that is named from it is refused, by a `UserError`."""
    try:
        os.getcwd()
    except OSError as error:
        lost = next((path for path in paths if not os.path.isabs(path)), None)
        if lost is not None:
            raise UserError(f"{lost}: cannot be found, because the working directory is gone; give the whole path") from error
        home = os.path.expanduser("~")
        os.chdir(home if os.path.isdir(home) and os.access(home, os.X_OK) else os.path.abspath(os.sep))


@contextmanager
def closing_on_interrupt(close: Callable[[], object]) -> Iterator[None]:
    """Have Ctrl-C in the terminal close the window as its user would. Python hears of it only while it runs, so it is woken at times."""
    from PySide6.QtCore import QTimer

    before = signal.signal(signal.SIGINT, lambda *_: close())
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(200)
    try:
        yield
    finally:
        timer.stop()
        signal.signal(signal.SIGINT, before)


@contextmanager
def reporting_exceptions(messages: MessagesView) -> Iterator[None]:
    """Have what goes wrong in a slot told in the window, and logged; PySide would only print it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            tell(messages, "", error)

    before, sys.excepthook = sys.excepthook, hook
    try:
        yield
    finally:
        sys.excepthook = before


if __name__ == "__main__":
    sys.exit(open_window(sys.argv[1:]))
