"""Inputs inside a project: the right ones, found only where no file is, and never written where a project says."""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from difffit_core.errors import UserError
from difffit_core.project.inputs import Changed, Missing, locate_inputs
from difffit_core.project.packing import packed_inputs, prune
from difffit_core.project.repack import pack_project
from difffit_core.project.store import open_project

Rewrite = Callable[..., None]


@pytest.fixture
def packed(project_file: Path, folder: Path, tmp_path: Path) -> Path:
    """The project with its inputs in it, in another folder, and the inputs gone."""
    target = tmp_path / "sent" / "packed.difffit"
    target.parent.mkdir()
    pack_project(project_file, target)
    shutil.move(folder / "data", tmp_path / "kept")
    return target


def found(packed: Path, to: Path | None) -> dict[str, Path | Missing | Changed]:
    return locate_inputs(open_project(packed)[0], packed, to)


def test_what_is_packed_is_found_and_the_same(packed: Path, tmp_path: Path) -> None:
    assert all(isinstance(place, Missing) for place in found(packed, None).values())
    places = found(packed, tmp_path / "out")
    for name, identifier in (("map.mrc", "map-1"), ("model.pdb.gz", "model-1")):
        place = places[identifier]
        assert isinstance(place, Path)
        assert place.name == name
        assert place.read_bytes() == (tmp_path / "kept" / name).read_bytes()
    assert open_project(packed)[0].pack
    before = {place: place.stat().st_ino for place in places.values() if isinstance(place, Path)}
    assert found(packed, tmp_path / "out") == places
    assert {place: place.stat().st_ino for place in before} == before, "it is unpacked once"


def test_a_file_that_is_there_is_taken_and_a_changed_one_replaced_by_the_packed(packed: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "kept" / "map.mrc", packed.parent / "map.mrc")
    (packed.parent / "model.pdb.gz").write_bytes(b"another")
    assert isinstance(found(packed, None)["model-1"], Changed)
    places = found(packed, tmp_path / "out")
    assert places["map-1"] == packed.parent / "map.mrc"
    assert isinstance(places["model-1"], Path)
    assert places["model-1"].is_relative_to(tmp_path / "out")


def test_what_was_tampered_with_is_not_taken(packed: Path, tmp_path: Path, rewrite: Rewrite) -> None:
    whole = (tmp_path / "kept" / "map.mrc").read_bytes()
    for content in (b"", whole[:-1], whole + b"x", whole[:-1] + bytes([whole[-1] ^ 1]), bytes(50_000_000)):
        rewrite(packed, {"inputs/map-1/map.mrc": content})
        assert isinstance(found(packed, tmp_path / "out")["map-1"], Missing)
    rewrite(packed, {"inputs/map-1/map.mrc": None})
    assert packed_inputs(packed, open_project(packed)[0]) == {"model-1"}
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["model.pdb.gz"]


@pytest.mark.parametrize(
    "path", ["../../../escaped.mrc", "/escaped.mrc", "a/..", "..", "C:\\escaped.mrc", "..\\..\\escaped.mrc", ".hidden", ""]
)
def test_no_path_in_a_project_decides_where_something_is_written(packed: Path, tmp_path: Path, rewrite: Rewrite, path: str) -> None:
    project, _ = open_project(packed)
    entries = [entry.model_dump() for entry in project.inputs]
    entries[0]["path"] = path
    whole = (tmp_path / "kept" / "map.mrc").read_bytes()
    names = {f"inputs/map-1/{name}": whole for name in ("escaped.mrc", "file", "hidden", "..", "../../../escaped.mrc")}
    rewrite(packed, {**names, f"inputs/map-1/{path}": whole}, inputs=entries)
    before = {one for one in tmp_path.rglob("*") if not one.is_relative_to(tmp_path / "out")}
    found(packed, tmp_path / "out")
    assert {one for one in tmp_path.rglob("*") if not one.is_relative_to(tmp_path / "out")} == before
    written = [one for one in (tmp_path / "out").rglob("*") if one.is_file()]
    assert all(one.parent.parent == tmp_path / "out" for one in written)
    assert not any(one.name.startswith(".") for one in written)
    assert not Path("/escaped.mrc").exists()


def test_what_cannot_be_packed_is_told_and_nothing_written(project_file: Path, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="must end in"):
        pack_project(project_file, tmp_path / "packed.zip")
    (folder / "data" / "map.mrc").write_bytes(b"another")
    with pytest.raises(UserError, match="content has changed"):
        pack_project(project_file, tmp_path / "packed.difffit")
    (folder / "data" / "map.mrc").unlink()
    with pytest.raises(UserError, match="not found"):
        pack_project(project_file, tmp_path / "packed.difffit")
    assert not list(tmp_path.glob("*packed*"))


def test_a_packed_project_packed_again_is_the_same(packed: Path, tmp_path: Path) -> None:
    again = packed.with_name("again.difffit")
    pack_project(packed, again)
    with zipfile.ZipFile(packed) as first, zipfile.ZipFile(again) as second:
        assert first.namelist() == second.namelist()
        assert all(first.read(name) == second.read(name) for name in first.namelist())


def test_what_is_not_used_for_a_month_is_cleared_away(packed: Path, tmp_path: Path) -> None:
    places = found(packed, tmp_path / "out")
    assert isinstance(places["map-1"], Path)
    os.utime(places["map-1"], (1e9, 1e9))
    prune(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["model.pdb.gz"]
    assert len(list((tmp_path / "out").iterdir())) == 1
