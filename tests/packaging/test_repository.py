"""What a public repository has says what is so: versions, paths, and files that others' programs read."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from difffit_core import __version__

yaml = pytest.importorskip("yaml")


def test_the_citation_is_of_this_version_and_of_the_paper(repository: Path) -> None:
    citation = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    assert citation["license"] == "BSD-3-Clause"
    assert citation["preferred-citation"]["doi"] == "10.1109/TVCG.2024.3456404"
    assert len(citation["preferred-citation"]["authors"]) == 6


def test_the_changelog_has_this_version_and_what_is_new(repository: Path) -> None:
    headings = re.findall(r"^## (\S+)", (repository / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert __version__ in headings


def test_every_file_that_contributing_names_is_there(repository: Path) -> None:
    text = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = [repository, *(repository / top for top in ("difffit_core", "app"))]
    named = [name for name in re.findall(r"`([\w./]+\.(?:py|pyi|md|yml|cff|txt))`", text) if "NAME" not in name and name != "recipe.py"]
    assert len(named) > 15
    beside = {"request.py", "run.py"}
    missing = [name for name in named if name not in beside and not any((place / name).exists() for place in places)]
    assert missing == []


@pytest.mark.parametrize("workflow", ["test", "release"])
def test_workflows_call_what_there_is(repository: Path, workflow: str) -> None:
    content = yaml.safe_load((repository / ".github" / "workflows" / f"{workflow}.yml").read_text(encoding="utf-8"))
    assert content["jobs"]
    lines = [step.get("run", "") for job in content["jobs"].values() for step in job.get("steps", ())]
    called = {word for line in lines for word in re.findall(r"bootstrap\.py (\w+)", line)}
    known = set(re.findall(r"^(\w+):$", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert called <= known
    if workflow == "test":
        assert called == {"setup", "test", "lint", "docs"}
        systems = content["jobs"]["test"]["strategy"]["matrix"]["os"]
        assert [name.partition("-")[0] for name in systems] == ["ubuntu", "windows", "macos"]


def test_every_chapter_of_the_guide_is_on_the_site(repository: Path) -> None:
    text = (repository / "mkdocs.yml").read_text(encoding="utf-8")
    help_folder = repository / "resources" / "help"
    chapters = [path.relative_to(help_folder).as_posix() for path in help_folder.rglob("*.md")]
    assert [name for name in chapters if f"- {name}\n" not in text] == []


def test_every_system_can_check_it_out(repository: Path) -> None:
    git = shutil.which("git")
    if git is None or not (repository / ".git").exists():
        pytest.skip("this is no checkout of git")
    listed = subprocess.run([git, "-C", str(repository), "ls-files", "-z"], check=True, capture_output=True).stdout
    names = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    assert len(names) > 500
    assert [name for name in names if not re.fullmatch(r"[\w./+-]+", name, re.ASCII)] == []
