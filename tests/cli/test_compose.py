"""`difffit compose`, to the letter of the contract and beyond."""

import base64
import html
import io
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest
from PIL import Image

from difffit_core.io.maps import read_map
from difffit_core.output import MANIFEST
from tests.script_grammar import check_cxc, check_pml

QUICK = ("--preset", "fast", "--set", "starts=800")
EVERYTHING = [
    *(f"composite.{kind}" for kind in ("cif", "cxc", "json", "pdb", "pml")),
    MANIFEST,
    "project.difffit",
    "report.html",
    "residual.mrc",
]


def arguments(files: Any, out: Path, *more: str, models: tuple[str, ...] = ()) -> list[str]:
    placed = models or (str(files.model),)
    return ["compose", str(files.map), *placed, "--resolution", "8", "--level", "0.3", "--out", str(out), *QUICK, *more]


@pytest.fixture(scope="module")
def composed(files: Any, difffit_process: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """One model, as many copies as there are: it is there once."""
    folder = tmp_path_factory.mktemp("composed") / "a new [folder]"
    ended = difffit_process(*arguments(files, folder))
    assert (ended.status, ended.err) == (0, "")
    return folder, json.loads((folder / "composite.json").read_text(encoding="utf-8")), ended.out


@pytest.mark.slow
def test_everything_is_written(composed: Any) -> None:
    assert sorted(path.name for path in composed[0].iterdir()) == EVERYTHING


def test_the_document_is_what_the_contract_asks(composed: Any, files: Any) -> None:
    _, document, _ = composed
    assert document["schema"] == 1
    assert document["explained"] > 0.9
    assert document["symmetry"] == "C1"
    assert len(document["placements"]) == 1
    placement = document["placements"][0]
    assert placement["model"] == str(files.model)
    assert placement["chain"] == "B,C"
    assert placement["copy"] == 1
    assert 0.5 < placement["local_correlation"] < 1
    assert placement["clash"] == 0
    rotation, translation = np.array(placement["rotation"]), np.array(placement["translation"])
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    angle = math.degrees(math.acos(min(1, (np.trace(rotation.T @ files.rotation) - 1) / 2)))
    assert angle < 8
    assert np.linalg.norm(translation - files.translation) < 15 * math.radians(8) * 10


def test_the_composite_stands_where_the_document_says(composed: Any, files: Any) -> None:
    folder, document, _ = composed
    before = gemmi.read_structure(str(files.model))
    there = np.array([atom.atom.pos.tolist() for atom in before[0].all()])
    placement = document["placements"][0]
    for name in ("composite.cif", "composite.pdb"):
        placed = gemmi.read_structure(str(folder / name))
        here = np.array([atom.atom.pos.tolist() for atom in placed[0].all()])
        assert len(here) == len(there)
        moved = there @ np.array(placement["rotation"]).T + placement["translation"]
        order = [np.lexsort(points.round(1).T) for points in (here, moved)]
        np.testing.assert_allclose(here[order[0]].mean(axis=0), moved[order[1]].mean(axis=0), atol=2e-3)
    block = gemmi.cif.read(str(folder / "composite.cif")).sole_block()
    table = block.find("_difffit_placement.", ["chain", "model", "model_chain", "copy", "matrix[1][1]", "vector[3]"])
    assert [row.str(0) for row in table] == ["B", "C"]
    assert float(table[0][4]) == pytest.approx(placement["rotation"][0][0])
    assert float(table[0][5]) == pytest.approx(placement["translation"][2])


def test_the_residual_is_a_map_of_what_is_left(composed: Any, files: Any) -> None:
    folder, document, _ = composed
    before, left = read_map(files.map), read_map(folder / "residual.mrc")
    np.testing.assert_allclose(left.origin, before.origin, atol=1e-3)
    assert left.values.shape == before.values.shape
    above = before.values > 0.3
    explained = 1 - left.values[above].sum() / before.values[above].sum()
    assert document["explained"] == pytest.approx(explained, abs=1e-4)


def test_scripts_name_the_files_and_colour_every_chain(composed: Any, files: Any) -> None:
    folder, _, _ = composed
    chimerax, pymol = (folder / "composite.cxc").read_text("utf-8"), (folder / "composite.pml").read_text("utf-8")
    assert check_cxc(chimerax).count("color") == 2
    assert "isosurface" in check_pml(pymol)
    for script in (chimerax, pymol):
        for name in ("composite.cif", "residual.mrc", files.map.name, "0.3"):
            assert name in script
    assert "color #1/B" in chimerax
    assert "color #1/C" in chimerax
    assert "chain B+C" in pymol


def test_the_report_needs_no_other_file(composed: Any, files: Any) -> None:
    text = (composed[0] / "report.html").read_text("utf-8")
    assert text.count("data:image/png;base64,") == 3
    assert not re.search(r"(src|href)=['\"](?!data:)", text)
    assert html.escape(composed[1]["settings"]["command"]) in text
    for content in re.findall(r"base64,([^']+)'", text):
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))
        assert min(picture.shape[:2]) > 100
        blue = np.abs(picture.astype(int) - (0x4E, 0x79, 0xA7)).sum(axis=2) < 30
        assert np.count_nonzero(blue) > 100
        assert len(np.unique(picture[..., 0])) > 20


