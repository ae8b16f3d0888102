"""A thin bar that says how far a computation is."""

from PySide6.QtWidgets import QProgressBar, QWidget


class ProgressLine(QProgressBar):
    """Painted with everything else: Qt's own bar paints at once, and all of the window with it, 3-D views and all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(6)
        self.setAccessibleName(name)

    def setValue(self, value: int) -> None:
        self.setUpdatesEnabled(False)
        super().setValue(value)
        self.setUpdatesEnabled(True)
