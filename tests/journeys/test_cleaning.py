"""(f) A map that is cleaned, step by step, and fitted."""

from pathlib import Path

import pytest
from person import Person


@pytest.mark.slow
def test_cleaning(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path) -> None:
    person.opens(second_map, second_model)
    person.opens(*example)
    person.picks("Preset", "Fast")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("Placement 1")
    person.chooses("Map", "Edit")
    person.picks("What to do to it", "Keep near a model")
    person.clicks("Make Working Map")
    person.waits_until_nothing_runs()
    person.sees("as it was")
    person.photographs("zone")
    person.picks("What to do to it", "Crop the box")
    person.clicks("Make Working Map")
    person.waits_until_nothing_runs()
    person.picks("What to do to it", "Low-pass")
    person.types("Leave out detail finer than this", "6")
    person.clicks("Make Working Map")
    person.waits_until_nothing_runs()
    person.picks("What to do to it", "Correct the voxel size")
    person.types("What the voxel size is to be", "1.41")
    person.clicks("Make Working Map")
    person.waits_until_nothing_runs()
    person.clicks("Undo")
    person.sees("voxels of 1.4 Å")
    person.clicks("Redo")
    person.sees("voxels of 1.41 Å")
    person.photographs("cleaned")
    person.chooses("Fit", "Fit")
    person.waits_until_nothing_runs()
    person.sees("unique")
    person.photographs("fitted")
