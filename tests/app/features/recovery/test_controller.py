"""Unsaved work is kept as long as it is unsaved, offered once it is left behind, and never written over the user's own file."""

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.features.recovery.controller import RecoveryController
from difffit_app.prompts import Unsaved
from difffit_app.state.items import OpenFit
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.recovery import Slot, left_behind
from difffit_core.project.store import open_project


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    return tmp_path / "slots"


@pytest.fixture
def files(desk: Any) -> FilesController:
    return FilesController(desk)


@pytest.fixture
def projects(desk: Any) -> ProjectsController:
    return ProjectsController(desk, desk.camera)


@pytest.fixture
def recovery(desk: Any, files: FilesController, slots: Path) -> RecoveryController:
    return RecoveryController(desk, desk.camera, files, slots)


@pytest.fixture
def work(
    desk: Any,
    files: FilesController,
    recovery: RecoveryController,
    example: tuple[Path, Path],
    make_fit: Callable[..., OpenFit],
    composite_of: Callable[..., CompositeRecord],
    tmp_path: Path,
) -> Path:
    """Unsaved work is open; the folder of its inputs."""
    folder = tmp_path / "data"
    folder.mkdir()
    files.open_paths([Path(shutil.copy(path, folder)) for path in example])
    fit = make_fit()
    desk.session.add_fit(fit)
    desk.session.add_composite(composite_of(fit.record))
    return folder


@pytest.fixture
def left(desk: Any, files: FilesController, projects: ProjectsController, recovery: RecoveryController, work: Path, slots: Path) -> Path:
    """A window was killed with unsaved work in p.difffit; this one is empty. The folder of p.difffit."""
    projects.save(work / "p.difffit")
    files.rename("map-1", "renamed")
    recovery.keep()
    assert recovery._slot is not None
    recovery._slot.close()
    recovery._slot = None
    files.close_all()
    desk.messages.reset_mock()
    return work


def kept(slots: Path) -> list[Path]:
    return sorted(slots.glob("*.difffit"))


def offers(desk: Any) -> list[tuple[str, dict[str, Callable[[], None]]]]:
    return [call.args for call in desk.messages.show_offer.call_args_list]


def test_it_is_kept_when_it_changed_and_forgotten_when_it_is_saved(
    desk: Any, files: FilesController, projects: ProjectsController, recovery: RecoveryController, work: Path, slots: Path
) -> None:
    recovery.keep()
    (path,) = kept(slots)
    project, arrays = open_project(path)
    assert (len(project.inputs), len(project.composites), set(arrays)) == (2, 1, {"fit-1"})
    before = path.stat().st_mtime_ns
    recovery.keep()
    assert path.stat().st_mtime_ns == before
    projects.save(work / "p.difffit")
    assert kept(slots) == []
    own = (work / "p.difffit").read_bytes()
    files.rename("map-1", "another")
    recovery.keep()
    assert kept(slots) == [path]
    assert open_project(path)[0].inputs[0].name == "another"
    assert (work / "p.difffit").read_bytes() == own
    files.close_all()
    assert kept(slots) == []
    recovery.leave()
    assert list(slots.iterdir()) == []


def test_nothing_is_kept_of_what_is_only_open(
    desk: Any, files: FilesController, recovery: RecoveryController, example: tuple[Path, Path], slots: Path
) -> None:
    files.open_paths(example)
    recovery.keep()
    recovery.leave()
    assert not slots.exists()


def test_what_has_no_file_is_no_reason_to_keep_nothing(
    desk: Any, recovery: RecoveryController, work: Path, slots: Path, make_fit: Callable[..., OpenFit]
) -> None:
    session = desk.session
    session.add_model(replace(session.models["model-1"], id="model-2", stamp=None))
    session.add_map(replace(session.maps["map-1"], id="map-2", stamp=None))
    session.add_fit(make_fit("fit-2", model="model-2"))
    session.add_fit(make_fit("fit-3"))
    recovery.keep()
    (path,) = kept(slots)
    project = open_project(path)[0]
    assert [one.id for one in project.inputs] == ["map-1", "model-1"]
    assert [one.id for one in project.fits] == ["fit-1", "fit-3"]
    assert [*session.models, *session.fits] == ["model-1", "model-2", "fit-1", "fit-2", "fit-3"], "what is open is as it was"


def test_what_is_closed_while_it_is_being_kept_is_not_kept(
    desk: Any, files: FilesController, recovery: RecoveryController, work: Path, slots: Path
) -> None:
    desk.jobs.hold = True
    recovery.keep()
    recovery.keep()
    assert len(desk.jobs.held) == 1
    files.close_all()
    desk.jobs.run_held()
    assert kept(slots) == []


def test_what_changes_while_it_is_being_kept_is_kept_next(
    desk: Any, files: FilesController, recovery: RecoveryController, work: Path, slots: Path
) -> None:
    desk.jobs.hold = True
    recovery.keep()
    files.rename("map-1", "later")
    recovery.keep()
    desk.jobs.run_held()
    assert open_project(kept(slots)[0])[0].inputs[0].name == "later"


