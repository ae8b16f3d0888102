"""What the controller asks of views."""

from collections.abc import Sequence
from typing import Protocol

from difffit_core.fit.request import FitProgress
from difffit_core.pose import Pose


class FitPanelView(Protocol):
    """Where a fit is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...


class PreviewView(Protocol):
    """Where a running fit shows its best pose."""

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None: ...

    def clear_preview(self) -> None: ...
