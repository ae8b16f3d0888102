"""A tab for each fit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from difffit_app.state.items import OpenFit
from difffit_app.state.names import names_of_fits
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.entries import as_shown
from difffit_app.widgets.quiet import quietly
from difffit_core.chain_words import chains_in_words


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
            (events.fit_added, self._follow),
            (events.fit_removed, self._follow),
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

    def _follow(self, *_: object) -> None:
        """Have a tab for each fit that there is, in their order; which of them came or went is of no matter."""
        fits = [*self._session.fits]
        with quietly(self):
            for index in reversed(range(self.count())):
                if self.tabData(index) not in fits or self.index_of(self.tabData(index)) < index:
                    self.removeTab(index)
            for place, identifier in enumerate(fits):
                if self.index_of(identifier) < 0:
                    self._insert(place, identifier)
                self.moveTab(self.index_of(identifier), place)
        self._name_all()
        self._show(self._session.fit)
        self.setVisible(self.count() > 0)

    def _insert(self, place: int, identifier: str) -> None:
        index = self.insertTab(place, "")
        self.setTabData(index, identifier)
        close = self.tabButton(index, QTabBar.ButtonPosition.RightSide) or self.tabButton(index, QTabBar.ButtonPosition.LeftSide)
        if close is not None:
            close.setToolTip("Remove this fit")
            close.setAccessibleName("Remove this fit")
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(button.accessibleName() or "Scroll the tabs")

    def _name_all(self, *_: object) -> None:
        for identifier, name in names_of_fits(self._session).items():
            index, record = self.index_of(identifier), self._session.fits[identifier].record
            if index >= 0:
                model, density = self._session.models[record.model].name, self._session.maps[record.map].name
                self.setTabText(index, as_shown(name))
                self.setTabToolTip(index, f"{model}, {chains_in_words(record.chains)}, in {density}\n{record.command}")

    def _show(self, fit: OpenFit | None) -> None:
        if fit is not None and self.index_of(fit.id) >= 0:
            with quietly(self):
                self.setCurrentIndex(self.index_of(fit.id))

    def _on_current(self, index: int) -> None:
        if index >= 0:
            self.fit_chosen.emit(self.tabData(index))
