"""The user guide beside the main window: contents, search, and the chapters."""

from importlib.resources import files

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTextEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from difffit_app.features.guide.chapters import Section, chapter, guide, search, target_of
from difffit_app.features.guide.page import GuidePage
from difffit_app.theme import Theme
from difffit_app.widgets.icons import Icons
from difffit_app.widgets.quiet import quietly

_PLACE = Qt.ItemDataRole.UserRole
_SMALLEST, _LARGEST = -4, 12


class HelpWindow(QWidget):
    """A window of its own that closes with its parent."""

    def __init__(self, parent: QWidget, icons: Icons, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("DiffFit Desktop help")
        self._icons, self._theme = icons, theme
        self._place: tuple[str, str] = ("", "")
        self._past: list[tuple[str, str]] = []
        self._zoom = 0
        self.words, self.tree, self.page, self.back = QLineEdit(), QTreeWidget(), GuidePage(), QToolButton()
        self._set_up()
        self._lay_out()
        self.words.textChanged.connect(self._show_found)
        self.words.returnPressed.connect(self._show_first)
        self.tree.currentItemChanged.connect(self._on_current)
        self.page.anchorClicked.connect(self._follow)
        self.back.clicked.connect(self.go_back)
        for keys, action in (
            (QKeySequence.StandardKey.Find, self._find),
            (QKeySequence.StandardKey.Back, self.go_back),
            (QKeySequence.StandardKey.Close, self.close),
            (QKeySequence.StandardKey.ZoomIn, lambda: self._zoom_by(1)),
            (QKeySequence.StandardKey.ZoomOut, lambda: self._zoom_by(-1)),
            (QKeySequence(Qt.Key.Key_Escape), self._escape),
        ):
            QShortcut(QKeySequence(keys), self, action)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.back.setIcon(self._icons.get("back"))
        if self._place[0]:
            self._show_page()

    def show_chapter(self, identifier: str, anchor: str = "") -> None:
        """Show a place in the guide, and the window in front."""
        if not self._place[0]:
            self._show_contents()  # the guide is read when it is first wanted, not when the program starts
        self.go_to(identifier, anchor)
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    def go_to(self, identifier: str, anchor: str = "") -> None:
        if (identifier, anchor) == self._place:
            return
        if self._place[0]:
            self._past.append(self._place)
        self._set_place(identifier, anchor)

    def go_back(self) -> None:
        if self._past:
            self._set_place(*self._past.pop())

    def sizeHint(self) -> QSize:
        return QSize(1140, 760)

    def _set_place(self, identifier: str, anchor: str) -> None:
        changed = identifier != self._place[0]
        self._place = (identifier, anchor)
        self.back.setEnabled(bool(self._past))
        if changed:
            self._show_page()
        elif anchor:
            self.page.scrollToAnchor(anchor)
        else:
            self.page.verticalScrollBar().setValue(0)
        self._mark_found()
        self._mark_current()

    def _show_page(self) -> None:
        identifier, anchor = self._place
        one = chapter(identifier)
        self.setWindowTitle(f"{one.title} – DiffFit Desktop help")
        document = self.page.document()
        document.setDefaultStyleSheet(_style_sheet(self._theme))
        document.setBaseUrl(QUrl.fromLocalFile(str(files("difffit_resources").joinpath("help")) + "/"))
        self.page.show_html(one.html)
        if anchor:
            self.page.scrollToAnchor(anchor)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(url)
        else:
            self.go_to(*target_of(self._place[0], url.toString()))

    def _show_contents(self) -> None:
        with quietly(self.tree):
            self.tree.clear()
            for one in guide():
                top = QTreeWidgetItem(self.tree, [one.title])
                top.setData(0, _PLACE, (one.id, ""))
                for section in one.sections[1:]:
                    inner = QTreeWidgetItem(top, [section.title])
                    inner.setData(0, _PLACE, (one.id, section.anchor))
        self._mark_current()

    def _show_found(self) -> None:
        found = search(self.words.text())
        if not self.words.text().strip():
            self._show_contents()
        else:
            with quietly(self.tree):
                self.tree.clear()
                for section in found:
                    item = QTreeWidgetItem(self.tree, [_title_of(section)])
                    item.setData(0, _PLACE, (section.chapter, section.anchor))
                if not found:
                    QTreeWidgetItem(self.tree, ["Nothing found"]).setDisabled(True)
        self._mark_found()

    def _show_first(self) -> None:
        first = self.tree.topLevelItem(0)
        if self.words.text().strip() and first is not None and first.data(0, _PLACE):
            self.tree.setCurrentItem(first)
            self.page.setFocus()

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _PLACE):
            self.go_to(*item.data(0, _PLACE))

    def _mark_current(self) -> None:
        """Show in the contents where one is."""
        if self.words.text().strip():
            return
        with quietly(self.tree):
            for number in range(self.tree.topLevelItemCount()):
                top = self.tree.topLevelItem(number)
                if top is None:
                    continue
                for item in (top, *(top.child(i) for i in range(top.childCount()))):
                    if item is not None and tuple(item.data(0, _PLACE)) == self._place:
                        top.setExpanded(True)
                        self.tree.setCurrentItem(item)

    def _mark_found(self) -> None:
        """Paint every searched word on the page."""
        look = QTextCharFormat()
        look.setBackground(self.palette().highlight())
        look.setForeground(self.palette().highlightedText())
        marks = []
        for word in self.words.text().split():
            at = self.page.document().find(word)
            while not at.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = QTextCursor(at), look
                marks.append(mark)
                at = self.page.document().find(word, at)
        self.page.setExtraSelections(marks)

    def _find(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    def _escape(self) -> None:
        if self.words.text():
            self.words.clear()
        else:
            self.close()

    def _zoom_by(self, steps: int) -> None:
        if _SMALLEST <= self._zoom + steps <= _LARGEST:
            self._zoom += steps
            self.page.zoomIn(steps)

    def _set_up(self) -> None:
        self.words.setPlaceholderText("Search the guide")
        self.words.setClearButtonEnabled(True)
        self.words.setAccessibleName("Search the guide")
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Contents of the guide")
        self.page.setOpenLinks(False)
        self.page.setAccessibleName("Page of the guide")
        self.page.setFrameShape(GuidePage.Shape.NoFrame)
        self.back.setIcon(self._icons.get("back"))
        self.back.setAutoRaise(True)
        self.back.setEnabled(False)
        self.back.setAccessibleName("Back")
        self.back.setToolTip(f"Back ({QKeySequence(QKeySequence.StandardKey.Back).toString()})")

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 4, 8)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.words, 1)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(self.page)
        splitter.setSizes([270, 730])
        splitter.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)


def _title_of(section: Section) -> str:
    return section.title if not section.anchor else f"{chapter(section.chapter).title} › {section.title}"


def _style_sheet(theme: Theme) -> str:
    return f"""
h1 {{ font-size: 22px; margin-bottom: 10px; }}
h2 {{ font-size: 16px; margin-top: 24px; margin-bottom: 6px; }}
h3 {{ font-size: 14px; margin-top: 16px; margin-bottom: 4px; }}
p, li {{ line-height: 135%; }}
p {{ margin-top: 6px; margin-bottom: 8px; }}
a {{ color: {theme.accent}; }}
code, pre {{ font-family: monospace; background-color: {theme.panel}; }}
pre {{ margin: 8px 0 8px 12px; }}
th {{ text-align: left; color: {theme.dim}; padding: 4px 14px 4px 0; }}
td {{ padding: 4px 14px 4px 0; vertical-align: top; }}
"""
