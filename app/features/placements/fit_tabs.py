"""A tab for each fit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from difffit_app.state.items import OpenFit, name_chains
from difffit_app.state.names import names_of_fits
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.entries import as_shown
from difffit_app.widgets.quiet import quietly


class FitTabs(QTabBar):
    """Follows the fits of a session. ``fit_chosen`` and ``removal_asked`` carry the id of a fit."""

    fit_chosen = Signal(str)
    removal_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAccessibleName("Fits")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setTabsClosable(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.tabCloseRequested.connect(lambda index: self.removal_asked.emit(self.tabData(index)))
        self.currentChanged.connect(self._on_current)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.fit_added, self._add),
            (events.fit_removed, self._remove),
            (events.fit_replaced, self._name_all),
            (events.fit_selected, self._show),
            (events.renamed, self._name_all),
        ):
            self._subscriptions.add(signal, slot)
        self.setVisible(False)

    def shut(self) -> None:
        self._subscriptions.end()

    def index_of(self, identifier: str) -> int:
        """Of the tab of a fit, or -1."""
        return next((index for index in range(self.count()) if self.tabData(index) == identifier), -1)

    def _add(self, fit: OpenFit) -> None:
        with quietly(self):
            index = self.addTab("")
            self.setTabData(index, fit.id)
        close = self.tabButton(index, QTabBar.ButtonPosition.RightSide) or self.tabButton(index, QTabBar.ButtonPosition.LeftSide)
        if close is not None:
            close.setToolTip("Remove this fit")
            close.setAccessibleName("Remove this fit")
        self._name_all()
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(button.accessibleName() or "Scroll the tabs")
        self.setVisible(True)

    def _remove(self, identifier: str) -> None:
        with quietly(self):
            self.removeTab(self.index_of(identifier))
        self._name_all()
        self._show(self._session.fit)
        self.setVisible(self.count() > 0)

    def _name_all(self, *_: object) -> None:
        for identifier, name in names_of_fits(self._session).items():
            index, record = self.index_of(identifier), self._session.fits[identifier].record
            if index >= 0:
                model, density = self._session.models[record.model].name, self._session.maps[record.map].name
                self.setTabText(index, as_shown(name))
                self.setTabToolTip(index, f"{model}, {name_chains(record.chains)}, in {density}\n{record.command}")

    def _show(self, fit: OpenFit | None) -> None:
        if fit is not None and self.index_of(fit.id) >= 0:
            with quietly(self):
                self.setCurrentIndex(self.index_of(fit.id))

    def _on_current(self, index: int) -> None:
        if index >= 0:
            self.fit_chosen.emit(self.tabData(index))
