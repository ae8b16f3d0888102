"""`difffit refine`: what it writes and says, and what it refuses."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.io.models import read_model, write_model


@pytest.fixture(scope="module")
def example(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The shipped map, and one chain of its receptor with a domain turned by 30° about residue 118."""
    folder = repository / "resources" / "example"
    model = read_model(folder / "1bd2.pdb.gz").select_chains(["E"])
    structure = model.structure.clone()
    pivot = model.coordinates[(model.residue_numbers == 118) & (model.atom_names == "CA")][0]
    turn = Rotation.from_rotvec(np.radians(30) * np.array([0.8, 0.5, -0.33]))
    for chain in structure[0]:
        for residue in chain:
            if chain.name == "E" and residue.seqid.num >= 118:
                for atom in residue:
                    atom.pos = gemmi.Position(*(turn.apply(np.array(atom.pos.tolist()) - pivot) + pivot))
    path = tmp_path_factory.mktemp("models") / "turned.cif"
    write_model(path, replace(model, structure=structure))
    return folder / "1bd2_4A.mrc.gz", path


@pytest.fixture(scope="module")
def arguments(example: tuple[Path, Path]) -> list[str]:
    return ["refine", *map(str, example), "--resolution", "4", "--level", "0.4"]


@pytest.mark.slow
def test_a_turned_domain_is_bent_home(
    arguments: list[str], example: tuple[Path, Path], repository: Path, tmp_path: Path, difffit: Callable[..., Any]
) -> None:
    ended = difffit(*arguments, "--out", str(tmp_path), "--seed", "3", "--b-factors", "correlation")
    assert ended.status == 0, ended.err
    before, after = read_model(example[1]), read_model(tmp_path / "refined.cif")
    np.testing.assert_array_equal(before.residue_numbers, after.residue_numbers)
    np.testing.assert_array_equal(before.atom_names, after.atom_names)
    truth = read_model(repository / "resources" / "example" / "1bd2.pdb.gz").select_chains(["E"])
    off = np.linalg.norm(after.coordinates - truth.coordinates, axis=1)[truth.in_fit]
    assert np.sqrt((off**2).mean()) < 0.6
    document = json.loads((tmp_path / "refined.json").read_text())
    assert document["schema"] == 1
    assert document["rmsd_moved"] > 2
    assert document["local_correlation"]["after"] > document["local_correlation"]["before"] + 0.1
    assert document["hinges"][0]["angle"] == pytest.approx(30, abs=4)
    assert document["settings"]["seed"] == 3
    assert document["timing"]["total_s"] > 0
    assert "--seed 3" in document["command"]
    for word in (
        "chain",
        "local corr.",
        "by 30°" if document["hinges"][0]["sentence"].find("30°") > 0 else "°",
        "refined.cif",
        "B factors",
    ):
        assert word in ended.out
    assert len((tmp_path / "refined.csv").read_text().splitlines()) == 1 + truth.residue_count


def test_chains_can_be_held(arguments: list[str], example: tuple[Path, Path], tmp_path: Path, difffit: Callable[..., Any]) -> None:
    ended = difffit(*arguments, "--start", "here", "--hold", "E", "--no-search", "--rigid-bodies-only", "--out", str(tmp_path))
    assert ended.status == 0, ended.err
    assert json.loads((tmp_path / "refined.json").read_text())["rmsd_moved"] < 1e-6


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--hold", "Q"), "chain must be one of E, got Q"),
        (("--hold", "E:9-3"), "must not come before its first"),
        (("--rigid", "E:1-5,E:3"), "a residue belongs to one group at most, got E 3 GLY"),
        (("--start", "there"), "start"),
        (("--stiffness", "-1"), "stiffness"),
        (("--pae", "nowhere.json"), "nowhere.json"),
        (("--resolution", "0.1"), "resolution must lie between 0.5 and 100"),
        (("--level", "1e9"), "level must lie below"),
        (("--chain", "Z"), "chain must be one of"),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: list[str], more: tuple[str, ...], words: str, tmp_path: Path, difffit: Callable[..., Any]
) -> None:
    out = tmp_path / "none"
    ended = difffit(*arguments, *more, "--out", str(out))
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert words in ended.err
    assert not out.exists()
