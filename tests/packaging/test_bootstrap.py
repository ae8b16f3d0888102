import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = ("bootstrap.py", "commands.py", "environment.py", "system_libraries.py", "hashes.py")


@pytest.fixture
def checkout(tmp_path: Path, repository: Path) -> Path:
    """A folder, with a space in its name, that holds what the set-up reads."""
    root = tmp_path / "check out"
    (root / "packaging").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(repository / "packaging" / name, root / "packaging")
    for name in ("pyproject.toml", "setup.py", "constraints.txt", "constraints.lock"):
        shutil.copy(repository / name, root)
    return root


@pytest.fixture
def environment(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of the copy, with pip's and apt's part written down instead of done."""
    monkeypatch.syspath_prepend(checkout / "packaging")
    names = ("environment", "system_libraries", "hashes")
    module, libraries, _ = (importlib.import_module(name) for name in names)
    assert checkout == module.ROOT, "what is changed must be the copy"
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(module, "_pip", lambda *arguments: calls.append(arguments))
    monkeypatch.setattr(module, "calls", calls, raising=False)
    monkeypatch.setattr(libraries, "ensure", lambda say: None)
    monkeypatch.setattr(module, "compile_kernels", module._warm_up, raising=False)
    monkeypatch.setattr(module, "_warm_up", lambda: calls.append(("warm-up",)))
    return module


def run_bootstrap(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "packaging/bootstrap.py", *arguments],
        cwd=checkout,
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def test_old_pythons_can_read_it_and_say_so(repository: Path) -> None:
    path = repository / "packaging" / "bootstrap.py"
    text = path.read_text(encoding="ascii")
    ast.parse(text, feature_version=(3, 4))
    pretend = f"import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path({str(path)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"DiffFit Desktop needs Python 3.11 or newer; {sys.executable} is Python 3.9.\n"


@pytest.mark.parametrize("arguments", [(), ("paint",), ("setup", "quickly")])
def test_a_wrong_command_is_refused(checkout: Path, arguments: tuple[str, ...]) -> None:
    done = run_bootstrap(checkout, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.slow
def test_without_a_network_it_says_so_and_the_next_run_starts_over(checkout: Path, tmp_path: Path) -> None:
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull, "PATH": ""}
    first = run_bootstrap(checkout, "setup", **offline)
    assert first.returncode == 1
    assert "bootstrap: pip could not install the Python packages" in first.stderr
    assert "Traceback" not in first.stderr
    assert "starting over" not in first.stdout
    second = run_bootstrap(checkout, "setup", **offline)
    assert second.returncode == 1
    assert "starting over" in second.stdout


@pytest.mark.slow
def test_it_is_made_once_torch_first_all_of_it_pinned_and_updated_when_the_pins_change(environment: ModuleType, checkout: Path) -> None:
    environment.ensure()
    first, second, last = environment.calls
    assert last == ("warm-up",)
    assert "torch==2.13.0" in first
    assert all("==" in requirement for requirement in first)
    assert {"--constraint", "--editable", ".[dev]"} <= set(second)

    witness = environment.FOLDER / "witness"
    witness.touch()
    environment.calls.clear()

    environment.ensure()
    assert environment.calls == []

    with (checkout / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    environment.ensure()
    assert len(environment.calls) == 3
    assert witness.exists()

    state = json.loads(environment.STATE.read_text())
    environment.STATE.write_text(json.dumps({**state, "place": "Python 3.10 of /elsewhere"}))
    environment.ensure()
    assert not witness.exists()
    assert environment.PYTHON.exists()


@pytest.mark.slow
def test_an_environment_made_by_hand_is_kept_where_it_works(environment: ModuleType) -> None:
    subprocess.run([sys.executable, "-m", "venv", environment.FOLDER], check=True)
    witness = environment.FOLDER / "witness"
    witness.touch()
    environment.ensure()
    assert witness.exists()


@pytest.mark.slow
def test_an_environment_without_a_working_python_is_made_anew(environment: ModuleType) -> None:
    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.write_text("not a program")
    environment.ensure()
    assert subprocess.run([environment.PYTHON, "-c", "import pip"], check=False).returncode == 0


def test_a_folder_that_cannot_be_written_is_one_sentence(environment: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FOLDER", checkout / "pyproject.toml" / ".venv")
    with pytest.raises(environment.SetupError, match="cannot be written"):
        environment.ensure()


@pytest.mark.slow
def test_a_failure_to_compile_stops_no_set_up(environment: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The copy has no program, so that the command fails."""
    environment.ensure()
    environment.compile_kernels()
    assert "the first fit will compile" in capsys.readouterr().out
