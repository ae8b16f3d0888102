"""The wheel `difffit-core`: the command line and the Python API for servers, without the window and the libraries that only it needs.

Of the same sources as `difffit-desktop`, whose pyproject.toml is the one that is kept: what differs is written here into a folder beside
copies of the core and of what ships for it.
"""

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

from environment import ROOT

NAME = "difffit-core"
OF_THE_WINDOW = (
    "markdown-it-py", "psygnal", "pydssp", "pyqtgraph", "PySide6-Essentials", "pyvista", "pyvistaqt", "superqt", "vtk",
)  # fmt: skip
"""What only the window needs; tests/packaging/test_core_wheel.py holds it against what the core imports."""
RESOURCES = ("example", "plugins")
_DESCRIPTION = "Fit atomic models into cryo-EM density maps, from the command line and from Python, without a window"


def lay_out(folder: Path) -> Path:
    """A folder from which pip builds the wheel: made anew, with copies of the sources and a pyproject.toml."""
    shutil.rmtree(folder, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "difffit_core", folder / "difffit_core", ignore=unwanted)
    resources = folder / "difffit_resources"
    for name in RESOURCES:
        shutil.copytree(ROOT / "resources" / name, resources / name, ignore=unwanted)
    shutil.copy(ROOT / "resources" / "__init__.py", resources)
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (folder / "pyproject.toml").write_text(document(whole), encoding="utf-8")
    return folder


def requirements(project: dict[str, Any]) -> list[str]:
    """What the core needs of what the whole program needs."""
    return [line for line in project["dependencies"] if name_of(line) not in OF_THE_WINDOW]


def name_of(requirement: str) -> str:
    """The name alone."""
    return re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]


def document(whole: dict[str, Any]) -> str:
    """The pyproject.toml of this wheel, made of the whole program's."""
    project = {
        name: value
        for name, value in whole["project"].items()
        if name not in ("name", "description", "dependencies", "optional-dependencies", "entry-points", "urls", "scripts")
    }
    project = {"name": NAME, "description": _DESCRIPTION, **project, "dependencies": requirements(whole["project"])}
    setuptools = whole["tool"]["setuptools"]
    tables: dict[str, dict[str, Any]] = {
        "build-system": whole["build-system"],
        "project": project,
        "project.urls": whole["project"]["urls"],
        "project.optional-dependencies": {"cluster": whole["project"]["optional-dependencies"]["cluster"]},
        "project.scripts": whole["project"]["scripts"],
        "tool.setuptools": {"include-package-data": False},
        "tool.setuptools.dynamic": setuptools["dynamic"],
        "tool.setuptools.packages.find": {"include": ["difffit_core*", "difffit_resources*"], "namespaces": False},
        "tool.setuptools.package-data": {
            "difffit_core": setuptools["package-data"]["difffit_core"],
            "difffit_resources": [f"{name}/*" for name in RESOURCES],
        },
    }
    lines = []
    for table, entries in tables.items():
        lines += [f"[{table}]", *(f"{name} = {_value(value)}" for name, value in entries.items()), ""]
    return "\n".join(lines)


def _value(value: Any) -> str:
    """As TOML has it: strings, truths and lists are as in JSON there."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
