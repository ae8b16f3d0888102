"""What the controller asks of the panel."""

from typing import Protocol

from difffit_core.fit.request import FitProgress


class SymmetryView(Protocol):
    """Where a symmetry is looked for, and told."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...

    def show_found(self, title: str, lines: tuple[str, ...]) -> None: ...
