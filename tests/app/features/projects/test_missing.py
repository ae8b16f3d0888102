"""Inputs that were moved, changed or lost: what is saved of them, and how they are found again."""

from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_core.project.inputs import locate_inputs
from difffit_core.project.store import open_project


@pytest.mark.parametrize("lost", ["1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz"])
def test_what_is_opened_without_an_input_is_saved_whole(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path, lost: str
) -> None:
    desk.view_state.set_map_style("map-1", colour="#123456")
    desk.view_state.set_model_style("model-1", opacity=0.25)
    path, other = folder / "p.difffit", tmp_path / "other" / "q.difffit"
    other.parent.mkdir()
    projects.save(path)
    before = open_project(path)[0]
    files.close_all()
    (folder / lost).rename(tmp_path / "hidden")
    files.open_paths([path])
    assert lost in desk.prompts.ask_for_input.call_args.args[0]
    assert len(desk.session.maps) + len(desk.session.models) == 1
    assert any("The composite and 2 fits" in text for text in desk.notices("warning"))
    projects.save(other)
    (tmp_path / "hidden").rename(folder / lost)
    after, arrays = open_project(other)
    assert {fit.id: fit for fit in after.fits} == {fit.id: fit for fit in before.fits}
    assert after.composites == before.composites
    assert [after.view[name] for name in ("maps", "models")] == [before.view[name] for name in ("maps", "models")]
    assert set(arrays) == {"fit-1", "fit-2"}
    assert set(locate_inputs(after, other).values()) == {folder / "1bd2_4A.mrc.gz", folder / "1bd2_moved.pdb.gz"}
    files.close_all()
    files.open_paths([other])
    assert list(desk.session.composites) == ["composite-1"]
    assert set(desk.session.fits) == {"fit-1", "fit-2"}
    assert not desk.session.absent


def test_an_id_of_what_is_not_shown_is_not_given_again(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path
) -> None:
    projects.save(folder / "p.difffit")
    files.close_all()
    (folder / "1bd2_4A.mrc.gz").unlink()
    files.open_paths([folder / "p.difffit"])
    assert [desk.session.new_id(kind) for kind in ("map", "fit", "composite")] == ["map-2", "fit-3", "composite-2"]


def test_an_input_that_changed_after_it_was_read_is_saved_as_it_was_read(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path
) -> None:
    source = folder / "1bd2_4A.mrc.gz"
    content = source.read_bytes()
    source.write_bytes(content + b"x")
    projects.save(folder / "p.difffit")
    files.close_all()
    files.open_paths([folder / "p.difffit"])
    assert "content has changed" in desk.prompts.ask_for_input.call_args.args[0]
    assert desk.session.maps == {}
    source.write_bytes(content)
    files.open_paths([folder / "p.difffit"])
    assert list(desk.session.composites) == ["composite-1"]


def test_an_input_that_is_gone_is_no_reason_not_to_save(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path
) -> None:
    (folder / "1bd2_moved.pdb.gz").unlink()
    projects.save(folder / "p.difffit")
    assert desk.notices("error") == []
    assert len(open_project(folder / "p.difffit")[0].inputs) == 2


def test_moved_with_its_inputs_it_opens_whole(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path
) -> None:
    projects.save(folder / "p.difffit")
    files.close_all()
    moved = folder.rename(tmp_path / "moved")
    files.open_paths([moved / "p.difffit"])
    desk.prompts.ask_for_input.assert_not_called()
    assert desk.session.path == moved / "p.difffit"
    assert list(desk.session.composites) == ["composite-1"]
    assert set(desk.session.fits) == {"fit-1", "fit-2"}
    assert not desk.session.dirty
    assert desk.notices("warning") + desk.notices("error") == []


def test_an_input_that_was_moved_and_is_pointed_out_is_saved_so(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path
) -> None:
    projects.save(folder / "p.difffit")
    files.close_all()
    desk.prompts.ask_for_input.return_value = (folder / "1bd2_4A.mrc.gz").rename(tmp_path / "elsewhere.mrc.gz")
    files.open_paths([folder / "p.difffit"])
    assert list(desk.session.composites) == ["composite-1"]
    assert desk.session.dirty
    projects.save(folder / "p.difffit")
    assert open_project(folder / "p.difffit")[0].inputs[0].path == "../elsewhere.mrc.gz"


@pytest.mark.parametrize("way", ["opened", "pointed out"])
@pytest.mark.parametrize("lost", ["1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz"])
def test_what_was_missing_is_found_later_and_shows_what_needed_it(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path, lost: str, way: str
) -> None:
    desk.view_state.set_map_style("map-1", colour="#123456")
    projects.save(folder / "p.difffit")
    files.close_all()
    suffix = lost.partition(".")[2]
    elsewhere = (folder / lost).rename(tmp_path / f"elsewhere.{suffix}")
    files.open_paths([folder / "p.difffit"])
    assert desk.session.composites == {}
    before = desk.session.absent
    if way == "opened":
        files.open_paths([elsewhere])
    else:
        desk.prompts.ask_for_input.return_value = elsewhere
        files.find_missing()
        assert lost in desk.prompts.ask_for_input.call_args.args[0]
    session = desk.session
    for _ in range(2):
        assert (list(session.maps), list(session.models)) == (["map-1"], ["model-1"])
        assert [item.name for item in (*session.maps.values(), *session.models.values())] == ["1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz"]
        assert list(session.composites) == ["composite-1"]
        assert set(session.fits) == {"fit-1", "fit-2"}
        assert not session.absent
        assert desk.view_state.maps["map-1"].colour == "#123456"
        assert session.dirty
        desk.history.undo()
        assert session.absent is before
        assert session.fits == {}
        assert not session.dirty
        desk.history.redo()
    projects.save(folder / "p.difffit")
    assert f"../elsewhere.{suffix}" in [entry.path for entry in open_project(folder / "p.difffit")[0].inputs]


def test_another_file_is_not_taken_for_what_was_missing(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path
) -> None:
    projects.save(folder / "p.difffit")
    files.close_all()
    (folder / "1bd2_moved.pdb.gz").rename(tmp_path / "hidden")
    files.open_paths([folder / "p.difffit"])
    other = tmp_path / "other.pdb.gz"
    other.write_bytes((tmp_path / "hidden").read_bytes() + b"x")
    desk.prompts.ask_for_input.return_value = other
    files.find_missing()
    assert "its content is another" in desk.notices("error")[0]
    assert desk.session.models == {}
    assert len(desk.session.absent.fits) == 2
