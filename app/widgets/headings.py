"""What the models of tables answer about their columns."""

from typing import Any, Protocol

from PySide6.QtCore import Qt


class Titled(Protocol):
    """A column as its heading sees it."""

    @property
    def title(self) -> str: ...

    @property
    def tip(self) -> str: ...


def heading(column: Titled, side: int, role: int) -> Any:
    """Its title, what it means, or on which ``side`` it stands."""
    if role == Qt.ItemDataRole.DisplayRole:
        return column.title
    if role == Qt.ItemDataRole.ToolTipRole:
        return column.tip
    return side if role == Qt.ItemDataRole.TextAlignmentRole else None


def side_of(is_text: bool) -> int:
    """Texts stand on the left, numbers on the right."""
    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)
