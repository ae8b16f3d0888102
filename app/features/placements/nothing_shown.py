"""What stands in the place of the table where every placement is left out: why, and the buttons that bring them back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class NothingShown(QWidget):
    """``unfiltered`` asks for no filter, ``overlap_chosen`` carries how much of a placement may lie in what was accepted before."""

    unfiltered = Signal()
    overlap_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setObjectName("dim")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.unfilter, self.overlapping = QPushButton("Show All"), QPushButton("Show Them")
        self.unfilter.setToolTip("Take the filter away")
        self.overlapping.setToolTip("Show placements, too, that lie where something was accepted before")
        self.unfilter.clicked.connect(self.unfiltered)
        self.overlapping.clicked.connect(lambda: self.overlap_chosen.emit(1.0))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.unfilter)
        row.addWidget(self.overlapping)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addStretch(1)

    def tell(self, words: str, taken: int, most_overlap: float) -> None:
        """Why nothing is left: the filter in words, or nothing for none, and how many lie where something was accepted."""
        parts = [f"The filter lets no placement through: {words}."] if words else []
        if taken:
            lie = "1 placement lies" if taken == 1 else f"{taken} placements lie"
            parts.append(f"{lie} by more than {most_overlap:.0%} where something was accepted before.")
        self.words.setText(" ".join(parts))
        self.unfilter.setVisible(bool(words))
        self.overlapping.setVisible(taken > 0)
