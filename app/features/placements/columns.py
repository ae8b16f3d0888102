"""The columns of the table of placements: sized to what they hold, moved, hidden, and remembered."""

from PySide6.QtCore import QByteArray, QPoint, QSettings, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from difffit_app.features.placements.table_model import COLUMNS

_KEY = "placements/columns"
_PADDING = 26
_WIDEST_TEXTS = {"Rank": "0000", "Verdict": "symmetric copy of 00", "p": "0e-000", "Hits": "000,000"}


class Columns:
    """Acts on the header of a view of `COLUMNS`."""

    def __init__(self, view: QTableView) -> None:
        self._view = view
        self.header = view.horizontalHeader()
        self.header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header.setSectionsMovable(True)
        self.header.setHighlightSections(False)
        self.header.setStretchLastSection(False)
        self.header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header.customContextMenuRequested.connect(lambda point: self.show_menu(self.header.mapToGlobal(point)))
        self.fit_widths()

    def fit_widths(self) -> None:
        """As wide as their titles and the usual numbers; rows are not looked at, which takes long."""
        metrics = QFontMetrics(self._view.font())
        for index, column in enumerate(COLUMNS):
            text = max(column.title, _WIDEST_TEXTS.get(column.title, "-0.000"), key=metrics.horizontalAdvance)
            self._view.setColumnWidth(index, metrics.horizontalAdvance(text) + _PADDING)

    def reset(self) -> None:
        """Show all, in the first order and width."""
        for index in range(len(COLUMNS)):
            self._view.setColumnHidden(index, False)
            self.header.moveSection(self.header.visualIndex(index), index)
        self.fit_widths()

    def menu(self) -> QMenu:
        """A switch for each column, the rank always shown, and a way back."""
        menu = QMenu(self._view)
        for index, column in enumerate(COLUMNS):
            action = menu.addAction(column.title)
            action.setToolTip(column.tip)
            action.setCheckable(True)
            action.setChecked(not self._view.isColumnHidden(index))
            action.setEnabled(index > 0)
            action.toggled.connect(lambda shown, index=index: self._view.setColumnHidden(index, not shown))
        menu.addSeparator()
        menu.addAction("Reset Columns").triggered.connect(lambda _: self.reset())
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def show_menu(self, where: QPoint | None = None) -> None:
        """Pop the menu up, under the pointer or at the table's corner."""
        self.menu().popup(where or self.header.mapToGlobal(QPoint(0, self.header.height())))

    def remember(self, settings: QSettings) -> None:
        settings.setValue(_KEY, self.header.saveState())

    def recall(self, settings: QSettings) -> None:
        """What another version kept, of other columns, is left alone."""
        state = settings.value(_KEY)
        if isinstance(state, QByteArray) and self.header.restoreState(state):
            if self.header.count() != len(COLUMNS) or self._view.isColumnHidden(0):
                self.reset()
            self.header.setSectionsMovable(True)
