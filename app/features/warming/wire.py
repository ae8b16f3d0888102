"""The first start on a machine: what fits need is compiled by a process of its own, since compiling would hold the window up."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, Signal

from difffit_app.itself import itself
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.window.main_window import MainWindow
from difffit_core.ops.compiling import tell_of_compiling
from difffit_core.warm_up import is_warm

_logger = logging.getLogger(__name__)
BEGUN = "Compiling for this machine (once), in the background. Until that is done, a first fit takes some seconds longer."
FAILED = "Compiling for this machine in the background did not end well; the first fit will compile. Help > Show log has the reason."


class _Compiling(QObject):
    """Sentences out of worker threads."""

    told = Signal(str)


def wire(window: MainWindow) -> Callable[[], QProcess | None]:
    """Give what compiles if that is needed, and the process that does so."""

    def start() -> QProcess | None:
        teller = _Compiling(window)

        def tell(sentence: str) -> None:
            """As a notice, which goes by itself, and where it is waited for, until there is progress to tell."""
            sentence = sentence[:1].upper() + sentence[1:]
            window.show_notice(f"{sentence}.", "info")
            for panel in window.panels.values():
                if isinstance(panel, RunPanel) and panel.running:
                    panel.show_outcome(f"{sentence} …")

        teller.told.connect(tell)
        tell_of_compiling(teller.told.emit)
        return None if is_warm() else _compile(window)

    return start


def _compile(window: MainWindow) -> QProcess:
    process = QProcess(window)
    process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)

    def ended(status: int, how: QProcess.ExitStatus) -> None:
        said = bytes(process.readAll().data()).decode(errors="replace").strip()
        _logger.info("warm-up ended with status %d: %s", status, said)
        if status != 0 or how is not QProcess.ExitStatus.NormalExit:
            window.show_notice(FAILED, "warning", said)

    def stop() -> None:
        process.blockSignals(True)
        process.kill()
        process.waitForFinished(1000)

    process.finished.connect(ended)
    process.errorOccurred.connect(lambda error: _logger.warning("warm-up: %s", error.name))
    window.closing.connect(stop)
    window.show_notice(BEGUN, "info")
    program, words = itself("warm-up", "--gently")
    process.start(program, words)
    return process
