"""What is told at the foot of a panel."""

from PySide6.QtWidgets import QLabel


class StatusLine(QLabel):
    """Dim and as long as it must be; where there is nothing to tell it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dim")
        self.setWordWrap(True)
        self.hide()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setVisible(bool(text))
