"""Files of several models in a library: which are tried is chosen, and told."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from difffit_core.cli import app
from difffit_core.errors import UserError
from difffit_core.io.models import read_model
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import parts_of, read_entry

from .conftest import Library


@pytest.fixture
def ensemble(library: Library, tmp_path: Path) -> Path:
    """Two models of one file, 1 and 4, the second 0.5 Å along x."""
    lines = [line for line in (library.folder / "e1.pdb").read_text().split("\n") if line.startswith("ATOM")]
    moved = [f"{line[:30]}{float(line[30:38]) + 0.5:8.3f}{line[38:]}" for line in lines]
    path = tmp_path / "several" / "nmr.pdb"
    path.parent.mkdir()
    path.write_text("\n".join(["MODEL        1", *lines, "ENDMDL", "MODEL        4", *moved, "ENDMDL", ""]))
    (path.parent / "one.pdb").write_text("\n".join(lines))
    return path


def test_the_model_that_was_asked_for_is_tried(ensemble: Path) -> None:
    first, second, both = (read_entry(ensemble, "", Filters(models=which)) for which in ("", "4", "all"))
    np.testing.assert_allclose(second.coordinates - first.coordinates, np.tile([0.5, 0, 0], (len(first), 1)), atol=2e-3)
    assert len(both) == 2 * len(first)
    assert len(parts_of(ensemble, Filters(models="all", split="chain"))) == 2
    assert parts_of(ensemble, Filters(models="4", split="chain")) == ()
    assert len(read_entry(ensemble.with_name("one.pdb"), "", Filters(models="4"))) == len(first)
    with pytest.raises(UserError, match="got 2"):
        read_entry(ensemble, "", Filters(models="2"))


@pytest.mark.parametrize("wrong", ["x", "1,", "1;2", "ALL"])
def test_what_is_no_model_is_refused(wrong: str) -> None:
    with pytest.raises(UserError, match=f"model must be all or numbers parted by commas, got {wrong}"):
        Filters(models=wrong)


def test_the_command_tells_which_was_tried(ensemble: Path, library: Library, repository: Path, tmp_path: Path) -> None:
    words = ["screen", str(repository / "resources" / "example" / "1bd2_4A.mrc.gz"), str(ensemble.parent), "--resolution", "4"]
    words += ["--model", "4", "--preset", "fast", "--set", "starts=50", "--promising", "0", "--jobs", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "1 come from files that hold several models, for one nmr: model 4 of a file that holds 2" in " ".join(done.output.split())
    document = json.loads((tmp_path / "out" / "ranking.json").read_text())
    assert document["settings"]["filters"]["models"] == "4"
    assert {Path(row["model"]).name: row.get("note") for row in document["ranking"]} == {
        "nmr.pdb": "model 4 of a file that holds 2", "one.pdb": None,
    }  # fmt: skip
    assert len(read_model(next((tmp_path / "out").glob("hit_*nmr*.cif")))) == len(read_model(ensemble))
