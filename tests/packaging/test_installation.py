import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "PySide6", "vtkmodules", "pyvista", "matplotlib")
LIGHT = ("cli", "io.maps", "io.models", "project")  # what --help and opening a project need


def run(code: str, folder: Path) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_the_packages_are_found_from_anywhere(tmp_path: Path) -> None:
    code = "import difffit_app, difffit_core, difffit_resources, importlib.resources as r;"
    code += "print((r.files('difffit_resources') / 'example' / '1bd2_4A.mrc.gz').is_file())"
    assert run(code, tmp_path).strip() == "True"


def test_no_folder_of_ours_hides_the_package_named_packaging(repository: Path) -> None:
    assert not (repository / "packaging" / "__init__.py").exists()
    found = run("import packaging.version; print(packaging.__file__)", repository)
    assert "site-packages" in found


@pytest.mark.parametrize("name", LIGHT)
def test_starting_is_quick_because_nothing_heavy_is_imported(name: str, tmp_path: Path) -> None:
    module = f"difffit_core.{name}"
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        pytest.skip(f"{module} is not there yet")
    code = f"import json, sys, {module}; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    assert json.loads(run(code, tmp_path)) == []


def test_help_waits_for_no_arrays_and_for_no_other_command(tmp_path: Path) -> None:
    code = (
        "import json, sys; from difffit_core.cli.commands import Commands; commands = Commands(); commands['fit'];"
        "first = sorted(name for name in sys.modules if name.startswith('difffit_core.cli.') or name == 'numpy');"
        "dict(commands); print(json.dumps([first, 'numpy' in sys.modules]))"
    )
    first, arrays = json.loads(run(code, tmp_path))
    assert first == [f"difffit_core.cli.{name}" for name in ("commands", "console", "fit", "options", "recipes")]
    assert not arrays, "every recipe can be made without them"
