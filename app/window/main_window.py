"""The frame of the window: both views in the middle, and room round them for the panels that features add."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QByteArray, QPoint, QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSplitter,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from difffit_app.actions import ACTIONS, Conditions
from difffit_app.messages import Severity
from difffit_app.scene.viewer import Viewer
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.theme import Theme, style_sheet
from difffit_app.widgets.icons import Icons
from difffit_app.window.escape import Escape
from difffit_app.window.first_size import first_size
from difffit_app.window.notices import Notices
from difffit_app.window.tab_order import go_on
from difffit_app.window.tips import StatusTips
from difffit_app.window.tools import add_actions

_LEFT_WIDTH, _TABLE_HEIGHT, _MOST_TABLE, _TABLE_SHARE = 310, 215, 370, 0.3
"""Pixels, and which share of the height the table gets: about ten rows where there is room."""


class Panel(Protocol):
    """What gives back what it holds when the window closes."""

    def shut(self) -> None: ...


class Remembers(Protocol):
    """What is kept from one start to the next."""

    def remember(self, settings: QSettings) -> None: ...

    def recall(self, settings: QSettings) -> None: ...


class MainWindow(QMainWindow):
    """Holds the views, and what features put beside them; ``triggered`` carries the id of an action of `actions.ACTIONS`.

    ``menu_asked`` carries a `Subject` whose menu is to open at a place on the screen, ``look_asked`` one that is to be looked at.

    ``panels`` are by their titles; ``handlers`` do what actions are for, by their ids; ``landmarks`` can be pointed at, by a name;
    ``remembered`` keep something from one start to the next; in ``noting`` an action is done; ``noticed`` carries every notice.
    """

    triggered = Signal(str)
    menu_asked = Signal(object, QPoint)
    look_asked = Signal(object)
    theme_changed = Signal(object)
    closing = Signal()
    paths_dropped = Signal(list)
    noticed = Signal(str, str)

    def __init__(self, session: Session, view_state: ViewState, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._undo: str | None = None
        self._redo: str | None = None
        self._close_guard: Callable[[], bool] = lambda: True
        self._conditions: Callable[[], Conditions] = lambda: Conditions(
            session,
            can_undo=self._undo is not None,
            can_redo=self._redo is not None,
            moving=view_state.moving is not None,
            sphere=view_state.sphere is not None,
            zeroing=view_state.zeroing is not None,
            measuring=view_state.measuring,
        )
        self.icons = Icons(theme)
        self.viewer = Viewer(session, view_state)
        self.notices = Notices(self, self.icons)
        self.activity = QLabel()
        self._middle = QVBoxLayout()
        self.setCentralWidget(_middle(self._middle, self.viewer))
        self.setAcceptDrops(True)
        self.setObjectName("DiffFitMainWindow")
        self.resize(first_size())
        self._docks: dict[str, QDockWidget] = {}
        self.panels: dict[str, Panel] = {}
        self.escape = Escape()
        self.handlers: dict[str, Callable[[], object]] = {
            "cancel": self.escape,
            "reset_layout": self.reset_layout,
            "tool_labels": lambda: self.label_tools(not self.tools_labelled),
        }
        self.noting: Callable[[str], AbstractContextManager[object]] = lambda _: nullcontext()
        self.landmarks: dict[str, QWidget] = {}
        self.remembered: list[Remembers] = []
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._tools, self.actions_by_id, self.menus = add_actions(self, self.triggered.emit)
        self.triggered.connect(self._do)
        self.statusBar().addPermanentWidget(self.activity)
        StatusTips(self.statusBar())
        self._take(theme)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal in (
            events.map_added, events.map_removed, events.model_added, events.model_removed,
            events.fit_selected, events.placement_selected, events.saved_state_changed, events.model_selected, events.composite_selected,
        ):  # fmt: skip
            self._subscriptions.add(signal, self.refresh)
        for removed in (events.map_removed, events.model_removed, events.fit_removed, events.composite_removed, events.refinement_removed):
            self._subscriptions.add(removed, self.notices.forget)
        self._subscriptions.add(events.cleared, self.notices.forget_everything)
        self._subscriptions.add(events.renamed, self.notices.rename)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        self._take(theme)
        self.dress()
        self.theme_changed.emit(theme)

    def _take(self, theme: Theme) -> None:
        """Draw views and icons as the theme says."""
        self.theme = theme
        self.icons.set_theme(theme)
        self.viewer.set_theme(theme)
        for entry in ACTIONS:
            if entry.icon:
                self.actions_by_id[entry.id].setIcon(self.icons.get(entry.icon))

    def dress(self) -> None:
        """Style all that stands in the window as its theme says, once it does; what comes later is styled as it comes, each at a cost."""
        self.setStyleSheet(style_sheet(self.theme))
        for header in self.findChildren(QHeaderView):  # else Qt cuts titles off without a sign
            header.setTextElideMode(Qt.TextElideMode.ElideRight)

    def guard_closing(self, guard: Callable[[], bool]) -> None:
        """Ask ``guard`` before closing; it may say no."""
        self._close_guard = guard

    def extend_conditions(self, extend: Callable[[Conditions], Conditions]) -> None:
        """Have what decides on actions completed by ``extend``."""
        before = self._conditions
        self._conditions = lambda: extend(before())

    def show_notice(self, text: str, severity: Severity, details: str = "", *, about: Sequence[str] = (), where: str = "") -> None:
        if not self._is_in_front(where):
            self.notices.show_notice(text, severity, details, about)
        self.noticed.emit(text, severity)

    def show_note(self, identifier: str, note: str) -> None:
        items = self._session.maps if identifier in self._session.maps else self._session.models
        kind, name = ("maps" if items is self._session.maps else "models"), items[identifier].name
        self.notices.show_note(identifier, kind, name, note)
        self.noticed.emit(f"{name}: {note}", "warning")

    def show_offer(
        self,
        text: str,
        choices: Mapping[str, Callable[[], object]],
        *,
        about: Sequence[str] = (),
        dismissed: Callable[[], object] | None = None,
    ) -> Callable[[], None]:
        self.noticed.emit(text, "info")
        return self.notices.show_offer(text, choices, about, dismissed)

    def add_panel(
        self, title: str, panel: Panel, area: Qt.DockWidgetArea = Qt.DockWidgetArea.LeftDockWidgetArea, beside: str = "", shown: bool = True
    ) -> QDockWidget:
        """Dock a panel that is shut with the window; ``beside`` names the panel with which it shares its place, as a tab."""
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock{title}")
        dock.setWidget(cast(QWidget, panel))  # every panel is one, and Python has no type for both
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.addDockWidget(area, dock)
        if beside:
            neighbour = self.panel(beside)
            self.tabifyDockWidget(neighbour, dock)
            neighbour.raise_()
        dock.setVisible(shown)
        self.panels[title] = panel
        self._docks[title] = dock
        return dock

    def add_panel_below(self, title: str, panel: Panel, height: int, beside: str = "") -> QDockWidget:
        """Dock a panel, hidden at first, below the tables; the views give it so many pixels. ``beside`` is as of `add_panel`."""
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        dock = self.add_panel(title, panel, area, beside, shown=False)
        if not beside:
            self.addDockWidget(area, dock, Qt.Orientation.Vertical)
        kept: dict[QDockWidget, int] = {}

        def make_room(shown: bool) -> None:
            """Of the views, and back to them: the tables stay as high as they are."""
            others = [one for one in self._docks.values() if one is not dock and one.isVisible() and self.dockWidgetArea(one) == area]
            others = [one for one in others if one not in self.tabifiedDockWidgets(dock)]
            heights = {one: one.height() if shown else kept.get(one, one.height()) for one in others} | ({dock: height} if shown else {})
            kept.update(heights)
            self.resizeDocks(list(heights), list(heights.values()), Qt.Orientation.Vertical)

        dock.visibilityChanged.connect(make_room)
        return dock

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar under the views, below those that are there."""
        self._middle.addWidget(bar)

    def panel(self, title: str) -> QDockWidget:
        """The dock of that title, to be shown and raised."""
        return self._docks[title]

    def raise_panel(self, title: str) -> None:
        """Bring a panel to the front, shown if it was hidden."""
        self._docks[title].show()
        self._docks[title].raise_()

    def bring_forward(self, title: str) -> None:
        """Bring a panel to the front as something has come of what was asked for, but never in place of a field in which one types."""
        dock, field = self._docks[title], self.focusWidget()
        beside = self.tabifiedDockWidgets(dock)
        covered = next((one for one in beside if field is not None and one.isAncestorOf(field) and field.isVisible()), None)
        if covered is None or not isinstance(field, (QLineEdit, QAbstractSpinBox)):
            self.raise_panel(title)
        elif not dock.isVisible() and not dock.toggleViewAction().isChecked():
            dock.show()
            covered.raise_()
            field.setFocus()

    def show_behind(self, title: str) -> None:
        """Have a panel there as a tab, and in front what was in front."""
        dock = self._docks[title]
        area = self.dockWidgetArea(dock)
        beside = [one for one in self._docks.values() if one is not dock and self.dockWidgetArea(one) == area]
        front = next((one for one in beside if self._is_in_front(one.windowTitle())), None)
        dock.show()
        (front or dock).raise_()

    def share_room(self, left: dict[str, int], bottom: str) -> None:
        """Divide the left column among panels by their heights, and give the column and the row below the views their sizes."""
        docks = [self._docks[title] for title in left]
        self.resizeDocks(docks[:1], [_LEFT_WIDTH], Qt.Orientation.Horizontal)
        self.resizeDocks(docks, list(left.values()), Qt.Orientation.Vertical)
        table = round(min(max(_TABLE_SHARE * self.height(), _TABLE_HEIGHT), _MOST_TABLE))
        self.resizeDocks([self._docks[bottom]], [table], Qt.Orientation.Vertical)

    def _is_in_front(self, title: str) -> bool:
        """Whether a panel can be read; none bears an empty title."""
        dock = self._docks.get(title)
        return dock is not None and dock.isVisible() and not dock.visibleRegion().isEmpty()

    def panel_in_focus(self) -> str:
        """Title of the panel where the keyboard is, "Views" for the middle, or nothing."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if widget is self.viewer:
                return "Views"
            if widget in self._docks.values():
                return str(widget.windowTitle())
            widget = widget.parentWidget()
        return ""

    @property
    def tools_labelled(self) -> bool:
        """Whether the tools have their names below them."""
        return self._tools.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon

    def label_tools(self, labelled: bool) -> None:
        """Write the tools' names below them, or leave it at their pictures."""
        style = Qt.ToolButtonStyle
        self._tools.setToolButtonStyle(style.ToolButtonTextUnderIcon if labelled else style.ToolButtonIconOnly)
        self.mark("tool_labels", labelled)

    def tool(self, identifier: str) -> QWidget:
        """The button of an action that is among the tools."""
        return self._tools.widgetForAction(self.actions_by_id[identifier])

    def list_panels(self) -> None:
        """Put a switch for every panel into the View menu, once all are there."""
        panels = QMenu("Pa&nels", self)
        panels.menuAction().setStatusTip("Show and hide panels")
        for dock in self._docks.values():
            panels.addAction(dock.toggleViewAction())
        self.menus["&View"].insertMenu(self.menus["&View/&Window"].menuAction(), panels)
        self._first_layout = self.saveState()

    def reset_layout(self) -> None:
        """Put every panel back where it was when the program was new."""
        self.restoreState(self._first_layout)
        self._hide_stale_tabs()
        for splitter in self.viewer.findChildren(QSplitter):
            splitter.setSizes([splitter.width()] * splitter.count())

    def show_activity(self, text: str) -> None:
        self.activity.setText(text)

    def refresh(self, *_: object) -> None:
        """Enable what can be used now, and name the project in the title."""
        now = self._conditions()
        for entry in ACTIONS:
            self.actions_by_id[entry.id].setEnabled(entry.when(now))
        name = self._session.path.name if self._session.path else ("Untitled" if not self._session.is_empty else "")
        self.setWindowTitle(f"{name}[*] – DiffFit Desktop" if name else "DiffFit Desktop[*]")
        self.setWindowModified(self._session.dirty and not self._session.is_empty)

    def mark(self, identifier: str, on: bool) -> None:
        """Set the mark of a checkable action."""
        self.actions_by_id[identifier].setChecked(on)

    def show_history(self, undo: str | None, redo: str | None) -> None:
        """Name in the menu what the next undo and redo are about; None where there is nothing."""
        self._undo, self._redo = undo, redo
        self.actions_by_id["undo"].setText(f"&Undo {undo}" if undo else "&Undo")
        self.actions_by_id["redo"].setText(f"&Redo {redo}" if redo else "&Redo")
        self.refresh()

    def remember(self, settings: QSettings) -> None:
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/state", self.saveState())
        settings.setValue("window/tool_labels", self.tools_labelled)
        for part in self.remembered:
            part.remember(settings)

    def recall(self, settings: QSettings) -> None:
        for key, restore in (("window/geometry", self.restoreGeometry), ("window/state", self.restoreState)):
            value = settings.value(key)
            if isinstance(value, QByteArray):
                restore(value)
        self.label_tools(settings.value("window/tool_labels", True) not in (False, "false"))
        for part in self.remembered:
            part.recall(settings)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if QUrl.isLocalFile(url)]
        if paths:
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_on(self, forward) or super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._hide_stale_tabs()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._close_guard():
            event.ignore()
            return
        self.closing.emit()
        self._subscriptions.end()
        self.notices.clear()
        for part in (*self.panels.values(), self.viewer):
            part.shut()
        super().closeEvent(event)

    def _do(self, identifier: str) -> None:
        with self.noting(identifier):
            self.handlers[identifier]()

    def _hide_stale_tabs(self) -> None:
        """Qt makes rows of tabs twice where there are several, and lets the first stand under the other as it was."""
        seen: set[str] = set()
        for row in reversed(self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            titles = {row.tabText(i) for i in range(row.count())}
            if seen & titles:
                row.hide()
            seen |= titles


def _middle(column: QVBoxLayout, views: QWidget) -> QWidget:
    """The views with all the room there is, and under them what is added to ``column``."""
    whole = QWidget()
    whole.setLayout(column)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(views, 1)
    return whole
