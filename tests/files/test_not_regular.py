"""What is no regular file is refused wherever a path comes in, without being opened; and texts have a bound."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from difffit_core.doctor import examine, examine_project
from difffit_core.errors import FileFormatError, UserError
from difffit_core.fetch.listing import read_accessions
from difffit_core.fit.place_words import read_pose
from difffit_core.io.describe import describe_file
from difffit_core.io.files import atomic_write, checksum
from difffit_core.io.map_entries import entry_path, read_entry
from difffit_core.io.maps import read_header, read_map
from difffit_core.io.models import read_model
from difffit_core.io.packing import open_binary
from difffit_core.io.regular import read_text
from difffit_core.pae.matrix import read_pae
from difffit_core.project.store import open_project
from difffit_core.screen.listing import list_library
from difffit_core.screen.store import ScreenStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="this system has no such files")

READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "map": (".mrc", read_map),
    "header": (".map.gz", read_header),
    "model": (".cif", read_model),
    "pdb": (".pdb.gz", read_model),
    "errors": (".json", read_pae),
    "arrays": (".npz", read_pae),
    "project": (".difffit", open_project),
    "project examined": (".difffit", examine_project),
    "examined": (".mrc", examine),
    "described": (".cif", describe_file),
    "start": (".txt", lambda path: read_pose(str(path))),
    "accessions": (".txt", read_accessions),
    "checksum": ("", checksum),
    "packed": (".zip", open_binary),
    "store": (".sqlite", ScreenStore.open),
    "text": ("", read_text),
    "library": (".txt", list_library),
}
KINDS = ("pipe", "socket", "folder", "device", "link to a pipe", "link to a device", "loop", "too long", "absent", "no text")


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """A pipe that is opened would be waited for, for ever."""
    signal.alarm(60)
    yield
    signal.alarm(0)


def make(kind: str, path: Path) -> Path:
    target = path.with_name(f"target{path.suffix}")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(os.path.relpath(path))
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        return Path("/dev/zero")
    elif kind == "link to a pipe":
        os.mkfifo(target)
        path.symlink_to(target)
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    elif kind == "no text":
        path = path.with_name(f"\udce9{path.suffix}")
        path.write_bytes(b"x")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "too long":
        return path.with_name("x" * 5000 + path.suffix)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_it_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    suffix, read = READERS[reader]
    path = make(kind, tmp_path / f"a{suffix}")
    if (reader, kind) == ("library", "folder"):
        pytest.skip("a library may be a folder")
    with pytest.raises(UserError) as refused:
        read(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_lies_beside_a_map_is_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(entry_path(tmp_path / "a.mrc"))
    assert read_entry(tmp_path / "a.mrc") == (None, "")


def test_a_library_names_its_pipes(tmp_path: Path) -> None:
    """They are among the models of a folder, and each fails alone."""
    os.mkfifo(tmp_path / "a.pdb")
    (paths,) = list_library(tmp_path)
    with pytest.raises(UserError, match="got a pipe"):
        read_model(paths)


def test_texts_have_a_bound(tmp_path: Path) -> None:
    endless = tmp_path / "endless.txt"
    with endless.open("wb") as stream:
        stream.truncate(1 << 40)
    for read in (list_library, read_accessions, lambda path: read_pose(str(path))):
        with pytest.raises(UserError, match="at most 65536 KiB"):
            read(endless)
    (tmp_path / "small.txt").write_text("12345", encoding="utf-8-sig")
    assert read_text(tmp_path / "small.txt") == "12345"
    with pytest.raises(FileFormatError, match="at most"):
        read_text(tmp_path / "small.txt", 4)


@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a device", "folder"])
def test_nothing_is_written_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = make(kind, tmp_path / "a.csv")
    before = path.lstat().st_mode
    with pytest.raises(UserError, match="cannot be written"), atomic_write(path) as temporary:
        temporary.write_text("x")
    assert path.lstat().st_mode == before
