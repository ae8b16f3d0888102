"""(e) A prediction that is split where it breaks, and put together in the map."""

from pathlib import Path

import pytest
from person import Person


@pytest.mark.slow
def test_prediction(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path, hinged: Path, tmp_path: Path) -> None:
    person.opens(second_map, second_model)
    person.opens(example[0], hinged)
    person.picks("Preset", "Fast")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("Split There")
    person.photographs("breaks")
    person.clicks("Split There", then=[person.types_a_name(tmp_path)])
    person.is_told("is split")
    person.waits_until_nothing_runs()
    person.chooses("Compose", "Compose Together")
    person.clicks("chain_B.cif", inside="Compose")
    person.clicks("prediction.pdb", inside="Compose")
    person.clicks("Advanced", inside="Compose")
    person.picks("Preset of the fits", "Fast")
    person.photographs("parts")
    person.clicks("Compose", inside="Compose")
    person.waits_until_nothing_runs()
    person.sees("Placement 1")
    person.chooses("View", "Hide Others")
    person.sees_no("does not fit")
    person.photographs("together")
