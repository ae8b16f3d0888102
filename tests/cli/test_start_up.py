"""Help and small commands start without what only a fit or a window needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "numba", "scipy", "PySide6", "vtkmodules", "pyvista", "sklearn", "difffit_app")


def imported(arguments: list[str], names: tuple[str, ...]) -> list[str]:
    """Those of the modules that the command has imported by its end."""
    code = (
        "import json, sys\n"
        "from difffit_core.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        f"    print('\\n' + json.dumps([name for name in {names!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["settings"], ["--help"], *([name, "--help"] for name in ("fit", "compose", "screen", "replay", "open", "render"))],
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert imported(arguments, HEAVY) == []


def test_a_fit_on_the_cpu_imports_neither_torch_nor_a_window(repository: Path, tmp_path: Path) -> None:
    example = repository / "resources" / "example"
    files = [str(example / "1bd2_4A.mrc.gz"), str(example / "1bd2_moved.pdb.gz")]
    options = ["--resolution", "4", "--preset", "fast", "--set", "starts=20", "--set", "steps=2", "--device", "cpu", "--out", str(tmp_path)]
    assert imported(["fit", *files, *options], ("torch", "PySide6", "vtkmodules", "pyvista", "matplotlib", "difffit_app")) == []
