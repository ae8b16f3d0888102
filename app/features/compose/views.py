"""What the controllers ask of the panel."""

from typing import Protocol

from difffit_app.state.composing import Examined
from difffit_core.fit.request import FitProgress


class ComposePanelView(Protocol):
    """Where models are placed together, and it is told what a composite is like."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...

    def show_examined(self, examined: Examined | None) -> None: ...

    def go_to_top(self) -> None:
        """Have the panel in view from its first field: there is nothing to tell."""
