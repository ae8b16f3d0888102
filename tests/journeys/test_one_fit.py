"""(a) One fit, judged and exported, with another map and another model open."""

from pathlib import Path

import pytest
from person import Person

from difffit_core.io.models import read_model


@pytest.mark.slow
def test_one_fit(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path, tmp_path: Path) -> None:
    person.sees("Drop", "Example")
    person.photographs("start page")
    person.opens(second_map, second_model)
    person.opens(*example)
    person.sees("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")
    person.photographs("opened")
    person.ticks("Chains to fit", "D", "E")
    person.picks("Preset", "Fast")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("unique", "Placement 1")
    person.photographs("fitted")
    person.clicks_row("Placements", "2")
    person.sees("Placement 2")
    person.clicks_row("Placements", "1")
    person.chooses("Judge", "Residues")
    person.sees("Local correlation")
    person.chooses("Judge", "Colour Model by Fit")
    person.photographs("judged")
    person.chooses("File", "Export", "Save Placed Model", then=[person.types_a_name(tmp_path / "placed.cif")])
    person.is_told("placed.cif")
    assert read_model(tmp_path / "placed.cif").chains == ("D", "E")
    person.chooses("File", "Save Project", then=[person.types_a_name(tmp_path / "one.difffit")])
    person.sees("one.difffit – DiffFit Desktop")
    person.photographs("saved")
