"""Kept code: one writer at a time, damaged files made anew, and what who installed the program compiled for all."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout
from numba.core.caching import IndexDataCacheFile

from difffit_core.ops import compiling
from difffit_core.ops.compiled import compiled

NUMBER = "def add(number):\n    return number + 1\n"
ELSEWHERE = """
import importlib, sys
from difffit_core.ops.compiled import compiled
from difffit_core.ops.compiling import tell_of_compiling
told = []
tell_of_compiling(told.append)
assert compiled(nogil=True)(importlib.import_module("added").add)(41) == 42
print(len(told))
"""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(compiling, "_tellers", [said.append])
    return said


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function in a file of its own, with no code kept yet."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    (tmp_path / "added.py").write_text(NUMBER)
    monkeypatch.setitem(sys.modules, "added", None)  # put back to absent in the end
    return _load(tmp_path)


def _load(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("added", folder / "added.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["added"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return compiled(nogil=True)(module.add)


def test_one_program_writes_at_a_time(add: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Path] = []
    save = IndexDataCacheFile.save

    def look(self: Any, *arguments: Any) -> None:
        with pytest.raises(Timeout), FileLock(tmp_path / "__pycache__" / "difffit-code.lock", timeout=0):
            pass
        held.append(tmp_path)
        save(self, *arguments)

    monkeypatch.setattr(IndexDataCacheFile, "save", look)
    assert add(41) == 42
    assert add(0.5) == 1.5
    assert len(held) == 2


@pytest.mark.parametrize("damage", [b"", b"\x80\x04not a pickle", b"0.1.0"])
def test_damaged_files_are_made_anew_with_word_of_it(add: Any, tmp_path: Path, told: list[str], damage: bytes) -> None:
    assert add(41) == 42
    assert told == [compiling.ONCE]
    files = [path for path in tmp_path.rglob("added*") if path.suffix in (".nbi", ".nbc")]
    assert len(files) == 2
    for path in files:
        path.write_bytes(damage)
    assert _load(tmp_path)(41) == 42
    again: list[str] = []
    compiling.tell_of_compiling(again.append)
    assert _load(tmp_path)(41) == 42
    assert again == []


def test_what_was_compiled_for_all_is_found_beside_the_program(add: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who cannot write there keeps code elsewhere."""
    assert add(41) == 42
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "of the user"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "0", done.stderr


def test_a_function_kept_nowhere_says_so_at_every_start(told: list[str]) -> None:
    scope: dict[str, Any] = {}
    exec("def double(number):\n    return 2 * number", scope)
    assert compiled(nogil=True)(scope["double"])(21) == 42
    assert told == [compiling.EACH_TIME]
