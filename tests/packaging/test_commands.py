import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stands shell scripts in for the programs of the environment")


@pytest.fixture
def commands(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module in a folder of its own, whose programs write down how they were called and exit as ``status`` says."""
    root = tmp_path / "check out"
    shutil.copytree(repository / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    scripts = root / ".venv" / "bin"
    scripts.mkdir(parents=True)
    for name in ("difffit", "python", "ruff", "mypy", "vulture", "lint-imports"):
        path = scripts / name
        write = f"import json, sys; open('calls', 'a').write(json.dumps([{name!r}, *sys.argv[1:]]) + '\\n')"
        path.write_text(f'#!/bin/sh\n"{sys.executable}" -c "{write}" "$@"\nexit $(cat "status-{name}" 2>/dev/null || echo 0)\n')
        path.chmod(0o755)
    monkeypatch.syspath_prepend(root / "packaging")
    names = ("commands", "environment", "system_libraries")
    module = importlib.import_module("commands")
    monkeypatch.setattr(sys.modules["environment"], "ensure", lambda: None)
    yield module
    for name in names:
        del sys.modules[name]


def run(commands: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, list[list[str]]]:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", *arguments])
    status = commands.main()
    log = commands.ROOT / "calls"
    return status, [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def fail(commands: ModuleType, program: str, status: int) -> None:
    (commands.ROOT / f"status-{program}").write_text(str(status))


@pytest.mark.parametrize("display", [True, False])
def test_demo_fits_and_opens_only_where_there_is_a_display(
    commands: ModuleType, monkeypatch: pytest.MonkeyPatch, repository: Path, display: bool
) -> None:
    monkeypatch.setattr(commands, "_has_display", lambda: display)
    status, calls = run(commands, monkeypatch, "demo")
    assert status == 0
    program, verb, map_path, model_path, *options = calls[0]
    assert (program, verb) == ("difffit", "fit")
    assert (repository / map_path).is_file()
    assert (repository / model_path).is_file()
    assert options == ["--resolution", "4", "--chain", "D,E", "--out", "demo-out", "--overwrite"]
    assert calls[1:] == ([["difffit", "open", "demo-out/project.difffit"]] if display else [])


def test_demo_opens_nothing_after_a_fit_that_failed(commands: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_has_display", lambda: True)
    fail(commands, "difffit", 2)
    status, calls = run(commands, monkeypatch, "demo")
    assert status == 2
    assert len(calls) == 1


def test_further_arguments_reach_pytest_as_they_are(commands: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(commands, "python", 5)
    status, calls = run(commands, monkeypatch, "test", "-k", "maps and not slow", "tests/core", "--lf")
    assert status == 5
    assert len(calls) == 1
    assert calls[0][:3] == ["python", "-m", "pytest"]
    assert calls[0][-6:] == ["-m", "not slow", "-k", "maps and not slow", "tests/core", "--lf"]
    _, calls = run(commands, monkeypatch, "test", "-m", "slow")
    assert "not slow" not in calls[-1]
    assert calls[-1][-2:] == ["-m", "slow"]


def test_lint_does_every_check_and_fails_with_any(
    commands: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fail(commands, "mypy", 1)
    status, calls = run(commands, monkeypatch, "lint")
    assert status == 1
    assert [call[0] for call in calls] == ["ruff", "ruff", "mypy", "python", "vulture", "lint-imports"]
    assert "Failed: mypy." in capfd.readouterr().out


def test_clean_keeps_the_environment(commands: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (commands.ROOT / "demo-out").mkdir()
    (commands.ROOT / "tests" / "core" / "__pycache__").mkdir(parents=True)
    assert run(commands, monkeypatch, "clean")[0] == 0
    assert not (commands.ROOT / "demo-out").exists()
    assert not (commands.ROOT / "tests" / "core" / "__pycache__").exists()
    assert (commands.ROOT / ".venv").exists()
