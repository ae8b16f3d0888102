"""A claimed place: nothing there that is not the run's own is ever replaced or deleted."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from difffit_core.errors import UserError
from difffit_core.io.files import new_mark
from difffit_core.output import MANIFEST, Claim, Inputs, claim_file, claim_folder, write_together
from difffit_core.output.claim import next_free

NAMES = r"placement_\d+\.cif|table\.csv|results\.json"


def text(words: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(words) and None


def claim(folder: Path | None, **more: object) -> Claim:
    return claim_folder(folder, "out", **{"command": "fit", "names": NAMES, **more})  # type: ignore[arg-type]


def results(mark: str, count: int = 2) -> dict[str, Callable[[Path], None]]:
    placed = {f"placement_{number:03d}.cif": text(f"{mark} {number}") for number in range(1, count + 1)}
    return {**placed, "table.csv": text(mark), "results.json": text(mark)}


def held(folder: Path) -> Mapping[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.name != MANIFEST and path.is_file()}


def test_the_manifest_tells_every_file_by_its_checksum(tmp_path: Path) -> None:
    import hashlib

    written = claim(tmp_path / "new" / "out").write(results("one"))
    (run,) = json.loads((tmp_path / "new" / "out" / MANIFEST).read_text())["runs"]
    assert [path.name for path in written] == list(run["files"]) == list(results("one"))
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == run["files"][path.name] for path in written)
    assert (run["command"], run["alone"]) == ("fit", False)


def test_a_folder_in_use_needs_overwrite_which_leaves_none_of_the_earlier_run(tmp_path: Path) -> None:
    claim(tmp_path).write(results("one", 4))
    (tmp_path / "notes.txt").write_text("mine")
    before = held(tmp_path)
    with pytest.raises(UserError, match=r"holds what fit wrote .*; --overwrite replaces it, or choose another folder$"):
        claim(tmp_path)
    with pytest.raises(UserError, match="holds what fit wrote"):
        claim(tmp_path, command="compose", names=r"composite\.cif")  # of another kind: results of one run belong together
    assert held(tmp_path) == before
    claim(tmp_path, overwrite=True).write(results("two", 1))
    assert held(tmp_path) == {"notes.txt": "mine", "placement_001.cif": "two 1", "table.csv": "two", "results.json": "two"}


@pytest.mark.parametrize("name", ["placement_003.cif", "placement_099.cif", "table.csv", "results.json"])
@pytest.mark.parametrize("kind", ["file", "link", "broken link", "folder"])
def test_what_no_manifest_tells_of_is_kept_even_when_told_to_overwrite(tmp_path: Path, name: str, kind: str) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name} elsewhere"
    elsewhere.write_text("mine")
    path = tmp_path / name
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(elsewhere if kind == "link" else tmp_path / "nowhere")
    for overwrite in (False, True):
        with pytest.raises(UserError, match=f"{name}: is there already, and {MANIFEST} does not tell of it; choose another folder"):
            claim(tmp_path, overwrite=overwrite)
    assert os.path.lexists(path)
    assert elsewhere.read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_changed_since_is_kept(tmp_path: Path) -> None:
    claim(tmp_path).write(results("one"))
    (tmp_path / "table.csv").write_text("one, and my remarks")
    before = held(tmp_path)
    with pytest.raises(UserError, match=r"table\.csv: was changed after fit wrote it, so that it is not replaced"):
        claim(tmp_path, overwrite=True)
    assert held(tmp_path) == before


@pytest.mark.parametrize("how", ["itself", "hard link", "link", "folder"])
def test_an_input_is_kept(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "out"
    claim(folder).write(results("one"))
    given = folder / "placement_002.cif"
    if how == "hard link":
        given = tmp_path / "given.cif"
        os.link(folder / "placement_002.cif", given)
    elif how == "link":
        given = tmp_path / "given.cif"
        given.symlink_to(folder / "placement_002.cif")
    elif how == "folder":
        given = tmp_path
    with pytest.raises(UserError, match=r"placement_00\d\.cif: is read here, so that it must not be replaced"):
        claim(folder, overwrite=True, inputs=Inputs([given, None, tmp_path / "absent"]))
    assert len(held(folder)) == 4


def test_without_a_name_each_run_gets_the_next_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("out", "out-2", "out-3"):
        place = claim(None)
        assert place.folder == Path(folder)
        place.write(results(folder))
    assert claim(None, overwrite=True).folder == Path("out")
    assert [held(tmp_path / folder)["table.csv"] for folder in ("out", "out-2", "out-3")] == ["out", "out-2", "out-3"]


def test_a_folder_that_came_into_use_meanwhile_costs_no_results(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine, theirs = claim(tmp_path / "out"), claim(tmp_path / "out")
    theirs.write(results("theirs"))
    written = mine.write(results("mine"))
    assert {path.parent for path in written} == {tmp_path / "out-2"}
    assert held(tmp_path / "out")["table.csv"] == "theirs"
    assert held(tmp_path / "out-2")["table.csv"] == "mine"
    assert f"the results are in {tmp_path / 'out-2'}" in caplog.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2"]


def test_what_an_unfinished_run_left_is_put_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As after a kill between two files, or where somebody took away the file without which there are no results."""
    claim(tmp_path).write(results("one"))
    (tmp_path / "results.json").unlink()
    claim(tmp_path).write(results("two", 1))
    assert held(tmp_path) == {"placement_001.cif": "two 1", "table.csv": "two", "results.json": "two"}
    assert held(tmp_path / "earlier-1") == {"placement_001.cif": "one 1", "placement_002.cif": "one 2", "table.csv": "one"}
    assert str(tmp_path / "earlier-1") in caplog.text


