"""What the controller asks of the panel and of the list of what is kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from difffit_core.fetch.run import FetchProgress


Kept = tuple[tuple[Path, int], ...]
"""Files of the cache, relative to its folder, and their bytes."""


class FetchView(Protocol):
    """Where it is said what to fetch, and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: "FetchProgress") -> None: ...

    def show_outcome(self, text: str) -> None: ...


class KeptView(Protocol):
    """Where one sees what the cache holds."""

    def show_kept(self, folder: Path, limit_gb: float, files: Kept) -> None: ...
