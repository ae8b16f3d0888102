"""The wheels that the check wants are those that the project asks for, and only what is lacking is asked for."""

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def name_of(line: str) -> str:
    for sign in ("=", ">", "<", ";", " ", "["):
        line = line.partition(sign)[0]
    return line.lower().replace("_", "-")


def pinned() -> dict[str, str]:
    lines = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {name_of(line): line.partition("==")[2] for line in lines if line and not line.startswith("#")}


def test_it_asks_for_what_the_project_asks_for_at_the_versions_that_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(pinned()) == {name_of(line) for line in project["dependencies"]} | {"psutil", "pytest", "triton"}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    tested = {name_of(line): line.partition("==")[2].partition(";")[0] for line in lines if "==" in line}
    assert {name: tested[name] for name in pinned()} == pinned()


def lacking(code: str, device: str) -> list[str]:
    before = "import sys, runpy, importlib.metadata as m; sys.argv = ['lacking.py', '--device', '" + device + "']\n"
    after = f"\nrunpy.run_path({str(HERE / 'lacking.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", before + code + after], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


OTHERS = """
there, known = {}, m.version
def version(name):
    if there.get(name, 1) is None: raise m.PackageNotFoundError(name)
    return there.get(name) or known(name)
m.version = version
"""


def test_a_python_that_has_all_is_used_as_it_is() -> None:
    assert lacking("", "cpu") == []


def test_what_is_missing_or_too_old_is_lacking() -> None:
    found = lacking(OTHERS + "there.update(gemmi=None, scipy='1.9.3', numpy='2.5.2', torch='2.11.0+cu130')", "cpu")
    assert [line.partition("==")[0] for line in found] == ["gemmi", "scipy"]


def test_a_torch_without_the_gpu_makes_everything_lacking() -> None:
    blind = "import torch; torch.cuda.is_available = lambda: False"
    assert [line.partition("==")[0].lower().replace("_", "-") for line in lacking(blind, "cuda")] == list(pinned())
