"""Unsaved work outlives the process that kept it, belongs to one window at a time, and leaves no litter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from difffit_core.errors import UserError
from difffit_core.project.recovery import Slot, left_behind
from difffit_core.project.store import open_project, save_project


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    return tmp_path / "new" / "recovery"


def keep(slot: Slot, project_file: Path, origin: Path | None = None) -> None:
    slot.save(*open_project(project_file), origin)


def test_what_a_living_window_keeps_is_not_taken_and_what_a_dead_one_kept_is_found_once(slots: Path, project_file: Path) -> None:
    slot = Slot.create(slots)
    keep(slot, project_file, project_file)
    assert left_behind(slots) == []
    slot.close()
    (found,) = left_behind(slots)
    assert found.origin == project_file
    assert found.path.read_bytes() == project_file.read_bytes()
    assert left_behind(slots) == [], "who found it has it"
    found.remove()
    assert list(slots.iterdir()) == []


def test_another_process_is_seen_to_live_and_to_die(slots: Path, project_file: Path) -> None:
    code = (
        "import sys, pathlib; from difffit_core.project.recovery import Slot; from difffit_core.project.store import open_project;"
        "slot = Slot.create(pathlib.Path(sys.argv[1])); slot.save(*open_project(pathlib.Path(sys.argv[2])), None);"
        "print('kept', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code, slots, project_file], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"kept"
        assert left_behind(slots) == []
        child.kill()
        child.wait()
    (found,) = left_behind(slots)
    assert found.origin is None
    assert open_project(found.path)[0] == open_project(project_file)[0]
    found.close()


def test_the_newest_comes_first_and_empty_ones_are_cleared_away(slots: Path, project_file: Path) -> None:
    for age in (50, 10, 30):
        slot = Slot.create(slots)
        keep(slot, project_file)
        os.utime(slot.path, (1e9 - age, 1e9 - age))
        slot.close()
    empty = Slot.create(slots)
    keep(empty, project_file)
    empty.clear()
    empty.close()
    fresh = Slot.create(slots)
    fresh.close()
    locks = [path for path in slots.glob("*.lock") if not path.with_suffix(".difffit").exists()]
    os.utime(locks[0], (1e9, 1e9))
    found = left_behind(slots)
    assert [1e9 - slot.path.stat().st_mtime for slot in found] == [10, 30, 50]
    assert len(list(slots.glob("*.lock"))) == 4, "one that a window may be about to take stays"
    for slot in found:
        slot.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        Slot.create(tmp_path / "file" / "recovery")


def test_a_damaged_note_of_the_origin_is_no_reason_to_lose_the_rest(slots: Path, project_file: Path) -> None:
    slot = Slot.create(slots)
    keep(slot, project_file, project_file)
    slot.path.with_suffix(".json").write_text("{")
    assert slot.origin is None
    keep(slot, project_file, project_file)
    assert slot.origin == project_file
    slot.remove()


def test_what_killed_writers_left_beside_a_project_is_cleared_away_and_no_more(project_file: Path) -> None:
    folder, name = project_file.parent, project_file.name
    child = subprocess.run([sys.executable, "-c", _KILLED, project_file], capture_output=True, text=True, check=False, timeout=60)
    assert child.returncode == -9
    (left,) = folder.glob(f".{name}.*.part")
    words = left.name.split("-")
    living = left.with_name("-".join([words[0], str(os.getpid()), words[2]]))
    elsewhere = left.with_name(f".{name}.00000000-{words[1]}-{words[2]}")
    other = left.with_name(left.name.replace(name, "another.difffit"))
    old = left.with_name(f".{name}.00000000-1-abcd.part")
    for path in (living, elsewhere, other, old):
        path.write_bytes(b"x")
    os.utime(old, (1e9, 1e9))
    save_project(project_file, *open_project(project_file))
    assert {path for path in folder.iterdir() if path.name.endswith(".part")} == {living, elsewhere, other}


_KILLED = """
import os, pathlib, signal, sys
from difffit_core.io.files import atomic_write
with atomic_write(pathlib.Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
