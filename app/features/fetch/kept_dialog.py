"""File > Fetched Files: what the cache holds, and a button that clears it."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from difffit_app.features.fetch.views import Kept
from difffit_app.widgets.quiet import quietly


class KeptDialog(QDialog):
    """``clearing_asked`` by its button; it shows what it is told of by `show_kept`."""

    clearing_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fetched Files")
        self.files, self.told = QTreeWidget(), QLabel("Looking …")
        self.files.setAccessibleName("Fetched files")
        self.files.setHeaderLabels(["File", "Archive", "Size"])
        self.files.setRootIsDecorated(False)
        self.files.setAlternatingRowColors(True)
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.clear = self.buttons.addButton("C&lear Cache …", QDialogButtonBox.ButtonRole.ActionRole)
        self.clear.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        for part in (self.told, self.files, self.buttons):
            column.addWidget(part)
        self.buttons.rejected.connect(self.reject)
        self.clear.clicked.connect(self.clearing_asked)

    def show_kept(self, folder: Path, limit_gb: float, files: Kept) -> None:
        size = sum(size for _, size in files) / 1e6
        count = f"{len(files)} {'file' if len(files) == 1 else 'files'}, {size:.1f} MB" if files else "Nothing"
        self.told.setText(f"{count} in {folder}. Beyond {limit_gb:g} GB, those that were not used for longest go.")
        with quietly(self.files):
            self.files.clear()
            for path, one in files:
                item = QTreeWidgetItem([path.name, path.parent.as_posix(), f"{one / 1e6:.2f} MB"])
                item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight)
                self.files.addTopLevelItem(item)
        for number in range(3):
            self.files.resizeColumnToContents(number)
        self.clear.setEnabled(bool(files))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(560, 380))
