"""(d) A screen that is stopped and resumed, and a hit taken into a composite."""

from pathlib import Path

import pytest
from person import Person


@pytest.mark.slow
def test_screen(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path, library: Path, tmp_path: Path) -> None:
    person.opens(second_map, second_model)
    person.opens(*example)
    person.chooses("Screen", "Set Up Screen")
    person.types("Library", str(library))
    person.types("File of the screen", str(tmp_path / "hits.sqlite"))
    person.picks("Preset of the full search", "Fast")
    person.types("Processes", "1")
    person.photographs("set up")
    person.clicks("Start", inside="Screen")
    person.sees("of 2")
    person.clicks("Stop", inside="Screen")
    person.waits_until_nothing_runs()
    person.sees("Resume")
    person.photographs("stopped")
    person.clicks("Resume", inside="Screen")
    person.waits_until_nothing_runs()
    person.clicks("Ranking")
    person.clicks_row("Ranking of the screen", "receptor")
    person.sees("receptor.cif")
    person.waits_until_nothing_runs()
    person.chooses("View", "Hide Others")
    person.photographs("ranked")
    person.clicks("Accept")
    person.is_told("Accepted")
    person.sees("Rounds")
    person.photographs("accepted")
