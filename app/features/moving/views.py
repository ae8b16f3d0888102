"""What the controller asks of the panel."""

from typing import Protocol

from difffit_core.placement import FitMetrics


class MovingView(Protocol):
    """Where a model is moved by hand, with its scores."""

    def show_subject(self, text: str, step: float) -> None:
        """Name what is moved, and show by how many Å the keys move it."""

    def show_score(self, score: FitMetrics | None, start: FitMetrics | None) -> None:
        """Scores of the pose that is shown and of the one it started from; None while they are not known."""
