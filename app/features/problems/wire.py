"""What helps to report a problem."""

from PySide6.QtGui import QGuiApplication

from difffit_app.features.problems.panel import LogWindow
from difffit_app.log import tail
from difffit_app.paths import log_file
from difffit_app.report import report
from difffit_app.window.main_window import MainWindow

_LINES = 500


def wire(window: MainWindow) -> None:
    log = LogWindow(window)

    def copy_report() -> None:
        QGuiApplication.clipboard().setText(report())
        window.show_notice("Copied a report: versions, platform and the end of the log.", "info")

    log.copy_asked.connect(copy_report)
    window.handlers |= {"copy_report": copy_report, "show_log": lambda: log.show_log(log_file(), tail(log_file(), _LINES))}
