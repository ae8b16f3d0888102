"""The bar of what is being fetched, where standard error is a terminal."""

from types import TracebackType

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from difffit_core.cli.console import new_console
from difffit_core.fetch.run import FetchProgress


class FetchBar:
    """A line for the entries, and one for each file that is on its way."""

    def __init__(self) -> None:
        console = new_console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def show(self, progress: FetchProgress) -> None:
        """What `fetch_entries` tells."""
        if progress.name:
            left = f" ({progress.done} of {progress.count} entries done)" if progress.count > 1 else ""
            self.file(progress.name, progress.have, progress.total, left)

    def file(self, name: str, have: int, total: int | None, more: str = "") -> None:
        """A file of which ``have`` of ``total`` bytes are there."""
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=total)
        done = total is not None and have >= total
        self._bar.update(self._tasks[name], completed=have, total=total, description=name + more, visible=not done)

    def __enter__(self) -> "FetchBar":
        self._bar.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.__exit__(kind, error, trace)
