"""A choice among the maps, or the models, that are open."""

from collections.abc import Callable

from psygnal import SignalInstance
from PySide6.QtWidgets import QComboBox

from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.names import names_of_items
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions


class ItemsBox(QComboBox):
    """Shows their names, with numbers where two have the same; the data of an entry is the id."""

    def follow_maps(self, session: Session, subscriptions: Subscriptions, then: Callable[[], None]) -> None:
        """Show the maps that are open, the one last opened or selected first; ``then`` is called when there is one more or less."""
        events = session.events
        self._follow(subscriptions, events.map_added, events.map_removed, lambda: names_of_items(session, session.maps), then)
        subscriptions.add(events.map_selected, self.propose)
        subscriptions.add(events.renamed, lambda *_: self._name(names_of_items(session, session.maps)))

    def follow_models(self, session: Session, subscriptions: Subscriptions, then: Callable[[], None]) -> None:
        """The same of models."""
        events = session.events
        self._follow(subscriptions, events.model_added, events.model_removed, lambda: names_of_items(session, session.models), then)
        subscriptions.add(events.model_selected, self.propose)
        subscriptions.add(events.renamed, lambda *_: self._name(names_of_items(session, session.models)))

    def _follow(
        self,
        subscriptions: Subscriptions,
        added: SignalInstance,
        removed: SignalInstance,
        names: Callable[[], dict[str, str]],
        then: Callable[[], None],
    ) -> None:
        def add(item: OpenMap | OpenModel) -> None:
            self.addItem(item.name, item.id)
            self._name(names())
            then()

        def drop(identifier: str) -> None:
            self.drop(identifier)
            self._name(names())
            then()

        subscriptions.add(added, add)
        subscriptions.add(removed, drop)

    def propose(self, item: OpenMap | OpenModel | None) -> None:
        """Choose what was opened or selected last; one that is not among them is ignored."""
        at = -1 if item is None else self.findData(item.id)
        if at >= 0:
            self.setCurrentIndex(at)

    def drop(self, identifier: str) -> None:
        self.removeItem(self.findData(identifier))

    def _name(self, names: dict[str, str]) -> None:
        for at in range(self.count()):
            if self.itemText(at) != (name := names.get(self.itemData(at), self.itemText(at))):
                self.setItemText(at, name)