@pytest.mark.parametrize("trouble", ["full", "refused"])
def test_where_it_cannot_be_kept_that_is_told_once_and_all_goes_on(
    desk: Any, files: FilesController, recovery: RecoveryController, work: Path, slots: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    def full(self: zipfile.ZipFile, *args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if trouble == "full":
            patch.setattr(zipfile.ZipFile, "writestr", full)
        else:
            slots.touch()
        recovery.keep()
        files.rename("map-1", "another")
        recovery.keep()
    (error,) = desk.notices("error")
    assert "cannot be written" in error
    assert len(desk.session.fits) == 1
    if trouble == "refused":
        slots.unlink()
    recovery.keep()
    assert len(kept(slots)) == 1
    assert not [path for path in slots.iterdir() if path.name.endswith(".part")]


def test_what_was_left_is_offered_and_recovered(
    desk: Any, files: FilesController, recovery: RecoveryController, left: Path, slots: Path
) -> None:
    recovery.look()
    ((text, choices),) = offers(desk)
    assert "p.difffit" in text
    assert list(choices) == ["Recover", "Discard"]
    opened: list[Path] = []
    files.opened.connect(opened.append)
    own = (left / "p.difffit").read_bytes()
    (old,) = kept(slots)
    choices["Recover"]()
    session = desk.session
    assert session.path == left / "p.difffit"
    assert session.dirty
    assert session.maps["map-1"].name == "renamed"
    assert list(session.composites) == ["composite-1"]
    assert opened == []
    assert (left / "p.difffit").read_bytes() == own
    (new,) = kept(slots)
    assert new != old, "it is kept in the slot of this window now"
    assert open_project(new)[0].inputs[0].name == "renamed"


def test_recovered_it_is_not_offered_again_though_something_was_being_kept(
    desk: Any, files: FilesController, recovery: RecoveryController, left: Path, make_fit: Callable[..., OpenFit], slots: Path
) -> None:
    files.open_paths([left / "p.difffit"])
    recovery.look()
    files.rename("map-1", "mine")
    desk.prompts.ask_to_save.return_value = Unsaved.DISCARD
    desk.jobs.hold = True
    offers(desk)[0][1]["Recover"]()
    desk.jobs.run_next()
    recovery.keep()
    desk.jobs.run_held()
    assert desk.session.maps["map-1"].name == "renamed"
    (new,) = kept(slots)
    assert open_project(new)[0].inputs[0].name == "renamed"
    recovery._slot.close()
    assert [one.path for one in left_behind(slots)] == [new]


def test_it_is_not_saved_over_a_file_that_was_saved_since(desk: Any, recovery: RecoveryController, left: Path, slots: Path) -> None:
    os.utime(left / "p.difffit", (4e9, 4e9))
    recovery.look()
    offers(desk)[0][1]["Recover"]()
    assert desk.session.path is None
    assert desk.session.maps["map-1"].name == "renamed"


def test_discarded_it_is_gone_and_unanswered_it_is_offered_again(
    desk: Any, files: FilesController, recovery: RecoveryController, left: Path, slots: Path
) -> None:
    recovery.look()
    recovery.look()
    assert len(offers(desk)) == 1, "while it is offered here, no other window offers it"
    recovery.leave()
    recovery.look()
    assert len(offers(desk)) == 2
    offers(desk)[1][1]["Discard"]()
    assert list(slots.iterdir()) == []


def test_what_is_open_is_not_given_up_for_it_unasked(
    desk: Any, files: FilesController, recovery: RecoveryController, left: Path, make_fit: Callable[..., OpenFit], slots: Path
) -> None:
    recovery.look()
    files.open_paths([left / "p.difffit"])
    files.rename("map-1", "mine")
    desk.prompts.ask_to_save.return_value = Unsaved.STAY
    offers(desk)[0][1]["Recover"]()
    assert desk.session.maps["map-1"].name == "mine"
    recovery.leave()
    assert len(left_behind(slots)) == 1


def test_what_is_damaged_is_told_and_stays(
    desk: Any, files: FilesController, recovery: RecoveryController, left: Path, slots: Path
) -> None:
    kept(slots)[0].write_bytes(b"PK")
    recovery.look()
    offers(desk)[0][1]["Recover"]()
    assert len(desk.notices("error")) == 1
    assert desk.session.is_empty
    assert len(kept(slots)) == 1


def test_the_slot_of_another_window_is_let_be(desk: Any, recovery: RecoveryController, left: Path, slots: Path) -> None:
    own = Slot.create(slots)
    recovery.look()
    assert len(offers(desk)) == 1
    own.remove()


def test_what_changes_while_it_is_saved_counts_as_unsaved(
    desk: Any, files: FilesController, projects: ProjectsController, work: Path
) -> None:
    desk.jobs.hold = True
    projects.save(work / "p.difffit")
    files.rename("map-1", "later")
    desk.jobs.run_held()
    assert desk.session.dirty
    assert desk.session.path == work / "p.difffit"
    projects.save(work / "p.difffit")
    desk.jobs.run_held()
    assert not desk.session.dirty
    projects.save(work / "q.difffit")
    files.close_all()
    desk.jobs.run_held()
    assert desk.session.path is None, "what was saved is no longer open"
