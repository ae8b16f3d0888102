"""A choice among the maps, or the models, that are open."""

from PySide6.QtWidgets import QComboBox

from difffit_app.state.items import OpenMap, OpenModel


class ItemsBox(QComboBox):
    """Shows their names; the data of an entry is the id."""

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
