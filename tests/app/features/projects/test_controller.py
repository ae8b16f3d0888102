"""Saving: what is open, what could not be shown, and what went with something that was removed."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.prompts import Unsaved
from difffit_app.state.changes.of_session import MoveByHand
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.filters import Condition, PlacementFilter
from difffit_app.state.items import HandPose
from difffit_app.state.saving import MOST_STEPS
from difffit_core.fit.sphere import Sphere
from difffit_core.pose import Pose
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import SCHEMA_VERSION
from difffit_core.project.store import open_project


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


def test_what_has_no_file_is_not_saved_in_part_nor_closed_unasked(
    desk: Any, files: FilesController, projects: ProjectsController, example: tuple[Path, Path], tmp_path: Path
) -> None:
    session, path = desk.session, tmp_path / "refused.difffit"
    files.open_paths(example)
    assert not session.has_unsaved_work
    session.add_map(replace(session.maps["map-1"], id="map-2", name="computed", stamp=None))
    projects.save(path)
    projects.save_packed_copy(path)
    assert desk.notices("error") == ["computed was not read from a file, so the project cannot refer to it."] * 2
    assert not path.exists()
    desk.prompts.ask_to_save.return_value = Unsaved.STAY
    files.close_all()
    assert "map-2" in session.maps, "it is asked before it is lost"


def test_a_project_that_only_looks_otherwise_is_not_closed_unasked(
    desk: Any, files: FilesController, projects: ProjectsController, example: tuple[Path, Path], tmp_path: Path
) -> None:
    """Colours, names and levels take a while, too; with no file, nobody has said that they are to be kept."""
    session = desk.session
    files.open_paths(example)
    projects.save(tmp_path / "p.difffit")
    desk.prompts.ask_to_save.return_value = Unsaved.STAY
    desk.history.do(ChangeStyle.of(session, "model-1", {"colour_by": "residue"}))
    files.close_all()
    assert "model-1" in session.models
    desk.prompts.ask_to_save.assert_called_once()
    projects.save(tmp_path / "p.difffit")
    files.close_all()
    desk.prompts.ask_to_save.assert_called_once()
    assert session.is_empty


def test_what_was_on_the_screen_comes_back(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, composite_of: Callable[..., CompositeRecord]
) -> None:
    session, view_state = desk.session, desk.view_state
    session.select_fit("fit-1")
    session.select_placement(2)
    before = PlacementFilter(True, (Condition("local_correlation", True, 0.25), Condition("hits", False, 9.0)))
    view_state.set_filter(before)
    view_state.set_sphere(Sphere((1.0, 2.0, 3.0), 20.0))
    view_state.set_layout("offset")
    session.add_composite(composite_of(session.fits["fit-1"].record, "composite-2"))
    session.select_composite("composite-1")
    session.set_raw(True)
    turn = Pose(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]), np.array([0.5, -3.0, 7.0]))
    desk.history.do(MoveByHand(None, HandPose("model-1", ("D",), np.zeros(3), turn)))
    assert session.dirty
    view_state.set_frame(SimpleNamespace(step=11))
    asked = Mock()
    view_state.replay_asked.connect(asked)
    projects.save(folder / "p.difffit")
    view_state.set_frame(None)
    files.close_all()
    view_state.set_filter(PlacementFilter())
    view_state.set_sphere(None)
    view_state.set_layout("views")
    files.open_paths([folder / "p.difffit"])
    assert (view_state.filter, view_state.layout, view_state.sphere) == (before, "offset", Sphere((1.0, 2.0, 3.0), 20.0))
    assert (session.placement.rank, session.composite.id, session.raw) == (2, "composite-1", True)
    assert (session.hand.model, session.hand.chains) == ("model-1", ("D",))
    np.testing.assert_array_equal(session.hand.pose.rotation, turn.rotation)
    np.testing.assert_array_equal(session.hand.pose.translation, turn.translation)
    middle = session.models["model-1"].model.select_chains(["D"]).fit_coordinates.mean(axis=0)
    np.testing.assert_allclose(session.hand.middle, middle)
    asked.assert_called_once_with(11)
    assert not session.dirty


def test_what_was_done_is_kept_with_the_time(desk: Any, files: FilesController, projects: ProjectsController, folder: Path) -> None:
    files.rename("map-1", "the map")
    desk.history.undo()
    desk.history.redo()
    projects.save(folder / "p.difffit")
    files.close_all()
    files.open_paths([folder / "p.difffit"])
    files.rename("map-1", "another")
    texts = [step.text for step in desk.session.steps]
    rename = "Rename 1bd2_4A.mrc.gz to the map"
    assert texts[-4:] == [rename, f"Undo {rename}", f"Redo {rename}", "Rename the map to another"]
    assert all(datetime.fromisoformat(step.when).tzinfo is not None for step in desk.session.steps)
    for number in range(MOST_STEPS):
        desk.session.note(str(number))
    assert len(desk.session.steps) == MOST_STEPS


@pytest.mark.parametrize("trouble", ["newer", "truncated", "hostile"])
def test_what_cannot_be_opened_is_told_and_leaves_file_and_session_alone(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path, trouble: str
) -> None:
    path = folder / "p.difffit"
    projects.save(path)
    if trouble == "truncated":
        path.write_bytes(path.read_bytes()[:-300])
    else:
        with zipfile.ZipFile(path) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
        text = content["project.json"].decode()
        if trouble == "newer":
            text = text.replace(f'"schema_version": {SCHEMA_VERSION}', f'"schema_version": {SCHEMA_VERSION + 1}')
        else:
            text = text.replace('"composite-1-round-1"', '"../../escaped"')
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in {**content, "project.json": text.encode(), "../../escaped": b"x"}.items():
                archive.writestr(name, data)
    before, around = path.read_bytes(), set(tmp_path.rglob("*"))
    files.open_paths([path])
    (error,) = desk.notices("error")
    assert error.startswith(f"{path}: ")
    assert ("newer DiffFit Desktop" in error) is (trouble == "newer")
    assert list(desk.session.composites) == ["composite-1"], "what was open stays"
    assert path.read_bytes() == before
    assert set(tmp_path.rglob("*")) == around


def test_a_packed_copy_opens_without_its_inputs_and_stays_packed(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path, tmp_path: Path
) -> None:
    projects.save(folder / "p.difffit")
    files.rename("map-1", "renamed")
    sent = tmp_path / "sent"
    sent.mkdir()
    projects.save_packed_copy(sent / "q")
    assert (desk.session.path, desk.session.dirty, desk.session.pack) == (folder / "p.difffit", True, False)
    files.close_all()
    shutil.rmtree(folder)
    files.open_paths([sent / "q.difffit"])
    desk.prompts.ask_for_input.assert_not_called()
    assert desk.session.maps["map-1"].name == "renamed"
    assert list(desk.session.composites) == ["composite-1"]
    projects.save(sent / "r.difffit")
    shutil.rmtree(tmp_path / "unpacked")
    files.close_all()
    (sent / "q.difffit").unlink()
    files.open_paths([sent / "r.difffit"])
    assert set(desk.session.fits) == {"fit-1", "fit-2"}
    assert [path.name for path in sent.iterdir()] == ["r.difffit"]


def test_an_input_that_changed_is_not_packed(desk: Any, projects: ProjectsController, folder: Path) -> None:
    (folder / "1bd2_moved.pdb.gz").write_bytes(b"another")
    projects.save_packed_copy(folder / "q.difffit")
    (error,) = desk.notices("error")
    assert "has changed since it was read" in error
    assert not list(folder.glob("*q.difffit*"))


def test_a_project_that_another_window_saved_is_not_written_over_unasked(
    desk: Any, files: FilesController, projects: ProjectsController, folder: Path
) -> None:
    path = folder / "p.difffit"
    projects.save(path)
    files.rename("map-1", "mine")
    projects.save(path)
    desk.prompts.confirm.assert_not_called()
    other = path.read_bytes() + b" "
    path.write_bytes(other)
    files.rename("map-1", "mine again")
    desk.prompts.confirm.return_value = False
    projects.save(path)
    assert "changed since" in desk.prompts.confirm.call_args.args[0]
    assert path.read_bytes() == other
    assert desk.session.dirty
    desk.prompts.confirm.return_value = True
    projects.save(path)
    assert open_project(path)[0].inputs[0].name == "mine again"
    files.close_all()
    files.open_paths([path])
    desk.prompts.confirm.reset_mock()
    path.unlink()
    projects.save(path)
    desk.prompts.confirm.assert_not_called()
    assert not desk.session.dirty
