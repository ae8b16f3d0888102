"""What the controller asks of the panel."""

from typing import Protocol


class SplitView(Protocol):
    """Where a split is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_outcome(self, text: str) -> None: ...
