"""Whether something moves in the views: as long as it does, frames must come quickly, and may be plainer for it."""

from PySide6.QtCore import QObject, QTimer, Signal

REST_MS = 200
"""After so long without another move things are at rest, and drawn in full."""


class Motion(QObject):
    """``changed`` tells when things begin to move and when they have come to rest. Views that look from the same place share one."""

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.moving = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.end)

    def go(self) -> None:
        """Something has moved."""
        self._rest.start()
        if not self.moving:
            self.moving = True
            self.changed.emit(True)

    def end(self) -> None:
        """Nothing moves any more."""
        self._rest.stop()
        if self.moving:
            self.moving = False
            self.changed.emit(False)
