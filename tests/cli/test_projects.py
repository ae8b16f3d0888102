"""Projects with composites that were moved, lost something, are newer, broken or hostile: each command says what is wrong."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_core.project.store import open_project

Difffit = Callable[..., Any]


@pytest.fixture(scope="module")
def made(files: Any, difffit_process: Difffit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a map and a model in ``data`` and, in ``out``, the project of a composite made round by round."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "data").mkdir()
    paths = [shutil.copy(path, folder / "data") for path in (files.map, files.model)]
    options = ["--resolution", "8", "--level", "0.3", "--method", "rounds", "--preset", "fast", "--set", "starts=400"]
    ended = difffit_process("compose", *paths, *options, "--out", folder / "out")
    assert (ended.status, ended.err) == (0, "")
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The project in a copy of that folder elsewhere."""
    return Path(shutil.copytree(made, tmp_path / "moved here")) / "out" / "project.difffit"


def edit(path: Path, **fields: object) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["project.json"] = json.dumps({**json.loads(content["project.json"]), **fields}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def model_of(project: Path) -> Path:
    (path,) = (project.parents[1] / "data").glob("*.cif")
    return path


@pytest.mark.slow
def test_moved_with_its_inputs_it_is_whole_and_comes_out_the_same(project: Path, difffit: Difffit) -> None:
    assert open_project(project)[0].composites[0].rounds[0].zero_out is not None
    ended = difffit("validate", project, "--format", "json")
    assert (ended.status, {one["severity"] for one in json.loads(ended.out)}) == (0, {"ok"})
    assert str(project.parents[1] / "data") in " ".join(json.loads(ended.out)[1]["sentence"].split())
    ended = difffit("replay", project)
    assert (ended.status, "different" in ended.out, "not repeated" in ended.out) == (0, False, False)
    ended = difffit("info", project)
    assert ended.status == 0
    for part in ("composite-1", "1 copy accepted", "zeroed out", "placements, the best with"):
        assert part in ended.out


def test_without_an_input_it_says_which(project: Path, difffit: Difffit) -> None:
    name = model_of(project).name
    model_of(project).unlink()
    ended = difffit("validate", project, "--format", "json")
    assert ended.status == 1
    (error,) = [one for one in json.loads(ended.out) if one["severity"] == "error"]
    assert name in error["sentence"]
    assert "not found" in error["sentence"]
    ended = difffit("replay", project)
    assert ended.status == 1
    assert name in ended.out
    assert "0 of" in ended.out


def test_a_changed_input_is_named_and_not_taken(project: Path, difffit: Difffit) -> None:
    with open(model_of(project), "a", encoding="utf-8") as stream:
        stream.write("\n# changed\n")
    ended = difffit("validate", project, "--format", "json")
    assert ended.status == 1
    assert any(one["severity"] == "error" and "content has changed" in one["sentence"] for one in json.loads(ended.out))
    ended = difffit("replay", project)
    assert ended.status == 1
    assert "content has changed" in ended.out


@pytest.mark.parametrize("trouble", ["newer", "truncated", "hostile"])
def test_what_cannot_be_opened_ends_in_one_sentence_and_stays_as_it_is(project: Path, difffit: Difffit, trouble: str) -> None:
    if trouble == "newer":
        edit(project, schema_version=99, program_version="7.0")
        expected = "newer DiffFit Desktop (7.0) as schema 99, and this one reads schema 1 to 4; please update"
    elif trouble == "truncated":
        project.write_bytes(project.read_bytes()[:-200])
        expected = "cannot be read as a project"
    else:
        composites = open_project(project)[0].model_dump(mode="json")["composites"]
        composites[0]["rounds"][0]["id"] = "../../escaped"
        edit(project, composites=composites)
        expected = "composites.0.rounds.0.id"
    before, around = project.read_bytes(), set(project.parents[2].rglob("*"))
    for command in ("replay", "info", "pack", "render"):
        out = ["--out", project.with_name("new.png")] if command == "render" else []
        ended = difffit(command, project, *out)
        assert (ended.status, len(ended.lines)) == (2, 1)
        assert expected in ended.err
    ended = difffit("validate", project, "--format", "json")
    assert ended.status == 1
    assert expected in json.loads(ended.out)[0]["sentence"]
    assert project.read_bytes() == before
    assert set(project.parents[2].rglob("*")) == around


def test_packed_it_needs_no_inputs(project: Path, difffit: Difffit, tmp_path: Path) -> None:
    ended = difffit("pack", project)
    assert ended.status == 0
    packed = Path(ended.out.strip())
    assert packed == project.with_name("project_packed.difffit")
    sent = tmp_path / "sent" / "p.difffit"
    sent.parent.mkdir()
    packed.rename(sent)
    shutil.rmtree(project.parents[1])
    ended = difffit("validate", sent, "--format", "json")
    assert (ended.status, {one["severity"] for one in json.loads(ended.out)}) == (0, {"ok", "note"})
    ended = difffit("replay", sent)
    assert (ended.status, "different" in ended.out) == (0, False)
    assert list(sent.parent.iterdir()) == [sent], "what was unpacked is gone again"


def test_one_that_lacks_something_is_not_packed(project: Path, difffit: Difffit) -> None:
    model_of(project).unlink()
    ended = difffit("pack", project, "--out", project.with_name("p.difffit"))
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert not project.with_name("p.difffit").exists()


def test_a_folder_of_results_stands_for_its_project(project: Path, difffit: Difffit, tmp_path: Path) -> None:
    for words in (
        ("info",),
        ("validate",),
        ("pack", "--out", tmp_path / "packed.difffit"),
        ("handover", "--to", "pymol", "--out", tmp_path / "h"),
    ):
        ended = difffit(words[0], project.parent, *words[1:])
        assert (ended.status, ended.err) == (0, "")
    assert (tmp_path / "packed.difffit").is_file()
    ended = difffit("info", tmp_path)
    assert (ended.status, ended.err) == (2, f"difffit: {tmp_path}: must be a file, got a folder\n")