def test_what_is_printed(composed: Any) -> None:
    printed = composed[2]
    assert "1 placed of 1 model" in printed
    assert "of the density is explained" in printed
    assert "B,C" in printed


def test_the_command_it_gives_repeats_it(composed: Any, difffit: Callable[..., Any], tmp_path: Path) -> None:
    import shlex

    words = shlex.split(composed[1]["settings"]["command"])
    words[words.index("--out") + 1] = str(tmp_path / "again")
    assert difffit(*words[1:]).status == 0
    again = json.loads((tmp_path / "again" / "composite.json").read_text())
    assert again["placements"] == composed[1]["placements"]


def test_copies_are_asked_for_with_a_colon(files: Any, difffit: Callable[..., Any], tmp_path: Path) -> None:
    ended = difffit(*arguments(files, tmp_path, "--rounds", "0", models=(f"{files.model}:2",)))
    assert ended.status == 0
    document = json.loads((tmp_path / "composite.json").read_text())
    assert document["settings"]["wanted"] == [{"model": str(files.model), "copies": 2}]
    assert len(document["placements"]) == 1
    assert any("1 placed of 2 wanted" in note for note in document["notes"])
    assert "1 placed of 2 wanted" in " ".join(ended.out.split())


def test_what_lies_there_under_the_name_of_a_result_is_kept(files: Any, difffit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    (tmp_path / "composite.pdb").write_text("old")
    ended = difffit(*arguments(files, tmp_path, "--rounds", "0", "--level", "auto", "--overwrite"))
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert f"{tmp_path / 'composite.pdb'}: is there already, and {MANIFEST} does not tell of it" in ended.err
    assert sorted((path.name, path.read_text()) for path in tmp_path.iterdir()) == [("composite.pdb", "old"), ("mine.txt", "kept")]


@pytest.mark.parametrize(
    ("more", "models", "sentence"),
    [
        (("--symmetry", "T5"), (), "symmetry"),
        (("--symmetry", "C61"), (), "symmetry must be auto, map, none (C1), C2 to C60, D2 to D60, T, O or I, got C61"),
        (("--accept", "all"), (), "accept"),
        (("--rounds", "-1"), (), "rounds"),
        (("--level", "high"), (), "level must be a number"),
        (("--level", "99"), (), "level must lie below the map's maximum"),
        (("--resolution", "0"), (), "resolution must lie between"),
        ((), ("absent.cif:3",), "absent.cif: no such file"),
        ((), ("absent.cif:0",), "absent.cif: copies must be a whole number from 1 to 99999, got 0"),
        ((), ("absent.cif:x",), "absent.cif:x: no such file"),
    ],
)
def test_bad_input_ends_in_one_sentence(
    files: Any, difffit: Callable[..., Any], tmp_path: Path, more: tuple[str, ...], models: tuple[str, ...], sentence: str
) -> None:
    out = tmp_path / "out"
    ended = difffit(*arguments(files, out, *more, models=models))
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert sentence in ended.err
    assert not out.exists()
