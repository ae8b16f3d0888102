"""What `difffit fit` prints, and the options that change what it does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from difffit_core.fit.settings import FitSettings

QUICK = ("--preset", "fast", "--set", "starts=300", "--set", "steps=30")


def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "placements.json").read_text(encoding="utf-8"))
    return found


def test_the_table(fitted: Any) -> None:
    placements = fitted.document["placements"]
    rows = [line.split() for line in fitted.printed.splitlines() if re.match(r" +\d+ +\d+ +-?\d\.\d{3} ", line)]
    assert len(rows) == min(10, len(placements))
    for row, placement in zip(rows, placements, strict=False):
        assert (int(row[0]), int(row[1])) == (placement["rank"], placement["hits"])
        assert float(row[2]) == pytest.approx(placement["local_correlation"], abs=6e-4)
        assert row[5] == f"{placement['inside']:.0%}"
        assert " ".join(row[8:]) == placement["verdict"]
    assert (f"and {len(placements) - 10} more" in fitted.printed) == (len(placements) > 10)
    for heading in ("rank", "hits", "density", "inside", "verdict"):
        assert heading in fitted.printed


def test_what_was_fitted_and_where_the_files_are(fitted: Any) -> None:
    """Paths are printed whole, however long, so that they can be copied."""
    assert "β₂ [moved], 99 residues of chain B, in 8 Å" in fitted.printed
    assert "level 0.3 was given" in fitted.printed
    (line,) = [line for line in fitted.printed.splitlines() if line.startswith("written to ")]
    assert line == f"written to {fitted.folder}: " + ", ".join(
        [
            "placement_001.cif",
            "placement_002.cif",
            "placement_003.cif",
            "project.difffit",
            "report.html",
            "placements.csv",
            "placements.json",
        ]
    )
    assert re.search(r"^search \d+\.\d s on cpu, \d+\.\d s in all$", fitted.printed, re.MULTILINE)


def test_an_automatic_level_comes_with_its_evidence(difffit: Any, files: Any, tmp_path: Path) -> None:
    ended = difffit("fit", files.map, files.model, "--chain", "B", "--resolution", 8, "--out", tmp_path, *QUICK)
    assert ended.status == 0, ended.err
    text = " ".join(ended.out.split())
    level = document(tmp_path)["settings"]["level"]
    assert f"level {level:.4g} encloses" in text
    assert "3 σ above its mean is" in text
    assert "is exceeded by 1 % of all voxels" in text
    assert "encloses the model's mass (at 1.21 Å³/Da)" in text
    assert 0.1 < level < 0.7


def test_settings_are_set(difffit: Any, files: Any, tmp_path: Path) -> None:
    changes = ("fields=fine,paper", "turn-rate=0.03", "padding=border", "smoothing_weights=[1, 2, 0, 1]", "search_atoms=0")
    assert difffit(*files.arguments(tmp_path, *QUICK, *[word for change in changes for word in ("--set", change)])).status == 0
    expected = FitSettings.preset(
        "fast",
        starts=300,
        steps=30,
        fields=("fine", "paper"),
        turn_rate=0.03,
        padding="border",
        smoothing_weights=(1, 2, 0, 1),
        search_atoms=0,
    )
    assert document(tmp_path)["settings"].items() >= expected.model_dump(mode="json").items()


def test_chains_are_chosen(difffit: Any, files: Any, tmp_path: Path) -> None:
    for chains, expected in ((("--chain", "C"), ["C"]), (("--chain", "C, B"), ["B", "C"]), ((), ["B", "C"])):
        ended = difffit(*files.arguments(tmp_path, *QUICK, *chains, "--overwrite"))
        assert ended.status == 0, ended.err
        assert document(tmp_path)["settings"]["chains"] == expected
        assert f"of chain{'s' * (len(expected) > 1)} {', '.join(expected)}, in" in ended.out


def test_threads_change_nothing_but_time(difffit: Any, files: Any, tmp_path: Path) -> None:
    found = []
    for threads in ("1", "2", "64"):
        assert difffit(*files.arguments(tmp_path, *QUICK, "--threads", threads, "--overwrite")).status == 0
        found.append(document(tmp_path)["placements"])
    assert found[0] == found[1] == found[2]


def test_the_seed_decides(difffit: Any, files: Any, tmp_path: Path) -> None:
    found = []
    for seed in ("7", "7", "8"):
        assert difffit(*files.arguments(tmp_path, *QUICK, "--seed", seed, "--overwrite")).status == 0
        found.append(document(tmp_path)["placements"])
    assert found[0] == found[1] != found[2]


def test_the_default_folder_lies_where_the_command_runs(difffit: Any, files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("difffit-out", "difffit-out-2"):
        ended = difffit("fit", files.map, files.model, "--resolution", 8, "--level", 0.3, *QUICK)
        assert (ended.status, f"written to {folder}: " in ended.out) == (0, True)
        assert (tmp_path / folder / "project.difffit").exists()


@pytest.mark.slow
def test_nothing_on_standard_error_unless_it_is_asked_for(difffit_process: Any, files: Any, tmp_path: Path) -> None:
    assert difffit_process(*files.arguments(tmp_path, *QUICK)).err == ""
    loud = difffit_process("--verbose", *files.arguments(tmp_path, *QUICK, "--overwrite"))
    assert loud.status == 0
    for text in ("atoms in a density of", "mixed field: 60 starts end in", "fine field:", "polishing", "placements after"):
        assert text in loud.err


def test_no_cell_of_a_table_is_cut_in_a_narrow_terminal(difffit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    ended = difffit("settings")
    assert ended.status == 0, ended.err
    assert "…" not in ended.out
    letters = "".join(ended.out.split())
    assert all(part in letters for part in ("local_corre", "cluster_a"))


def test_all_that_is_printed_is_made_harmless_in_one_place(repository: Path) -> None:
    """Names of files, chains and models are in much of it."""
    folder = repository / "difffit_core" / "cli"
    found = [path.name for path in folder.glob("*.py") if re.search(r"typer\.echo\(|(?<![\w.])print\(", path.read_text(encoding="utf-8"))]
    assert found == ["console.py"]
