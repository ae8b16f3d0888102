"""Each contract of pyproject.toml is kept by the code as it is, and broken by an import it is there to forbid."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytest.importorskip("importlinter")
grimp = pytest.importorskip("grimp")

BAD_IMPORTS = {
    "core_qt": ("difffit_core/bad.py", "import PySide6.QtCore", "The core knows neither the window nor what windows are made of"),
    "core_app": ("difffit_core/bad.py", "import difffit_app", "The core knows neither the window nor what windows are made of"),
    "torch": ("difffit_core/io/bad.py", "def f():\n    import torch", "Only the modules that compute on tensors import torch"),
    "torch_app": ("difffit_app/bad.py", "import torch", "Only the modules that compute on tensors import torch"),
    "core_order": ("difffit_core/io/bad.py", "import difffit_core.fit", "In the core, the data types at the bottom"),
    "frame": ("difffit_app/window/bad.py", "import difffit_app.features.fit.wire", "The window: features upon the frame"),
    "state": ("difffit_app/state/bad.py", "import difffit_app.scene", "The window: features upon the frame"),
    "features": ("difffit_app/features/fit/bad.py", "import difffit_app.features.rounds.panel", "Features do not import one another"),
    "panel": (
        "difffit_app/features/fit/panel.py",
        "import difffit_app.features.fit.controller",
        "A panel knows the state, never a",
    ),
    "controller": ("difffit_app/features/fit/controller.py", "import difffit_app.features.fit.panel", "A controller knows panels by their"),
    "controller_scene": ("difffit_app/features/fit/controller.py", "import difffit_app.scene.stage", "A controller knows panels by their"),
    "state_qt": ("difffit_app/state/bad.py", "import PySide6.QtCore", "The state knows neither Qt nor VTK"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "300", "NO_COLOR": "1"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path, repository: Path) -> Path:
    for source, target in (("app", "difffit_app"), ("difffit_core", "difffit_core"), ("resources", "difffit_resources")):
        shutil.copytree(repository / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__", "*.gz"))
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_as_it_is_keeps_them(repository: Path) -> None:
    done = lint(repository)
    assert done.returncode == 0, done.stdout + done.stderr


def circles(imports: Mapping[str, set[str]]) -> list[set[str]]:
    """Modules that import one another, over however many others."""
    sorter = TopologicalSorter(imports)
    found: list[set[str]] = []
    while True:
        try:
            sorter.prepare()
        except CycleError as error:
            found.append(set(error.args[1]))
            imports = {name: set(others) - found[-1] for name, others in imports.items() if name not in found[-1]}
            sorter = TopologicalSorter(imports)
        else:
            return found


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [{"a", "b", "c"}]


def test_no_modules_import_one_another_in_a_circle() -> None:
    """Also by imports for type checking, and by those within functions: they too tie two modules into one."""
    graph = grimp.build_graph("difffit_core", "difffit_app", cache_dir=None)
    assert "difffit_core.fit.run" in graph.find_modules_directly_imported_by("difffit_core.api.fitting")
    assert circles({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}) == []


@pytest.mark.parametrize("case", BAD_IMPORTS)
def test_a_forbidden_import_is_found(copy: Path, case: str) -> None:
    name, text, contract = BAD_IMPORTS[case]
    (copy / name).write_text(text + "\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if line.startswith(contract) and " BROKEN" in line]
    assert broken, done.stdout
