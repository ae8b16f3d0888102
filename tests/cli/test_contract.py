"""The folder of results, to the letter of what other programs read from it."""

import csv
import json
import re
import shlex
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from difffit_core import __version__
from difffit_core.fit.settings import FitSettings
from difffit_core.output import MANIFEST
from difffit_core.project.inputs import locate_inputs
from difffit_core.project.store import open_project

NUMBERS = ("density", "overlap", "correlation", "correlation_about_mean", "inside", "local_correlation", "z_score", "p_value")


@pytest.fixture
def placements(fitted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fitted.document["placements"]
    assert len(found) > 5
    return found


@dataclass(frozen=True)
class Atom:
    """One atom as a file has it; ``key`` is what stays the same wherever it lies."""

    key: tuple[str, ...]
    position: tuple[float, ...]
    numbers: tuple[float, float]
    residue: str
    element: str
    location: str


def atoms(path: Path, chains: str) -> list[Atom]:
    structure = gemmi.read_structure(str(path))
    found = [one for one in structure[0].all() if one.chain.name in chains]
    return [
        Atom(
            (one.chain.name, one.residue.name, str(one.residue.seqid), one.atom.name, one.atom.altloc, one.atom.element.name),
            tuple(one.atom.pos.tolist()),
            (one.atom.b_iso, one.atom.occ),
            one.residue.name,
            one.atom.element.name,
            one.atom.altloc,
        )
        for one in found
    ]


def positions(found: list[Atom]) -> np.ndarray:
    return np.array([atom.position for atom in found])


def test_the_files(fitted: Any) -> None:
    assert sorted(path.name for path in fitted.folder.iterdir()) == [
        MANIFEST, "placement_001.cif", "placement_002.cif", "placement_003.cif", "placements.csv", "placements.json",
        "project.difffit", "report.html",
    ]  # fmt: skip


def test_the_document(fitted: Any) -> None:
    document = fitted.document
    assert list(document) == [
        "schema",
        "map",
        "model",
        "settings",
        "device",
        "timing",
        "broken",
        "warnings",
        "notes",
        "placements",
        "provenance",
    ]
    assert document["schema"] == 1
    assert document["map"] == str(fitted.files.map)
    assert document["model"] == str(fitted.files.model)
    assert document["device"] in ("cpu", "cuda", "mps")
    assert set(document["timing"]) >= {"read_s", "search_s", "total_s"}
    assert 0 < document["timing"]["search_s"] < document["timing"]["total_s"]
    settings = document["settings"]
    assert settings.items() >= FitSettings.preset("fast").model_dump(mode="json").items()
    assert settings.items() >= {"preset": "fast", "resolution": 8.0, "level": 0.3, "chains": ["B"], "seed": 4}.items()


def test_the_report_needs_no_other_file(fitted: Any) -> None:
    page = (fitted.folder / "report.html").read_text(encoding="utf-8")
    assert "<div class='view'><canvas" in page
    assert fitted.document["provenance"]["inputs"][0]["sha256"] in page
    assert not re.search(r"(src|href)='(?!data:)", page)


def test_where_it_comes_from(fitted: Any) -> None:
    origin = fitted.document["provenance"]
    assert origin["program"] == f"difffit {__version__}"
    assert set(origin["versions"]) >= {"python", "platform", "numpy", "numba", "torch", "gemmi"}
    assert (origin["device"], origin["seed"], origin["recipe"]["job"]) == (fitted.document["device"], 4, "fit")
    assert shlex.split(origin["command"])[:2] == ["difffit", "fit"]
    told = {one["path"]: (one["size"], one["sha256"]) for one in origin["inputs"]}
    files = (fitted.files.map, fitted.files.model)
    assert told == {str(path): (path.stat().st_size, sha256(path.read_bytes()).hexdigest()) for path in files}


def test_every_placement(placements: list[dict[str, Any]]) -> None:
    assert [placement["rank"] for placement in placements] == list(range(1, len(placements) + 1))
    for placement in placements:
        rotation = np.array(placement["rotation"])
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(rotation) == pytest.approx(1)
        assert np.shape(placement["translation"]) == (3,)
        assert type(placement["rank"]) is type(placement["hits"]) is int
        assert all(type(placement[name]) is float and np.isfinite(placement[name]) for name in NUMBERS)
        assert placement["hits"] >= 1
        assert 0 <= placement["inside"] <= 1
        assert 0 <= placement["p_value"] <= 1
        assert all(-1.0001 <= placement[name] <= 1.0001 for name in NUMBERS if "correlation" in name)


def test_best_first(placements: list[dict[str, Any]]) -> None:
    scores = [placement["local_correlation"] for placement in placements]
    assert scores == sorted(scores, reverse=True)


def test_the_best_is_the_truth(fitted: Any, placements: list[dict[str, Any]]) -> None:
    points = positions(atoms(fitted.files.model, "B"))
    found = points @ np.array(placements[0]["rotation"]).T + placements[0]["translation"]
    right = points @ fitted.files.rotation.T + fitted.files.translation
    assert np.sqrt(((found - right) ** 2).sum(axis=1).mean()) < 0.5
    assert placements[0]["verdict"] == "unique"
    assert placements[0]["symmetric_copy_of"] is None


def test_the_csv_says_the_same(fitted: Any, placements: list[dict[str, Any]]) -> None:
    with open(fitted.folder / "placements.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(placements)
    for row, placement in zip(rows, placements, strict=True):
        assert [float(row[name]) for name in NUMBERS] == [placement[name] for name in NUMBERS]
        assert (int(row["rank"]), int(row["hits"]), row["verdict"]) == (placement["rank"], placement["hits"], placement["verdict"])
        assert [[float(row[f"r{i}{j}"]) for j in (1, 2, 3)] for i in (1, 2, 3)] == placement["rotation"]
        assert [float(row[name]) for name in ("tx", "ty", "tz")] == placement["translation"]


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_placed_models_hold_every_atom_of_the_chain_moved(fitted: Any, placements: list[dict[str, Any]], rank: int) -> None:
    """Hydrogens, both alternate locations, the ligand and the waters too."""
    before, after = atoms(fitted.files.model, "B"), atoms(fitted.folder / f"placement_{rank:03d}.cif", "ABCDE")
    placement = placements[rank - 1]
    expected = positions(before) @ np.array(placement["rotation"]).T + placement["translation"]
    np.testing.assert_allclose(positions(after), expected, atol=2e-3)
    assert [atom.key for atom in after] == [atom.key for atom in before]
    np.testing.assert_allclose([atom.numbers for atom in after], [atom.numbers for atom in before], atol=0.01)
    assert {"H", "Zn"} <= {atom.element for atom in after}
    assert {"HOH", "ZN"} <= {atom.residue for atom in after}
    assert {"A", "B"} <= {atom.location for atom in after}


def test_the_project_opens_and_matches(fitted: Any, placements: list[dict[str, Any]]) -> None:
    path = fitted.folder / "project.difffit"
    project, arrays = open_project(path)
    (fit,) = project.fits
    assert [placement.model_dump(mode="json") for placement in fit.placements] == placements
    assert (fit.chains, fit.resolution, fit.level, fit.recipe.seed, fit.cancelled) == (("B",), 8.0, 0.3, 4, False)
    assert fit.fit_settings() == FitSettings.preset("fast")
    assert locate_inputs(project, path) == {"map-1": fitted.files.map.resolve(), "model-1": fitted.files.model.resolve()}
    held = arrays[fit.id]
    assert len(held.start_quaternions) == len(placements)


def test_the_projects_command_repeats_the_fit(fitted: Any, placements: list[dict[str, Any]], difffit: Any, tmp_path: Path) -> None:
    project, _ = open_project(fitted.folder / "project.difffit")
    words = shlex.split(project.fits[0].command)
    assert words[0] == "difffit"
    ended = difffit(*words[1:], "--out", tmp_path)
    assert ended.status == 0, ended.err
    assert json.loads((tmp_path / "placements.json").read_text(encoding="utf-8"))["placements"] == placements
