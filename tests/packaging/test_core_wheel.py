"""The wheel of the core asks for what the core imports, no more and no less, and holds all of the core and nothing of the window."""

import ast
import configparser
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

OF_OTHERS = {"pydantic-core": "pydantic", "annotated-types": "pydantic"}
"""Packages that always come with another, and whose names are as stable as its own."""


@pytest.fixture
def core_wheel(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(repository / "packaging")
    import core_wheel

    return core_wheel


@cache
def imported(folder: Path) -> set[str]:
    """Names of the distributions that modules of a folder import, anywhere in them."""
    tops: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                tops |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                tops.add((node.module or "").partition(".")[0])
    known = packages_distributions()
    names = {name.lower().replace("_", "-") for top in tops - set(sys.stdlib_module_names) for name in known.get(top, ())}
    return {OF_OTHERS.get(name, name) for name in names}


def test_it_asks_for_what_the_core_imports_and_the_window_for_the_rest(core_wheel: ModuleType, repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {core_wheel.name_of(line).lower() for line in core_wheel.requirements(project)}
    optional = {core_wheel.name_of(line).lower() for line in project["optional-dependencies"]["cluster"]} | {"dask", "triton", "pandas"}
    used = imported(repository / "difffit_core") - {"difffit-desktop", "difffit-core"} - optional
    assert used - asked == set(), "the core would fail without these"
    assert asked - used == set(), "nothing of the core imports these"
    window = {name.lower() for name in core_wheel.OF_THE_WINDOW}
    everything = {core_wheel.name_of(line).lower() for line in project["dependencies"]}
    assert window <= everything
    assert asked | window == everything


def test_everything_that_is_asked_for_is_used_somewhere(core_wheel: ModuleType, repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = imported(repository / "difffit_core") | imported(repository / "app")
    asked = {core_wheel.name_of(line).lower() for line in project["dependencies"]}
    assert asked - used <= {"pyvista"}, "pyvista is what pyvistaqt draws with"


def test_it_holds_the_core_and_what_ships_for_it(core_wheel: ModuleType, repository: Path, tmp_path: Path) -> None:
    source = core_wheel.lay_out(tmp_path / "source")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True)
    (path,) = tmp_path.glob("difffit_core-*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        (listed,) = [name for name in names if name.endswith("entry_points.txt")]
        entries = configparser.ConfigParser()
        entries.read_string(wheel.read(listed).decode())
        (metadata,) = [wheel.read(name).decode() for name in names if name.endswith("/METADATA")]
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"difffit_core", "difffit_resources"}
    core = [one for one in (repository / "difffit_core").rglob("*") if one.is_file() and "__pycache__" not in one.parts]
    assert {one.relative_to(repository).as_posix() for one in core} <= names
    for folder in core_wheel.RESOURCES:
        shipped = [one for one in (repository / "resources" / folder).iterdir() if one.is_file()]
        assert {f"difffit_resources/{folder}/{one.name}" for one in shipped} <= names
    assert not any(name.startswith("difffit_resources/help") for name in names)
    assert dict(entries["console_scripts"]) == {"difffit": "difffit_core.start:main"}
    assert not entries.has_section("difffit.window")
    assert "Name: difffit-core\n" in metadata
    assert "PySide6" not in metadata.partition("\n\n")[0]
    assert "Provides-Extra: cluster" in metadata
