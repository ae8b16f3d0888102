"""(c) GroEL put together from one of its chains, by Compose."""

from pathlib import Path

import pytest
from person import Person

from difffit_core.io.models import read_model, write_model


@pytest.mark.slow
def test_groel(person: Person, shared_data: Path, example: tuple[Path, Path], tmp_path: Path) -> None:
    write_model(tmp_path / "monomer.cif", read_model(shared_data / "groel" / "1oel_fit_top.pdb").select_chains(["A"]))
    person.opens(*example)
    person.opens(shared_data / "groel" / "groel-11.5A.mrc.gz", tmp_path / "monomer.cif")
    person.sees("groel-11.5A.mrc.gz", "monomer.cif")
    person.photographs("opened")
    person.chooses("Compose", "Compose Together")
    person.clicks("1bd2_moved.pdb.gz", inside="Compose")
    person.types("Copies of monomer.cif", "14")
    person.types("Resolution of the map to compose in", "11.5")
    person.clicks("Advanced", inside="Compose")
    person.picks("Preset of the fits", "Fast")
    person.clicks("Compose", inside="Compose")
    person.waits_until_nothing_runs()
    person.sees("Placed 14 copies")
    person.chooses("View", "Hide Others")
    person.photographs("composed")
    person.chooses("Compose", "Rounds", "Show Rounds")
    person.sees("14")
    person.photographs("rounds")
