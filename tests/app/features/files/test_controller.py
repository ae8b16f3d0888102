"""Opening: good files are shown, bad ones told, projects found again or asked for."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.prompts import Unsaved
from difffit_app.state.items import OpenFit

Example = tuple[Path, Path]


@pytest.fixture
def files(desk: Any) -> FilesController:
    return FilesController(desk)


@pytest.fixture
def project(desk: Any, files: FilesController, example: Example, make_fit: Callable[..., OpenFit], tmp_path: Path) -> Path:
    """A saved project with a map, a model and a fit beside its inputs; the desk is empty again."""
    folder = tmp_path / "project"
    folder.mkdir()
    copies = [Path(shutil.copy(path, folder)) for path in example]
    files.open_paths(copies)
    desk.session.add_fit(make_fit())
    desk.session.select_placement(2)
    desk.view_state.set_map_style("map-1", level=0.5, colour="#123456")
    ProjectsController(desk, desk.camera).save(folder / "p")
    assert not desk.session.dirty
    files.close_all()
    desk.messages.reset_mock()
    return folder / "p.difffit"


def test_maps_and_models_are_opened_together(desk: Any, files: FilesController, example: Example) -> None:
    files.open_paths(example)
    assert list(desk.session.maps) == ["map-1"]
    assert list(desk.session.models) == ["model-1"]
    assert desk.view_state.maps["map-1"].level == desk.session.maps["map-1"].suggestion.level
    assert desk.notices("error") == []
    assert desk.messages.show_activity.call_args_list[-1].args == ("",)


def test_a_bad_file_is_told_and_the_others_open(desk: Any, files: FilesController, example: Example, tmp_path: Path) -> None:
    bad, odd = tmp_path / "bad.mrc", tmp_path / "notes.txt"
    bad.write_text("this is no map")
    odd.touch()
    files.open_paths([bad, odd, tmp_path / "absent.pdb", *example])
    errors = desk.notices("error")
    assert [str(path) in text for path, text in zip((odd, bad, tmp_path / "absent.pdb"), errors, strict=True)] == [True] * 3
    assert (len(desk.session.maps), len(desk.session.models)) == (1, 1)


def test_what_the_reader_of_a_map_decided_is_told(desk: Any, files: FilesController, example: Example, tmp_path: Path) -> None:
    content = bytearray(gzip.decompress(example[0].read_bytes()))
    assert content[208:212] == b"MAP "
    content[208:216] = bytes(8)
    (tmp_path / "old.mrc").write_bytes(content)
    files.open_paths([tmp_path / "old.mrc"])
    said = desk.notices("warning")
    assert len(said) == len(desk.session.maps["map-1"].density.notes)
    assert said[0].startswith("old.mrc: The word MAP is missing")


@pytest.mark.fails_inside
def test_an_error_of_the_program_comes_with_a_report(
    desk: Any, files: FilesController, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("difffit_core.io.maps.read_map", lambda path: 1 / 0)
    files.open_paths([example[0]])
    text, severity, details = desk.messages.show_notice.call_args.args
    assert "ZeroDivisionError" in text
    assert severity == "error"
    assert "Traceback" in details


def test_a_project_comes_back_as_it_was(desk: Any, files: FilesController, project: Path) -> None:
    files.open_paths([project])
    session = desk.session
    assert session.path == project
    assert not session.dirty
    assert session.placement.rank == 2
    assert (desk.view_state.maps["map-1"].level, desk.view_state.maps["map-1"].colour) == (0.5, "#123456")
    assert desk.view_state.camera.position == (0.0, 0.0, 50.0)
    assert session.new_id("fit") == "fit-2"
    assert desk.notices() == []


def test_a_moved_input_is_asked_for_and_checked(desk: Any, files: FilesController, project: Path, tmp_path: Path) -> None:
    moved = shutil.move(project.parent / "1bd2_4A.mrc.gz", tmp_path / "elsewhere.mrc.gz")
    desk.prompts.ask_for_input.return_value = Path(moved)
    files.open_paths([project])
    sentence, kind = desk.prompts.ask_for_input.call_args.args
    assert "1bd2_4A.mrc.gz" in sentence
    assert kind == "map"
    assert list(desk.session.fits) == ["fit-1"]
    assert desk.session.dirty


def test_another_file_is_not_taken_for_the_input(desk: Any, files: FilesController, project: Path, example: Example) -> None:
    changed = project.parent / "1bd2_4A.mrc.gz"
    changed.write_bytes(changed.read_bytes() + b"x")
    desk.prompts.ask_for_input.return_value = changed
    files.open_paths([project])
    assert desk.session.maps == {}
    assert desk.session.fits == {}
    assert list(desk.session.models) == ["model-1"]
    assert any("its content is another" in text for text in desk.notices("warning"))
    assert any("kept in the project: 1 fit" in text for text in desk.notices("warning"))


def test_a_damaged_project_leaves_what_is_open(desk: Any, files: FilesController, project: Path, example: Example) -> None:
    files.open_paths(example)
    project.write_bytes(project.read_bytes()[:100])
    files.open_paths([project])
    assert any(str(project) in text for text in desk.notices("error"))
    assert list(desk.session.maps) == ["map-1"]


def test_what_is_opened_with_a_project_is_added_to_it(desk: Any, files: FilesController, project: Path, example: Example) -> None:
    other = Path(shutil.copy(project, project.with_name("other.difffit")))
    desk.jobs.hold = True
    files.open_paths([example[0], project, other])
    desk.jobs.run_held()
    assert list(desk.session.maps) == ["map-1", "map-2"]
    assert list(desk.session.fits) == ["fit-1"]
    assert "other.difffit was left out" in desk.notices("warning")[0]


def test_what_is_opened_with_a_damaged_project_is_opened(desk: Any, files: FilesController, tmp_path: Path, example: Example) -> None:
    (tmp_path / "bad.difffit").write_bytes(b"PK")
    files.open_paths([tmp_path / "bad.difffit", *example])
    assert (len(desk.session.maps), len(desk.session.models), len(desk.notices("error"))) == (1, 1, 1)


@pytest.mark.parametrize("answer", [Unsaved.DISCARD, Unsaved.STAY, Unsaved.SAVE])
def test_unsaved_fits_are_closed_only_if_so_answered(
    desk: Any, files: FilesController, example: Example, make_fit: Callable[..., OpenFit], answer: Unsaved
) -> None:
    files.open_paths(example)
    desk.session.add_fit(make_fit())
    desk.prompts.ask_to_save.return_value = answer
    waiting: list[Callable[[], object]] = []
    files.save_then = waiting.append
    files.close_all()
    desk.prompts.ask_to_save.assert_called_once()
    assert desk.session.is_empty is (answer is Unsaved.DISCARD)
    assert (desk.view_state.maps == {}) is (answer is Unsaved.DISCARD)
    assert len(waiting) == (answer is Unsaved.SAVE)
    for go_on in waiting:
        go_on()
        assert desk.session.is_empty, "once it is saved"


@pytest.mark.parametrize("what", ["map", "model"])
def test_removing_an_input_asks_nothing_because_it_can_be_undone(
    desk: Any, files: FilesController, example: Example, make_fit: Callable[..., OpenFit], what: str
) -> None:
    files.open_paths(example)
    desk.session.add_fit(make_fit())
    files.remove(f"{what}-1")
    files.remove(f"{what}-1")
    desk.prompts.confirm.assert_not_called()
    assert desk.session.fits == {}
    assert desk.history.stack.undoText().startswith("Remove 1bd2")
    desk.history.undo()
    assert list(desk.session.fits) == ["fit-1"]
    assert desk.notices() == []


def test_a_name_is_changed_trimmed_and_taken_back(desk: Any, files: FilesController, example: Example) -> None:
    files.open_paths(example)
    before = desk.session.models["model-1"].name
    files.rename("model-1", "  a   receptor ")
    assert desk.session.models["model-1"].name == "a receptor"
    files.rename("model-1", " ")
    files.rename("model-1", "a receptor")
    files.rename("model-9", "x")
    desk.history.undo()
    assert desk.session.models["model-1"].name == before


def test_opening_is_undone_file_by_file(desk: Any, files: FilesController, example: Example) -> None:
    files.open_paths(example)
    desk.history.undo()
    assert (list(desk.session.maps), list(desk.session.models)) == (["map-1"], [])
    desk.history.undo()
    assert desk.session.is_empty
    desk.history.redo()
    assert desk.view_state.maps["map-1"].level == desk.session.maps["map-1"].suggestion.level
