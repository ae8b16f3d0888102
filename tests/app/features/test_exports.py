"""Whatever is exported goes neither over what is open, nor under a name of another kind, nor into what is no file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from difffit_app.exports import Exports
from difffit_app.features.assemble.controller import AssembleController
from difffit_app.features.editing.controller import EditController
from difffit_app.features.files.controller import FilesController
from difffit_app.features.pictures.controller import PicturesController
from difffit_app.features.pictures.movies import MoviesController
from difffit_app.features.placements.controller import PlacementsController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.state.figure import Figure
from difffit_app.state.items import OpenFit, WorkingMap
from difffit_core.io.models import write_model


@pytest.fixture
def full(desk: Any, small_example: list[Path], tmp_path: Path, make_fit: Callable[..., OpenFit]) -> Any:
    """A map, a model that lies in ``tmp_path``, a fit; all is named in ``desk.files``."""
    files = FilesController(desk)
    files.open_paths(small_example)
    write_model(tmp_path / "own.cif", desk.session.models["model-1"].model)
    files.open_paths([tmp_path / "own.cif"])
    desk.session.add_fit(make_fit())
    desk.session.set_working(WorkingMap("map-1", "composite-1", "round-1", desk.session.maps["map-1"].density, Mock()))
    return desk


def writers(desk: Any) -> dict[str, Callable[[Path], object]]:
    """What each export of the window calls, by what it is and the end of its file."""
    from difffit_app.features.rounds.working import WorkingController

    placements, pictures, assembling = (
        PlacementsController(desk),
        PicturesController(desk, Mock()),
        AssembleController(desk, Mock(), Mock()),
    )
    assembling.assembled = Mock()
    return {
        "placed.cif": placements.save_model,
        "placements.csv": placements.export_table,
        "figure.png": lambda path: pictures.save(path, Figure("fit", 20, 20)),
        "left.mrc": WorkingController(desk).save,
        "copy.mrc": EditController(desk, Mock()).save,
        "bent.cif": assembling.save_bent,
    }


@pytest.mark.parametrize("what", ["placed.cif", "placements.csv", "figure.png", "left.mrc", "copy.mrc", "bent.cif"])
def test_a_wrong_suffix_an_open_file_and_what_is_no_file_are_refused(full: Any, tmp_path: Path, what: str) -> None:
    suffix = Path(what).suffix
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    (tmp_path / "wrong.txt").write_text("mine")
    (tmp_path / f"link{suffix}").symlink_to(tmp_path / "own.cif")
    own = (tmp_path / "own.cif").read_bytes()
    write = writers(full)[what]
    for name, sentence in (
        (f"pipe{suffix}", "no regular file"), (f"folder{suffix}", "got a folder"), ("wrong.txt", f"must end in {suffix}"),
        (f"link{suffix}", "is open here, so that it must not be replaced"), (f"absent/x{suffix}", "does not exist"),
    ):  # fmt: skip
        full.messages.reset_mock()
        write(tmp_path / name)
        assert [sentence in text for text in full.notices("error")] == [True], full.notices()
    assert (tmp_path / "wrong.txt").read_text() == "mine"
    assert (tmp_path / "own.cif").read_bytes() == own


def test_a_movie_goes_over_nothing_that_is_open(full: Any, tmp_path: Path) -> None:
    view = Mock()
    (tmp_path / "turn.gif").symlink_to(tmp_path / "own.cif")
    MoviesController(full, view, Mock()).save(tmp_path / "turn.gif", "turn")
    assert "is open here, so that it must not be replaced" in full.notices("warning")[0]
    view.movie_later.assert_not_called()


def test_only_what_is_packed_by_its_writer_may_be_named_so(full: Any, tmp_path: Path) -> None:
    exports: Exports = full.exports
    assert exports.claim(tmp_path / "x.mrc.gz", (".mrc",), "map") is not None
    assert exports.claim(tmp_path / "x.csv.gz", (".csv",), "table") is None
    assert full.notices("error")[0].endswith("the name of a table must end in .csv, got 'x.csv.gz'")


def test_a_project_goes_over_its_own_file_but_no_packed_copy_does(full: Any, tmp_path: Path) -> None:
    projects = ProjectsController(full, full.camera)
    for _ in range(2):
        projects.save(tmp_path / "p.difffit")
    assert full.notices("error") == []
    kept = (tmp_path / "p.difffit").read_bytes()
    projects.save_packed_copy(tmp_path / "p.difffit")
    assert "p.difffit: is open here" in full.notices("error")[0]
    assert (tmp_path / "p.difffit").read_bytes() == kept


def test_a_folder_in_use_is_told_without_an_option_of_the_command_line(full: Any, tmp_path: Path) -> None:
    exports: Exports = full.exports
    place = exports.claim_folder(tmp_path / "out", "compose", r"a\.txt")
    assert place is not None
    place.write({"a.txt": lambda path: path.write_text("x") and None})
    assert exports.claim_folder(tmp_path / "out", "compose", r"a\.txt") is None
    assert "--overwrite" not in full.notices("error")[0]
    assert full.notices("error")[0].endswith("choose another folder")


def test_a_camera_that_has_lost_its_way_keeps_nothing_from_being_saved(full: Any, tmp_path: Path) -> None:
    nan = float("nan")
    full.camera.current_camera.return_value = ((nan, nan, nan), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 30.0)
    ProjectsController(full, full.camera).save(tmp_path / "p.difffit")
    assert full.notices("error") == []
    assert not full.session.dirty
    FilesController(full).open_paths([tmp_path / "p.difffit"])
    assert full.notices("error") == []
    assert len(full.session.models) == 2
