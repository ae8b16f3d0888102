"""The commands beside `fit`: settings, info, validate, version, help."""

import json
import re
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.models import OptionInfo

from difffit_core.cli import app
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.io.maps import write_map
from difffit_core.recipes.base import Recipe


@pytest.mark.parametrize("preset", list(Preset))
def test_settings_lists_every_one_with_its_value(preset: Preset, difffit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    ended = difffit("settings", preset)
    assert (ended.status, ended.err) == (0, "")
    rows = {line.split()[0]: line for line in ended.out.splitlines()}
    for name, value in FitSettings.preset(preset).model_dump(mode="json").items():
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        assert text in rows[name]
    assert "above 0 to 1" in rows["turn_rate"]
    assert "1 to 5e+06" in rows["starts"]
    assert "shrink" in rows["negative_order"]


def test_settings_shows_balanced_by_default(difffit: Any) -> None:
    assert difffit("settings").out == difffit("settings", "balanced").out


def table(text: str) -> dict[str, str]:
    return {label.strip(): value for label, value in (re.split(r" {2,}", line, maxsplit=1) for line in text.splitlines())}


def test_info_of_a_map(difffit: Any, files: Any) -> None:
    """The file's name is printed whole and as it is, brackets too."""
    ended = difffit("info", files.map)
    assert (ended.status, ended.err) == (0, "")
    found = table(ended.out)
    assert found["file"] == str(files.map)
    assert found["voxel size"] == "2, 2, 2 Å"


def test_info_of_a_model(difffit: Any, files: Any) -> None:
    ended = difffit("info", files.model)
    assert (ended.status, ended.err) == (0, "")
    found = table(ended.out)
    assert found["file"] == str(files.model)
    assert re.fullmatch(r"B \(\d+ atoms\), C \(\d+ atoms\)", found["chains"])


def test_validate_finds_nothing_wrong(difffit: Any, files: Any) -> None:
    ended = difffit("validate", files.map, "--resolution", 8, "--level", 0.3)
    assert (ended.status, ended.err) == (0, "")
    assert "error" not in ended.out.split()


def test_validate_ends_with_status_1_where_a_fit_would_fail(difffit: Any, tmp_path: Path) -> None:
    path = tmp_path / "bad.mrc"
    write_map(path, DensityMap(np.full((9, 10, 11), 2.0, np.float32), np.ones(3), np.zeros(3)))
    ended = difffit("validate", path, "--format", "json")
    assert (ended.status, ended.err) == (1, "")
    findings = json.loads(ended.out)
    assert all(set(finding) == {"severity", "topic", "sentence"} for finding in findings)
    assert any(finding["severity"] == "error" for finding in findings)
    text = difffit("validate", path)
    assert text.status == 1
    assert "error" in text.out.split()


def test_version(difffit: Any) -> None:
    from difffit_core import __version__

    told = difffit("--version").out.splitlines()
    assert told[0] == f"difffit {__version__}"
    assert any(line.startswith("with ") and "torch" in line and "vtk" in line for line in told)
    assert any(line.startswith("device  cpu: ") for line in told)


def test_selftest_tells_right_from_wrong(difffit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done = difffit("selftest")
    assert (done.status, done.err) == (0, "")
    assert "passed  fit on cpu: RMSD 0.0" in done.out
    assert done.out.endswith("all as it must be\n")
    monkeypatch.setattr("difffit_core.selftest._TRANSLATION", (-46.0, -13.0, 53.0))
    monkeypatch.setattr("difffit_core.selftest.read_model", _cannot)
    wrong = difffit("selftest")
    assert wrong.status == 1
    assert "FAILED  reading: UserError: no" in wrong.out
    assert "3 came out otherwise" in wrong.out


def _cannot(*_: Any) -> None:
    raise UserError("no")


def test_verbose_tells_what_is_done(difffit: Any, files: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = ("--resolution", 8, "--level", 0.3, "--preset", "fast", "--set", "starts=20", "--set", "steps=3", "--device", "cpu")
    with caplog.at_level("INFO"):
        assert difffit("--verbose", "fit", files.map, files.model, *words, "--out", tmp_path / "out").status == 0
    told = [record.getMessage() for record in caplog.records]
    assert "numba" in told[0]
    assert " --verbose fit " in told[1]
    assert any(record.name == "difffit_core.api.progress" for record in caplog.records)


@pytest.mark.parametrize("command", [[], ["fit"], ["settings"], ["info"], ["validate"], ["quality"], ["difference"], ["open"]])
def test_help(command: list[str], difffit: Any) -> None:
    ended = difffit(*command, "--help")
    assert (ended.status, ended.err) == (0, "")
    assert "Usage" in ended.out


def test_help_names_every_option_of_the_contract(difffit: Any) -> None:
    text = difffit("fit", "--help").out
    for option in ("--resolution", "--level", "--chain", "--preset", "--seed", "--device", "--out", "--save", "--set", "--threads"):
        assert option in text


def test_every_number_that_is_no_part_of_a_recipe_has_an_end() -> None:
    of_recipes = {one.name for kind in Recipe.__subclasses__() for one in kind.parameters()} | {"count"}  # of the gallery, one of four
    for command in app.registered_commands:
        assert command.callback is not None
        for name, one in signature(command.callback).parameters.items():
            if isinstance(one.default, OptionInfo) and ("int" in str(one.annotation) or "float" in str(one.annotation)):
                assert name in of_recipes or None not in (one.default.min, one.default.max), f"{command.name}: {name}"
