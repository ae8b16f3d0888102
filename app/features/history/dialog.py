"""Edit > Steps."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from difffit_core.project.schema import StepRecord


class StepsDialog(QDialog):
    """What was done in the project and when, the newest first, beside the main window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Steps")
        self.hint = QLabel("What was done in this project, as it is saved with it. Undo and Redo are in the Edit menu.")
        self.hint.setObjectName("dim")
        self.hint.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Steps, the newest first")
        self.list.setHeaderLabels(["When", "What"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    def show_steps(self, steps: Sequence[StepRecord]) -> None:
        self.list.clear()
        self.list.addTopLevelItems([_row(step) for step in reversed(steps)])
        self.list.resizeColumnToContents(0)
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(620, 420)


def _row(step: StepRecord) -> QTreeWidgetItem:
    try:
        when = datetime.fromisoformat(step.when).astimezone().strftime("%d %b %Y, %H:%M:%S")
    except ValueError:
        when = step.when
    item = QTreeWidgetItem([when, step.text])
    item.setToolTip(1, step.text)
    return item
