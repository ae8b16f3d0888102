"""Saving: what is open, what could not be shown, and what went with something that was removed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_app.controllers.files import FilesController
from difffit_app.controllers.projects import ProjectsController
from difffit_app.state.items import OpenFit
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.inputs import locate_inputs
from difffit_core.project.store import open_project


@pytest.fixture
def files(desk: Any) -> FilesController:
    return FilesController(desk.session, desk.view_state, desk.jobs, desk.messages, desk.prompts, desk.history)


@pytest.fixture
def projects(desk: Any) -> ProjectsController:
    return ProjectsController(desk.session, desk.view_state, desk.jobs, desk.messages, desk.camera)


@pytest.fixture
def folder(
    desk: Any,
    files: FilesController,
    example: tuple[Path, Path],
    make_fit: Callable[..., OpenFit],
    composite_of: Callable[..., CompositeRecord],
    tmp_path: Path,
) -> Path:
    """A folder with a map and a model that are open, with a fit, a composite, and a fit in its working map."""
    folder = tmp_path / "data"
    folder.mkdir()
    files.open_paths([Path(shutil.copy(path, folder)) for path in example])
    fit = make_fit()
    desk.session.add_fit(fit)
    desk.session.add_composite(composite_of(fit.record))
    desk.session.add_fit(make_fit("fit-2", round="composite-1-round-1"))
    return folder


def test_a_composite_goes_with_its_model_only_if_so_answered(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path
) -> None:
    desk.prompts.confirm.return_value = False
    files.remove("model-1")
    assert "The composite and 2 fits" in desk.prompts.confirm.call_args.args[0]
    assert list(desk.session.models) == ["model-1"]
    desk.prompts.confirm.return_value = True
    files.remove("model-1")
    projects.save(tmp_path / "without")
    project, _ = open_project(tmp_path / "without.difffit")
    assert (len(project.inputs), project.fits, project.composites) == (1, (), ())
    desk.history.undo()
    assert desk.session.dirty
    projects.save(tmp_path / "whole")
    project, _ = open_project(tmp_path / "whole.difffit")
    assert [fit.round for fit in project.fits] == [None, "composite-1-round-1"]
    assert len(project.composites) == 1


@pytest.mark.parametrize("lost", ["1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz"])
def test_what_is_opened_without_an_input_is_saved_whole(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path, lost: str
) -> None:
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
