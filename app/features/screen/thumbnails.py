"""Small pictures of the best models of a screen, to choose from."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from difffit_app.state.screening import ScreenTable, Thumbnail

WIDTH, HEIGHT = 112, 84
_ID = Qt.ItemDataRole.UserRole


class Thumbnails(QListWidget):
    """``picked`` carries the id of a row."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pictures of the best models")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(WIDTH, HEIGHT))
        self.setGridSize(QSize(WIDTH + 8, HEIGHT + 22))
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMinimumWidth(WIDTH + 28)
        self._quiet = False
        self.currentItemChanged.connect(self._on_current)

    def show_thumbnails(self, thumbnails: dict[int, Thumbnail], table: ScreenTable | None, chosen: int | None) -> None:
        """Show pictures by the ids of their rows, best first."""
        self._quiet = True
        self.clear()
        for identifier, thumbnail in thumbnails.items():
            if table is not None and identifier in table.positions:
                position = table.positions[identifier]
                row = table.rows[position]
                icon, pixmap = QIcon(), _pixmap(thumbnail, self.devicePixelRatioF())
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # Qt would dye the selected one
                    icon.addPixmap(pixmap, mode)
                item = QListWidgetItem(icon, f"{position + 1}  {row.name}")
                item.setToolTip(f"{row.name}, local correlation {thumbnail.correlation:.3f}")
                item.setData(_ID, identifier)
                self.addItem(item)
        self._quiet = False
        self.mark(chosen)

    def mark(self, identifier: int | None) -> None:
        """Mark the picture of a model, if it has one."""
        self._quiet = True
        items = [self.item(i) for i in range(self.count())]
        self.setCurrentItem(next((item for item in items if item.data(_ID) == identifier), None))  # type: ignore[arg-type]
        self._quiet = False

    def _on_current(self, item: QListWidgetItem | None, _: QListWidgetItem | None) -> None:
        if item is not None and not self._quiet:
            self.picked.emit(item.data(_ID))


def _pixmap(thumbnail: Thumbnail, ratio: float) -> QPixmap:
    height, width, _ = thumbnail.pixels.shape
    image = QImage(thumbnail.pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
