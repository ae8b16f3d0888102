"""What the controller asks of the panel."""

from typing import Protocol


class SymmetryView(Protocol):
    """Where a symmetry is looked for, and told."""

    def show_running(self, running: bool) -> None: ...

    def show_found(self, title: str, lines: tuple[str, ...]) -> None: ...
