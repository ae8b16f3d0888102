"""What helps to report a problem."""

from PySide6.QtGui import QGuiApplication

from difffit_app.log import tail
from difffit_app.paths import log_file
from difffit_app.report import report
from difffit_app.views.log_window import LogWindow
from difffit_app.wiring.parts import Handlers, Parts

_LINES = 500


def wire(parts: Parts, handlers: Handlers) -> None:
    log = LogWindow(parts.window)

    def copy_report() -> None:
        QGuiApplication.clipboard().setText(report())
        parts.window.show_notice("Copied a report: versions, platform and the end of the log.", "info")

    log.copy_asked.connect(copy_report)
    handlers |= {"copy_report": copy_report, "show_log": lambda: log.show_log(log_file(), tail(log_file(), _LINES))}
