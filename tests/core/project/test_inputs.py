"""Inputs of a project are found again by relative path, then by name; a changed one is never taken."""

import os
import shutil
from pathlib import Path

from difffit_core.project.inputs import Changed, Missing, locate_inputs, record_input
from difffit_core.project.store import open_project


def locate(path: Path) -> dict[str, Path | Missing | Changed]:
    return locate_inputs(open_project(path)[0], path)


def test_paths_are_relative_and_posix(project_file: Path) -> None:
    project, _ = open_project(project_file)
    assert [entry.path for entry in project.inputs] == ["data/map.mrc", "data/model.pdb.gz"]


def test_they_are_found_where_they_were(project_file: Path, folder: Path) -> None:
    assert locate(project_file) == {"map-1": folder / "data" / "map.mrc", "model-1": folder / "data" / "model.pdb.gz"}


def test_they_are_found_after_the_whole_folder_moved(project_file: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "deeper"
    shutil.move(project_file.parent, moved)
    assert locate(moved / "project.difffit") == {"map-1": moved / "data" / "map.mrc", "model-1": moved / "data" / "model.pdb.gz"}


def test_they_are_found_from_another_working_folder(project_file: Path, folder: Path, monkeypatch: object) -> None:
    before = Path.cwd()
    os.chdir(folder.parent)
    try:
        found = locate(project_file.relative_to(folder.parent))
    finally:
        os.chdir(before)
    assert found["map-1"] == folder / "data" / "map.mrc"


def test_one_beside_the_project_is_found_by_name(project_file: Path, folder: Path) -> None:
    shutil.move(folder / "data" / "map.mrc", folder / "map.mrc")
    assert locate(project_file)["map-1"] == folder / "map.mrc"


def test_a_changed_one_is_reported_with_the_file(project_file: Path, folder: Path) -> None:
    path = folder / "data" / "map.mrc"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    found = locate(project_file)["map-1"]
    assert isinstance(found, Changed)
    assert found.path == path
    assert str(path) in str(found)


def test_the_right_one_beside_the_project_is_preferred_to_a_changed_one(project_file: Path, folder: Path) -> None:
    shutil.copy(folder / "data" / "map.mrc", folder / "map.mrc")
    (folder / "data" / "map.mrc").write_bytes(b"another map")
    assert locate(project_file)["map-1"] == folder / "map.mrc"


def test_a_missing_one_is_reported_with_the_places(project_file: Path, folder: Path) -> None:
    (folder / "data" / "model.pdb.gz").unlink()
    found = locate(project_file)["model-1"]
    assert isinstance(found, Missing)
    assert found.looked == (folder / "data" / "model.pdb.gz", folder / "model.pdb.gz")
    assert "model.pdb.gz" in str(found)


def test_an_input_above_the_project_gets_a_path_upwards(folder: Path) -> None:
    (folder / "out").mkdir()
    entry = record_input(folder / "data" / "map.mrc", "map-1", "map", folder / "out" / "p.difffit", name="my map")
    assert (entry.path, entry.name) == ("../data/map.mrc", "my map")
