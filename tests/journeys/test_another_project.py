"""(g) Everything closed and another project opened, twice."""

from pathlib import Path

import pytest
from person import Person


@pytest.mark.slow
def test_another_project(person: Person, example: tuple[Path, Path], second_map: Path, second_model: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.difffit", tmp_path / "two.difffit"
    person.opens(*example)
    person.opens(second_model)
    person.picks("Preset", "Fast")
    person.clicks("Fit", inside="Fit")
    person.waits_until_nothing_runs()
    person.sees("Placement 1")
    person.chooses("File", "Save Project", then=[person.types_a_name(one)])
    person.sees("one.difffit – DiffFit Desktop")
    person.chooses("File", "Close All")
    person.sees("Drop maps, models or a project here")
    person.sees_no("chain_B.cif", "Placement 1")
    person.photographs("closed")
    person.opens(second_map, second_model)
    person.chooses("File", "Save Project As", then=[person.types_a_name(two)])
    person.sees("two.difffit – DiffFit Desktop", "other_9A.mrc")
    person.chooses("Map", "Draw As", "Mesh")
    person.chooses("File", "Save Project")
    person.waits_until_nothing_runs()
    person.is_told("two.difffit")
    person.chooses("File", "Close All")
    person.sees("Drop maps, models or a project here")
    person.opens(one)
    person.sees("one.difffit – DiffFit Desktop", "Placement 1", "1bd2_moved.pdb.gz")
    person.sees_no("two.difffit")
    person.photographs("the first again")
    person.opens(two)
    person.sees("two.difffit – DiffFit Desktop", "other_9A.mrc")
    person.sees_no("1bd2_moved.pdb.gz", "Placement 1")
    person.photographs("the second again")
