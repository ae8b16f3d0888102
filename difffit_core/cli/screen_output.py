"""What `difffit screen` shows while it runs, and at the end."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from difffit_core.cli.console import new_console
from difffit_core.screen.request import ScreenProgress
from difffit_core.screen.results import Results
from difffit_core.screen.rows import FAILED, LEFT_OUT

SHOWN = 10


class ScreenBar:
    """A bar of the pass under way, where standard error is a terminal."""

    def __init__(self) -> None:
        console = new_console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f}"),
            TextColumn("{task.fields[left]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[failed]}"),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("starting", total=1, left="", failed="")

    def __enter__(self) -> "ScreenBar":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def show(self, progress: ScreenProgress) -> None:
        """Where the screen stands."""
        left = "" if progress.remaining_s is None else f"{progress.remaining_s:.0f} s left"
        failed = f"{progress.failed} failed" if progress.failed else ""
        self._bar.update(
            self._task, total=max(progress.total, 1), completed=progress.done, description=progress.stage, left=left, failed=failed
        )


def print_results(results: Results, evidence: Sequence[str], written: Sequence[Path], finished: bool) -> None:
    """The best of a screen, what could not be tried, and where the files are."""
    console, ranking = new_console(), results.ranking
    for line in evidence:
        console.print(f"  {line}", style="dim")
    console.print(_table(results))
    tried, significant = len(ranking.rows), int(ranking.significant.sum())
    console.print(f"{significant} of {tried} models are significant; {results.searched_in_full} were searched in full", style="bold")
    for status, what in ((FAILED, "could not be tried"), (LEFT_OUT, "left out")):
        rows = results.of_status(status)
        if rows:
            console.print(f"{len(rows)} {what}, for one {rows[0].name}: {rows[0].note}", style="yellow", soft_wrap=True)
    several = [row for row in ranking.rows if row.note]
    if several:
        told = (
            f"{len(several)} come from files that hold several models, for one {several[0].name}: {several[0].note}; --model N|all chooses"
        )
        console.print(f"{told}; --model N|all chooses", style="yellow", soft_wrap=True)
    if not finished:
        console.print("Stopped early: this is the ranking up to then; --resume goes on.", style="yellow")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)


def _table(results: Results) -> Table:
    table = Table(box=None, padding=(0, 1))
    for heading in ("rank", "model", "residues", "local\ncorr.", "z", "score", "p", "q", "verdict"):
        table.add_column(heading, justify="left" if heading in ("model", "verdict") else "right", vertical="bottom", no_wrap=True)
    ranking = results.ranking
    for i, row in enumerate(ranking.rows[:SHOWN]):
        scores = (f"{row.correlation:.3f}", f"{ranking.z_scores[i]:.1f}", f"{ranking.scores[i]:.1f}")
        chances = (f"{ranking.p_values[i]:.1g}", f"{ranking.q_values[i]:.1g}", str(ranking.verdicts[i]))
        style = "bold green" if ranking.significant[i] else "dim"
        table.add_row(str(i + 1), row.name, str(row.residues), *scores, *chances, style=style)
    return table
