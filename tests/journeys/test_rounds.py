"""(b) Three chains by rounds, with an undo in the middle, a branch, and an export."""

from pathlib import Path

import pytest
from person import Person
from person.person import CTRL
from PySide6.QtCore import Qt


@pytest.mark.slow
def test_rounds(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path, tmp_path: Path) -> None:
    person.opens(second_map, second_model)
    person.opens(*example)
    person.picks("Preset", "Fast")
    person.ticks("Chains to fit", "A")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("Placement 1", "unique")
    person.chooses("View", "Hide Others")
    person.clicks("Accept", inside="Placements")
    person.is_told("Accepted")
    person.chooses("Compose", "Zero Out")
    person.sees("Covered voxels")
    person.sees("of the density above")
    person.photographs("zeroing out")
    person.clicks("Zero Out", inside="Zero Out")
    person.is_told("density")
    person.ticks("Chains to fit", "D")
    person.sees("left of it")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.clicks("Accept", inside="Placements")
    person.is_told("Accepted")
    person.strikes(Qt.Key.Key_Z, CTRL)
    person.chooses("Edit", "Redo Accept placement 1 of 1bd2_moved.pdb.gz D")
    person.sees("chain D")
    person.photographs("after undo and redo")
    person.ticks("Chains to fit", "E")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.clicks("Accept", inside="Placements")
    person.is_told("Accepted")
    person.chooses("Compose", "Rounds", "Show Rounds")
    person.sees("Round 1", "Round 2")
    person.clicks_row("Composites and their rounds", "Round 1")
    person.clicks("Branch", inside="Rounds")
    person.photographs("branched")
    person.clicks_row("Composites and their rounds", "Round 2")
    person.clicks("Go There", inside="Rounds")
    person.chooses("Compose", "Export Composite", then=[person.types_a_name(tmp_path)])
    person.is_told("Wrote")
    assert list(tmp_path.glob("*.cif"))
    person.photographs("exported")
