"""One rule of exit statuses for all commands: what was asked is answered with 0, whatever the answer is, and its files are there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose

QUICK = ("--preset", "fast", "--set", "starts=200", "--set", "steps=20")


@dataclass(frozen=True)
class Made:
    """Two maps of nothing but smooth noise, and a folder of two models that belong in neither."""

    maps: tuple[Path, Path]
    models: Path
    unreadable: Path


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp("nothing")
    whole = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    rng = np.random.default_rng(4)
    maps = base / "noise.mrc", base / "other.mrc"
    for path in maps:
        values = gaussian_filter(rng.normal(size=(30, 32, 34)), 1.5).astype(np.float32)
        write_map(path, DensityMap(values / values.std(), np.full(3, 3.0), np.zeros(3)))
    models, unreadable = base / "models", base / "unreadable"
    models.mkdir()
    unreadable.mkdir()
    for chain in "BD":
        write_model(models / f"{chain}.cif", whole.select_chains([chain]), Pose.identity())
        (unreadable / f"{chain}.cif").write_text("data_nothing\n", encoding="utf-8")
    return Made(maps, models, unreadable)


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("refine", "align", "symmetry")]


@pytest.mark.parametrize("command", ["fit", "compose", "screen", "assemble", *SLOW])
def test_nothing_found_is_an_answer(command: str, made: Made, difffit: Any, tmp_path: Path) -> None:
    chain = str(made.models / "B.cif")
    given, file = {
        "fit": ((chain, *QUICK), "placements.json"),
        "compose": ((chain, str(made.models / "D.cif"), *QUICK), "composite.json"),
        "screen": ((str(made.models), "--promising", "0", "--jobs", "1", *QUICK), "ranking.json"),
        "assemble": ((str(made.models), "--promising", "0", "--jobs", "1", *QUICK), "composite.json"),
        "refine": ((chain, "--start", "here"), "refined.json"),
        "align": ((str(made.maps[1]),), "alignment.json"),
        "symmetry": ((), "symmetry.json"),
    }[command]
    level = ("--level", "1.5") if command != "refine" else ()
    ended = difffit(command, made.maps[0], *given, "--resolution", "10", *level, "--out", tmp_path / "out")
    assert ended.status == 0, ended.err
    document = json.loads((tmp_path / "out" / file).read_text(encoding="utf-8"))
    if command in ("compose", "assemble"):
        assert document["placements"] == []
        assert not (tmp_path / "out" / "composite.cif").exists()
        assert (tmp_path / "out" / "residual.mrc").exists()
        assert (tmp_path / "out" / "report.html").exists()
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["screen", "assemble"])
def test_where_no_model_can_be_tried_there_is_no_answer(command: str, made: Made, difffit: Any, tmp_path: Path) -> None:
    ended = difffit(
        command, made.maps[0], made.unreadable, "--resolution", "10", "--level", "1.5", "--jobs", "1", "--out", tmp_path / "out"
    )
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert "could be tried" in ended.err


def test_the_rule_is_told_by_help_and_guide(difffit: Any, repository: Path) -> None:
    told = " ".join(difffit("--help").out.replace("│", " ").split())
    guide = " ".join((repository / "resources" / "help" / "commands.md").read_text(encoding="utf-8").split())
    for text in (told, guide):
        assert "also where the answer is that nothing was found" in text
