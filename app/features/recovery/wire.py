"""Unsaved work is kept a moment after each step, and every few minutes, if preferences wish it."""

from PySide6.QtCore import QTimer

from difffit_app.desk import Desk
from difffit_app.features.recovery.controller import RecoveryController
from difffit_app.offered import OpenFiles
from difffit_app.paths import recovery_folder
from difffit_app.window.main_window import MainWindow

SOON_MS = 500


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> RecoveryController:
    store = desk.preferences
    controller = RecoveryController(desk, window.viewer, files, recovery_folder())
    soon, often = QTimer(window), QTimer(window)
    soon.setSingleShot(True)
    soon.setInterval(SOON_MS)

    def step_done(*_: object) -> None:
        if store.current.autosave and not soon.isActive():
            soon.start()

    def set_up(*_: object) -> None:
        soon.stop()
        often.stop()
        if store.current.autosave:
            often.start(store.current.autosave_minutes * 60_000)
        else:
            controller.forget()

    soon.timeout.connect(controller.keep)
    often.timeout.connect(controller.keep)
    desk.history.changed.connect(step_done)
    store.changed.connect(set_up)
    window.closing.connect(soon.stop)
    window.closing.connect(often.stop)
    set_up()
    QTimer.singleShot(0, window, controller.look)
    return controller
