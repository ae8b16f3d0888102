"""What the controllers ask of the panels."""

from collections.abc import Sequence
from typing import Protocol


class RoundsView(Protocol):
    """Where composites and their rounds are listed."""

    def show_comparison(self, text: str) -> None:
        """How two rounds differ, in lines; empty for nothing."""


class ZeroOutView(Protocol):
    """Where it is chosen how accepted copies are taken out of the map."""

    def show_zeroing(self, text: str) -> None:
        """Name what is to be taken out; empty where nothing is."""

    def show_preview(self, text: str, losses: Sequence[tuple[str, float, float]], *, ready: bool) -> None:
        """What would go, in a sentence, and for each neighbour its name, the share of its density and that of its atoms which lose some."""
