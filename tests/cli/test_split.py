"""`difffit split`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_core.io.models import read_model
from difffit_core.output import MANIFEST


def test_domains_are_written_as_models(difffit: Callable[..., Any], repository: Path, tmp_path: Path) -> None:
    ended = difffit("split", repository / "resources" / "example" / "1bd2.pdb.gz", "--out", tmp_path / "parts")
    assert ended.status == 0
    names = sorted(path.name for path in (tmp_path / "parts").iterdir())
    assert names == [*(f"1bd2_D{number}.cif" for number in range(1, 8)), MANIFEST]
    assert "in 7 parts" in ended.out
    assert read_model(tmp_path / "parts" / "1bd2_D3.cif").chains == ("B",)


def test_chains_are_written_as_models(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    assert difffit("split", files.model, "--by", "chain", "--out", tmp_path).status == 0
    assert len(list(tmp_path.glob("*.cif"))) == 2


def test_predicted_errors_tell_where_to_cut(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    count = read_model(files.model).residue_count
    errors = [[1.0 if (i < 60) == (j < 60) else 30.0 for j in range(count)] for i in range(count)]
    (tmp_path / "pae.json").write_text(json.dumps({"pae": errors}))
    ended = difffit("split", files.model, "--pae", tmp_path / "pae.json", "--plddt", 0, "--out", tmp_path / "parts")
    assert ended.status == 0
    assert len(list((tmp_path / "parts").glob("*.cif"))) == 2


def test_cuts_are_made_before_the_residues_that_are_named(difffit: Callable[..., Any], repository: Path, tmp_path: Path) -> None:
    model = repository / "resources" / "example" / "1bd2.pdb.gz"
    ended = difffit("split", model, "--at", "A:182", "--at", "D:117", "--out", tmp_path / "parts")
    assert ended.status == 0
    parts = [read_model(tmp_path / "parts" / f"1bd2_D{number}.cif") for number in range(1, 8)]
    assert [part.chains for part in parts] == [("A",), ("A",), ("B",), ("C",), ("D",), ("D",), ("E",)]
    assert int(parts[0].residue_numbers.max()) == 181
    assert int(parts[1].residue_numbers.min()) == 182
    assert int(parts[5].residue_numbers.min()) == 117
    assert sum(part.residue_count for part in parts) == read_model(model).residue_count


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--by", "pae"), "--by pae and --pae FILE go together, got --by pae without a file"),
        (("--by", "chain", "--pae", "absent.json"), "--by pae and --pae FILE go together, got --by chain"),
        (("--pae", "absent.json"), "absent.json: no such file"),
        (("--by", "luck"), "luck"),
        (("--at", "A214"), "a cut must be a chain and the number of the first residue after it, as in A:214, got 'A214'"),
        (("--at", "Z:50"), "a cut must be in one of the chains "),
        (("--at", "B:9000"), "a cut of chain B must be at one of its residues "),
        (("--at", "B:3"), "every part must have at least 30 residues, got "),
        (("--at", "B:50", "--by", "chain"), "--at says where to cut: it must stand without --by and --pae, got both"),
        (("--smallest", "9000"), "a split must leave at least one part, but no piece has 9000 residues"),
    ],
)
def test_bad_input_ends_in_one_sentence(
    difffit: Callable[..., Any], files: Any, tmp_path: Path, more: tuple[str, ...], sentence: str
) -> None:
    ended = difffit("split", files.model, *more, "--out", tmp_path / "out")
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert sentence in ended.err
    assert not (tmp_path / "out").exists()
