"""What the controller asks of its panels."""

from typing import TYPE_CHECKING, Protocol

from difffit_app.state.aligning import Aligned

if TYPE_CHECKING:
    from difffit_core.fit.request import FitProgress


class SetUpView(Protocol):
    """Where an alignment is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: "FitProgress") -> None: ...

    def show_outcome(self, text: str) -> None: ...


class AlignmentView(Protocol):
    """Where one looks at alignments."""

    def show_alignments(self, found: tuple[Aligned, ...]) -> None: ...
