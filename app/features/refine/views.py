"""What the controller asks of the panel."""

from typing import Protocol

from difffit_core.fit.request import FitProgress


class RefineView(Protocol):
    """Where a refinement is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...
