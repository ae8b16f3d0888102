"""How failures are told, and that nothing is lost when the disk is full."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.log import logging_to, tail
from difffit_app.messages import tell
from difffit_app.report import report, without_home
from difffit_app.state.items import OpenFit
from difffit_core.errors import UserError
from difffit_core.project.store import open_project


class OutOfMemoryError(RuntimeError):
    """As torch's is called."""


@pytest.mark.fails_inside
@pytest.mark.parametrize(
    ("error", "sentence", "with_report"),
    [
        (UserError("x.mrc: the file is empty"), "x.mrc: the file is empty", False),
        (MemoryError(), "There is not enough memory for reading x.mrc.", True),
        (OutOfMemoryError("CUDA"), "The GPU has not enough memory for reading x.mrc; choose the CPU in Edit > Preferences", True),
        (OSError(errno.ENOSPC, "No space left on device", "x.mrc"), "x.mrc: reading x.mrc was refused by the system (No space left", False),
        (ValueError("odd"), "Something went wrong while reading x.mrc: ValueError: odd", True),
    ],
)
def test_each_failure_is_one_sentence(desk: Any, error: Exception, sentence: str, with_report: bool) -> None:
    tell(desk.messages, "reading x.mrc", error)
    text, severity, *details = desk.messages.show_notice.call_args.args
    assert text.startswith(sentence)
    assert severity == "error"
    assert bool(details) == with_report
    if details:
        assert type(error).__name__ in details[0]


def test_a_report_names_versions_what_happened_and_the_end_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "user" / "log" / "difffit.log"
    monkeypatch.setattr("difffit_app.report.log_file", lambda: path)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    try:
        with logging_to(path):
            logging.getLogger("difffit_app.somewhere").info("opened %s", tmp_path / "user" / "secret.mrc")
            logging.getLogger("noisy").info("nothing of ours")
            raise KeyError("lost")
    except KeyError as error:
        text = report(error)
    for part in ("DiffFit Desktop", "Python 3", "PySide6", "numba", "KeyError: 'lost'", "opened ~/secret.mrc", __name__.rpartition(".")[2]):
        assert part in text
    assert "nothing of ours" not in text
    assert str(tmp_path / "user") not in text


def test_the_home_folder_is_left_out_but_nothing_that_looks_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/ann")
    assert without_home("/home/ann/a.mrc /home/anna/b.mrc") == "~/a.mrc /home/anna/b.mrc"


def test_the_log_turns_over_and_never_stops_anything(tmp_path: Path) -> None:
    path = tmp_path / "difffit.log"
    log = logging.getLogger("difffit_core.test")
    with logging_to(path):
        for _ in range(3000):
            log.warning("a sentence of some length that fills the file: %s", "x" * 300)
    assert path.stat().st_size < 600_000
    assert len(list(tmp_path.glob("difffit.log*"))) == 3
    assert len(tail(path, 7)) == 7
    (tmp_path / "file").touch()
    with logging_to(tmp_path / "file" / "log" / "difffit.log"):
        log.warning("goes nowhere")
    assert tail(tmp_path / "absent") == []


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond a kilobyte."""
    resource = pytest.importorskip("resource", reason="file sizes cannot be limited here")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def fitted(desk: Any, make_fit: Callable[..., OpenFit], example: tuple[Path, Path]) -> Any:
    FilesController(desk).open_paths(example)
    desk.session.add_fit(make_fit())
    return desk


def test_a_full_disk_loses_neither_the_fits_nor_the_project_saved_before(fitted: Any, tmp_path: Path) -> None:
    projects = ProjectsController(fitted, fitted.camera)
    path = tmp_path / "kept.difffit"
    projects.save(path)
    assert not fitted.session.dirty
    before = path.read_bytes()
    fitted.session.mark_changed()
    with full_disk():
        projects.save(path)
    (text,) = fitted.notices("error")
    assert text.startswith(f"{path}: cannot be written (")
    assert fitted.session.dirty
    assert list(fitted.session.fits) == ["fit-1"]
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["kept.difffit"]
    projects.save(path)
    assert not fitted.session.dirty
    assert len(open_project(path)[0].fits) == 1


def test_a_folder_that_may_not_be_written_is_said(fitted: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    projects = ProjectsController(fitted, fitted.camera)
    for place in (tmp_path / "file" / "p.difffit", tmp_path / "absent" / "p.difffit"):
        fitted.messages.reset_mock()
        projects.save(place)
        (text,) = fitted.notices("error")
        assert text.startswith(f"{place}: cannot be written")
        assert fitted.session.dirty
