import importlib.util
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="apt is a Linux matter")

Program = Callable[[str, str], None]


@pytest.fixture
def libraries(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("system_libraries", repository / "packaging" / "system_libraries.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a shell script on a PATH that holds nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make(name: str, body: str) -> None:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return make


def dpkg_output(names: list[str]) -> str:
    return "/bin/cat <<'END'\n" + "\n".join(f"ii \t{name}\t" for name in names) + "\nEND"


def test_a_renamed_library_counts_as_there_and_a_removed_one_does_not(libraries: ModuleType, program: Program) -> None:
    others = [name for name in libraries.PACKAGES if name not in ("libglib2.0-0", "xvfb")]
    lines = dpkg_output(others).replace("\nEND", "\nii \tlibglib2.0-0t64\tlibglib2.0-0 (= 2.80)\nrc \txvfb\t\nEND")
    program("dpkg-query", lines)
    assert libraries.missing() == ["xvfb"]


def test_what_is_missing_is_installed_by_root(
    libraries: ModuleType, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    program("dpkg-query", dpkg_output([name for name in libraries.PACKAGES if name != "libegl1"]))
    program("env", 'shift; exec "$@"')
    program("apt-get", f'echo "$@" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    libraries.ensure(said.append)
    update, install = log.read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install --yes --no-install-recommends libegl1")
    assert said == ["Installing missing system libraries: libegl1."]


def test_without_rights_it_names_them_and_goes_on(libraries: ModuleType, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("dpkg-query", dpkg_output([name for name in libraries.PACKAGES if name not in ("libegl1", "xvfb")]))
    program("apt-get", "exit 77")
    program("sudo", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said: list[str] = []
    libraries.ensure(said.append)
    (sentence,) = said
    assert sentence.endswith("apt-get install libegl1 xvfb")
    assert "no sudo without a password" in sentence


def test_where_apt_fails_it_says_so_and_goes_on(libraries: ModuleType, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("dpkg-query", dpkg_output([name for name in libraries.PACKAGES if name != "libegl1"]))
    program("env", 'shift; exec "$@"')
    program("apt-get", "exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    libraries.ensure(said.append)
    assert "apt-get failed" in said[-1]


def test_nothing_is_said_where_nothing_is_missing(libraries: ModuleType, program: Program) -> None:
    program("dpkg-query", dpkg_output(list(libraries.PACKAGES)))
    program("apt-get", "exit 77")
    said: list[str] = []
    libraries.ensure(said.append)
    assert said == []