def test_a_run_that_fails_changes_nothing(tmp_path: Path) -> None:
    def fails(_: Path) -> None:
        raise UserError("no")

    claim(tmp_path / "out").write(results("one"))
    before = sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir())
    for folder in (tmp_path / "out", tmp_path / "a" / "b"):
        with pytest.raises(UserError, match=r"^no$"):
            claim(folder, overwrite=True).write({**results("two"), "results.json": fails})
    assert sorted((path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


MANIFESTS = [
    b"", b"{", b"[]", b'{"schema_version": 2, "runs": []}', b"\xff\xfe", b"[" * 100_000,
    b'{"runs": [{"command": "fit", "finished": "now", "files": {"../mine.txt": ""}}]}',
    b'{"runs": [{"command": "fit", "finished": "now", "files": {"..": ""}}]}',
]  # fmt: skip


@pytest.mark.parametrize("content", MANIFESTS, ids=range(len(MANIFESTS)))
def test_a_manifest_that_is_none_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MANIFEST).write_bytes(content)
    with pytest.raises(UserError, match="cannot be read as the list of what was written there"):
        claim(tmp_path / "out", overwrite=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "out" / MANIFEST).read_bytes() == content


def test_names_that_were_not_claimed_are_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not among the names"):
        claim(tmp_path / "out").write({"other.txt": text("x")})
    assert not (tmp_path / "out").exists()


def test_a_single_file(tmp_path: Path) -> None:
    one = partial(claim_file, tmp_path / "a:b 1.csv", command="quality", suffixes=(".csv",), what="table")
    one().write(text("first"))
    with pytest.raises(UserError, match=r"a:b 1\.csv: is there already .*; --overwrite replaces it, or choose another name"):
        one()
    one(overwrite=True).write(text("second"))
    claim(tmp_path).write(results("folder"))  # what stands alone is in nobody's way
    assert (tmp_path / "a:b 1.csv").read_text() == "second"
    (tmp_path / "a:b 1.csv").write_text("second, and my remarks")
    with pytest.raises(UserError, match="was changed after quality wrote it"):
        one(overwrite=True)
    one(agreed=True).write(text("third"))
    assert (tmp_path / "a:b 1.csv").read_text() == "third"


def test_a_single_file_that_must_not_be_written(tmp_path: Path) -> None:
    claim(tmp_path / "out").write(results("one"))
    (tmp_path / "mine.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "mine.csv")
    refused = {
        "mine.csv": "is there already, and",
        "link.csv": "is there already, and",
        "folder.csv": "got a folder",
        "pipe.csv": "no regular file",
        "mine.txt": r"must end in \.csv",
        "out/table.csv": "belongs together",
        "absent/new.csv": "does not exist",
        "a\nb.csv": "control",
    }
    for name, sentence in refused.items():
        with pytest.raises(UserError, match=sentence):
            claim_file(tmp_path / name, command="quality", suffixes=(".csv",), what="table", overwrite=True)
    for agreed in (False, True):
        with pytest.raises(UserError, match="is read here"):
            claim_file(
                tmp_path / "link.csv", command="x", suffixes=(".csv",), what="table", agreed=agreed, inputs=Inputs([tmp_path / "mine.csv"])
            )
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_a_screen_that_goes_on_replaces_its_own_ranking(tmp_path: Path) -> None:
    place = claim(tmp_path, command="screen", store="screen.sqlite")
    (tmp_path / "screen.sqlite").write_text("store")
    place.keep()
    place.write(results("one"))
    claim(tmp_path, command="screen", store="screen.sqlite").write(results("two", 1))
    assert held(tmp_path) == {"placement_001.cif": "two 1", "results.json": "two", "screen.sqlite": "store", "table.csv": "two"}
    with pytest.raises(UserError, match="holds what screen wrote"):
        claim(tmp_path)
    claim(tmp_path, overwrite=True).clear()
    assert held(tmp_path) == {}


def test_a_screen_of_a_version_without_manifests_goes_on_and_its_ranking_comes_beside(tmp_path: Path) -> None:
    folder = tmp_path / "screen"
    folder.mkdir()
    for name in ("screen.sqlite", "table.csv"):
        (folder / name).write_text("earlier")
    for number in (2, 3):
        place = claim(folder, command="screen", store="screen.sqlite")
        place.keep()
        assert [path.parent for path in place.write(results("new"))] == [tmp_path / f"screen-{number}"] * 4
    assert held(folder) == {"screen.sqlite": "earlier", "table.csv": "earlier"}
    with pytest.raises(UserError, match="does not tell of it"):
        claim(folder, command="screen", store="other.sqlite")


def test_a_folder_that_nobody_claimed_is_claimed_as_it_is_written(tmp_path: Path) -> None:
    write_together(tmp_path / "parts", {"A.cif": text("A")}, command="split")
    with pytest.raises(UserError, match="holds what split wrote"):
        write_together(tmp_path / "parts", {"B.cif": text("B")}, command="split")
    assert next_free(tmp_path / "parts", Claim(tmp_path / "parts", "split", "B.cif", Inputs())) == tmp_path / "parts-2"


def test_what_a_killed_run_was_writing_is_cleared_away(tmp_path: Path) -> None:
    child = (
        "import os, pathlib, sys; from difffit_core.io.files import new_mark, atomic_write; m = new_mark(); f = pathlib.Path(sys.argv[1]);"
    )
    child += "(f / (m + 'a.json')).write_text('half'); c = atomic_write(f / (m + 'b.json')); c.__enter__().write_text('half'); os._exit(1)"
    subprocess.run([sys.executable, "-c", child, str(tmp_path)], check=False)
    alive = tmp_path / f"{new_mark()}a.json"
    alive.write_text("still written")
    others = [tmp_path / name for name in (".hidden", ".0123abcd.mine.json", "..9-1-2.x")]
    for path in others:
        path.write_text("mine")
    assert len(list(tmp_path.iterdir())) == 6
    claim_folder(tmp_path, command="fit", names=r"a\.json").write({"a.json": text("whole")})
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.json", MANIFEST, alive.name, *(one.name for one in others)])


def test_runs_that_look_for_a_free_folder_at_once_do_not_share_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late, earlier = claim(tmp_path / "out"), claim(tmp_path / "out")
    claim(tmp_path / "out").write(results("first"))

    def slowly(folder: Path, of: Claim) -> Path:
        """Another run, which looked at the same time, is there before this one."""
        found = next_free(folder, of)
        monkeypatch.undo()
        earlier.write(results("second"))
        return found

    monkeypatch.setattr("difffit_core.output.claim.next_free", slowly)
    late.write(results("third"))
    assert [held(tmp_path / name)["table.csv"] for name in ("out", "out-2", "out-3")] == ["first", "second", "third"]


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such names and links")
@pytest.mark.parametrize("name", ["nowhere", "nowhere/inside", "caf\udce9", "caf\udce9/inside", "a\0b"])
def test_where_nothing_could_be_written_in_the_end_is_refused_before_the_work(tmp_path: Path, name: str) -> None:
    """A link that leads nowhere is no folder and cannot be made one; names that are no text cannot stand in what is written."""
    (tmp_path / "nowhere").symlink_to("absent/folder")
    with pytest.raises(UserError, match=r"leads nowhere|must be text|character of number 0"):
        claim(tmp_path / name)
    with pytest.raises(UserError, match=r"does not exist|must be text|character of number 0"):
        claim_file(tmp_path / name / "a.csv", command="fit", suffixes=(".csv",), what="table")


def test_a_folder_called_like_an_option_is_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of ``--out $UNSET --overwrite``, which wrote into a folder of that name."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=f"^out must be a folder, got --overwrite, .* is {tmp_path}/--overwrite$"):
        claim(Path("--overwrite"))
    claim(tmp_path / "--overwrite").write(results("one"))
    claim(Path("out/--overwrite")).write(results("two"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["--overwrite", "out"]


def test_what_could_not_be_written_is_named(tmp_path: Path) -> None:
    """A full disk gives an error that knows no name."""

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match=r"out/table\.csv: cannot be written \(No space left on device\)$"):
        claim(tmp_path / "out").write({**results("one"), "table.csv": full})
    assert list(tmp_path.iterdir()) == []
