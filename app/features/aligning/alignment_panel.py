"""What alignments found: placements in a table, what there is to tell, and the FSC of the two maps."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QTreeWidget, QTreeWidgetItem, QWidget

from difffit_app.state.aligning import Aligned
from difffit_app.state.names import told_apart
from difffit_app.widgets.quiet import quietly
from difffit_app.widgets.told_panel import ToldPanel

_COLUMNS = ("Rank", "Verdict", "Local corr.", "z", "p", "Hits", "Voxel corr.", "± Å", "± °")
_WIDTHS = (56, 118, 82, 54, 70, 46, 86, 60, 60)
_NOTHING = "Nothing was aligned yet. Map > Align To lays maps onto maps."


class AlignmentPanel(ToldPanel):
    """``chosen`` carries the number of an alignment, from 0, and the rank of a placement."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.which, self.table = QComboBox(), QTreeWidget()
        super().__init__(_NOTHING, "Fourier shell correlation of the two maps", (430, 290, 240), self.which, self.table, parent)
        self._found: tuple[Aligned, ...] = ()
        self.which.setAccessibleName("Alignment that is looked at")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.table.setHeaderLabels(list(_COLUMNS))
        self.table.setAccessibleName("Placements of the moving map")
        self.table.setRootIsDecorated(False)
        self.table.setAlternatingRowColors(True)
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, width)
            self.table.headerItem().setTextAlignment(column, _side(column))
        self.which.currentIndexChanged.connect(self._show)
        self.table.currentItemChanged.connect(self._choose)
        self.show_alignments(())

    def show_alignments(self, found: tuple[Aligned, ...]) -> None:
        """Show what was found, the first of it in its best placement; none for nothing."""
        self._found = found
        with quietly(self.which):
            self.which.clear()
            names = [f"{one.request.moving.name} onto {one.request.fixed.name}" for one in found]
            self.which.addItems(told_apart(names, [f"{number}" for number in range(1, len(found) + 1)]))
        self.which.setVisible(bool(found))
        self._show()

    def _show(self) -> None:
        number = self.which.currentIndex()
        aligned = self._found[number] if 0 <= number < len(self._found) else None
        with quietly(self.table):
            self.table.clear()
            if aligned is not None:
                self.table.addTopLevelItems(_rows(aligned))
        self.tell(() if aligned is None else aligned.lines)
        alike = None if aligned is None else aligned.result.comparison
        curves = () if alike is None else (("masked", alike.masked), ("unmasked", alike.unmasked))
        self.plot.show_curves([(name, curve.frequency, curve.correlation) for name, curve in curves])
        best = self.table.topLevelItem(0)
        if best is not None:
            self.table.setCurrentItem(best)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self.which.currentIndex(), int(item.text(0)))


def _rows(aligned: Aligned) -> list[QTreeWidgetItem]:
    rows = []
    for one, exact in zip(aligned.result.placements, aligned.result.precision, strict=True):
        refined = ("", "", "") if exact is None else (f"{exact.correlation:.3f}", f"{exact.shift_error:.2g}", f"{exact.angle_error:.2g}")
        texts = (
            str(one.rank), str(one.verdict), f"{one.metrics.local_correlation:.3f}", f"{one.z_score:.1f}", f"{one.p_value:.1g}",
            str(one.hits), *refined,
        )  # fmt: skip
        row = QTreeWidgetItem(list(texts))
        for column in range(len(texts)):
            row.setTextAlignment(column, _side(column))
        rows.append(row)
    return rows


def _side(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignLeft if column == 1 else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
