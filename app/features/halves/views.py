"""What the controller asks of its panels."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from difffit_core.halves.run import HalvesResult


class HalvesSetUpView(Protocol):
    """Where half maps are named, and reading them is followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, told: tuple[str, float]) -> None: ...

    def show_outcome(self, text: str) -> None: ...

    def show_files(self, first: Path | None, second: Path | None) -> None: ...


class HalvesView(Protocol):
    """Where one sees what they say."""

    def show_result(self, result: "HalvesResult | None") -> None: ...
