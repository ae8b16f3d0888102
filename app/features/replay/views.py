"""What the controller asks of the bar."""

from collections.abc import Sequence
from typing import Protocol


class ReplayView(Protocol):
    """Where the steps of a fit are replayed."""

    def show_replay(self, shown: bool) -> None: ...

    def show_progress(self, fraction: float) -> None:
        """The steps are being computed."""

    def show_steps(self, count: int, stages: Sequence[tuple[str, int]], note: str) -> None:
        """There are ``count`` steps, and each stage begins at its own; the last is shown."""

    def show_step(self, step: int) -> None:
        """Stand at a step, as if it had been chosen."""

    def show_nothing(self, text: str) -> None:
        """There are no steps, and why."""
