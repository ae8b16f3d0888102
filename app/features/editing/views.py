"""What the controller asks of the panel."""

from typing import Protocol

from difffit_core.map_edit.sharpening import Amplitudes


class EditView(Protocol):
    """Where a step is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_outcome(self, text: str) -> None: ...

    def show_amplitudes(self, identifier: str, amplitudes: Amplitudes) -> None:
        """The amplitudes of a map by frequency are known."""
