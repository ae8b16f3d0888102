"""A folder that is dropped or opened."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.files.folders import files_in
from difffit_core.errors import UserError


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).touch()
    return folder


def test_maps_come_before_models_and_the_rest_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    fill(tmp_path / "more", "c.mrc")
    fill(tmp_path, "a.pdb", "b.cif.gz", "z.mrc", "notes.txt", ".hidden.mrc")
    assert [path.name for path in files_in(tmp_path)] == ["z.mrc", "a.pdb", "b.cif.gz"]


def test_the_project_stands_for_what_lies_beside_it(tmp_path: Path) -> None:
    fill(tmp_path, "project.difffit", "placement_001.cif")
    assert [path.name for path in files_in(tmp_path)] == ["project.difffit"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "holds no map, model or project$"),
        (["notes.txt"], "holds no map, model or project$"),
        (["a.difffit", "b.difffit"], "holds 2 projects; open one of them$"),
        ([f"{number}.pdb" for number in range(21)], "holds 21 maps and models, and at most 20"),
    ],
)
def test_what_cannot_be_opened_is_said(tmp_path: Path, names: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        files_in(fill(tmp_path, *names))
    assert str(caught.value).startswith(str(tmp_path))


def test_opened_with_a_file_it_opens_beside_it(desk: Any, repository: Path, tmp_path: Path) -> None:
    controller = FilesController(desk)
    example = repository / "resources" / "example"
    folder = tmp_path / "a folder"
    folder.mkdir()
    shutil.copy(example / "1bd2.pdb.gz", folder)
    empty = tmp_path / "empty"
    empty.mkdir()
    controller.open_paths([folder, empty, example / "1bd2_moved.pdb.gz"])
    assert [item.name for item in desk.session.models.values()] == ["1bd2.pdb.gz", "1bd2_moved.pdb.gz"]
    assert desk.notices() == [f"{empty}: holds no map, model or project"]


def test_a_folder_is_looked_into_by_the_reader(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may lie on a disk that answers slowly; what is to be asked is asked once it is known."""
    folder = tmp_path / "results"
    folder.mkdir()
    looked: list[Path] = []
    monkeypatch.setattr(os, "scandir", lambda path: pytest.fail(f"{path} was looked into before the reader did"))
    monkeypatch.setattr(os, "listdir", lambda path: pytest.fail(f"{path} was looked into before the reader did"))
    monkeypatch.setattr(Path, "iterdir", lambda path: looked.append(path) or iter([path / "work.difffit"]))
    desk.jobs.hold = True
    controller = FilesController(desk)
    desk.session.mark_changed()
    controller.open_paths([folder])
    assert looked == []
    assert desk.commands.done == []
    desk.jobs.run_next()
    assert looked == [folder]
