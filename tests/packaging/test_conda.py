"""The conda recipe asks for what pyproject.toml asks for, by the names that conda has for it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import difffit_core

yaml = pytest.importorskip("yaml")
NAMES = {"PySide6-Essentials": "pyside6", "torch": "pytorch"}
BROUGHT_ALONG = "pydssp"
OF_WHAT_IS_BROUGHT_ALONG = {"einops": "", "tqdm": ""}


@pytest.fixture
def recipe(repository: Path) -> dict[str, Any]:
    return yaml.safe_load((repository / "packaging" / "builds" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def project(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_requires_what_the_project_requires(recipe: dict[str, Any], project: dict[str, Any]) -> None:
    wanted = {"python": project["requires-python"]}
    for line in project["dependencies"]:
        name, versions = re.fullmatch(r"([\w-]+)([^;]*).*", line).groups()
        if name not in (BROUGHT_ALONG, *NAMES) or "python_version >=" not in line:
            wanted.setdefault(NAMES.get(name, name), versions.strip())
    del wanted[BROUGHT_ALONG]
    asked = dict((*line.split(" ", 1), "")[:2] for line in recipe["requirements"]["run"])
    assert asked == wanted | OF_WHAT_IS_BROUGHT_ALONG


def test_its_version_command_and_source_are_the_projects(recipe: dict[str, Any], project: dict[str, Any], repository: Path) -> None:
    assert f'default="{difffit_core.__version__}"' in recipe["context"]["version"]
    assert recipe["build"]["python"]["entry_points"] == [f"{name} = {where}" for name, where in project["scripts"].items()]
    folder = repository / "packaging" / "builds" / "conda"
    assert (folder / recipe["source"][0]["path"]).resolve() == repository.resolve()
    hashes = (repository / "constraints.lock").read_text(encoding="utf-8").partition(f"{BROUGHT_ALONG}==")[2].partition("\n\n")[0]
    assert f"sha256:{recipe['source'][1]['sha256']}" in hashes.split("==")[0]
