"""What the controller asks of its panels."""

from typing import TYPE_CHECKING, Protocol

from difffit_app.state.assembling import Assembled

if TYPE_CHECKING:
    from difffit_core.fit.request import FitProgress


class SetUpView(Protocol):
    """Where an assembly is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: "FitProgress") -> None: ...

    def show_outcome(self, text: str) -> None: ...


class AssemblyView(Protocol):
    """Where one looks at an assembly."""

    def show_assembled(self, assembled: Assembled | None, running: bool = False) -> None: ...
