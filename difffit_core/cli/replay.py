"""`difffit replay`: repeat what a project holds."""

from pathlib import Path

import typer

from difffit_core.cli.options import project_argument

_COLOURS = {"identical": "bold green", "the same": "green", "different": "bold red", "not repeated": "yellow"}


def replay(project_file: Path = project_argument()) -> None:
    """Repeat every computation of PROJECT and say whether the placements come out the same.

    Ends with status 1 where something came out different, or could not be repeated.
    """
    from rich.text import Text

    from difffit_core.cli.console import new_console
    from difffit_core.cli.progress import with_progress
    from difffit_core.fit.request import CancelFlag, OnProgress
    from difffit_core.project.store import open_project
    from difffit_core.reproduce import Outcome, repeat_project

    project, _ = open_project(project_file)
    console = new_console()
    outcomes: list[Outcome] = []

    def run(tell: OnProgress, cancel: CancelFlag) -> bool:
        for outcome in repeat_project(project, project_file, tell, cancel):
            outcomes.append(outcome)
            text = Text(f"{outcome.what}: ").append(str(outcome.verdict), style=_COLOURS[outcome.verdict])
            console.print(text.append(f" ({outcome.detail})"), soft_wrap=True)
        return cancel.is_set()

    stopped = with_progress(run)
    good = sum(outcome.good for outcome in outcomes)
    console.print(f"{good} of {len(outcomes)} came out the same" if outcomes else "nothing to repeat", style="bold")
    if stopped:
        raise typer.Exit(130)
    if good < len(outcomes):
        raise typer.Exit(1)
