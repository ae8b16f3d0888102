"""A choice among the maps, or the models, that are open."""

from collections.abc import Callable

from psygnal import SignalInstance
from PySide6.QtWidgets import QComboBox

from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.telling import SessionEvents


class ItemsBox(QComboBox):
    """Shows their names; the data of an entry is the id."""

    def follow_maps(self, events: SessionEvents, subscriptions: Subscriptions, then: Callable[[], None]) -> None:
        """Show the maps that are open, the one last opened or selected first; ``then`` is called when there is one more or less."""
        self._follow(subscriptions, events.map_added, events.map_removed, then)
        subscriptions.add(events.map_selected, self.propose)
        subscriptions.add(events.renamed, self.rename)

    def follow_models(self, events: SessionEvents, subscriptions: Subscriptions, then: Callable[[], None]) -> None:
        """The same of models."""
        self._follow(subscriptions, events.model_added, events.model_removed, then)
        subscriptions.add(events.model_selected, self.propose)
        subscriptions.add(events.renamed, self.rename)

    def _follow(self, subscriptions: Subscriptions, added: SignalInstance, removed: SignalInstance, then: Callable[[], None]) -> None:
        def add(item: OpenMap | OpenModel) -> None:
            self.add(item)
            then()

        def drop(identifier: str) -> None:
            self.drop(identifier)
            then()

        subscriptions.add(added, add)
        subscriptions.add(removed, drop)

    def add(self, item: OpenMap | OpenModel) -> None:
        self.addItem(item.name, item.id)

    def propose(self, item: OpenMap | OpenModel | None) -> None:
        """Choose what was opened or selected last; one that is not among them is ignored."""
        at = -1 if item is None else self.findData(item.id)
        if at >= 0:
            self.setCurrentIndex(at)

    def drop(self, identifier: str) -> None:
        self.removeItem(self.findData(identifier))

    def rename(self, identifier: str, name: str) -> None:
        """Show another name; an id that is not among them is ignored."""
        at = self.findData(identifier)
        if at >= 0:
            self.setItemText(at, name)
