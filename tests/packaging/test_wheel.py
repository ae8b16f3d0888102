import configparser
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOLDERS = {"app": "difffit_app", "difffit_core": "difffit_core", "resources": "difffit_resources"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in FOLDERS:
        shutil.copytree(repository / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(repository / name, source)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_it_puts_only_its_own_names_into_site_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in tops if not name.endswith(".dist-info")} == set(FOLDERS.values())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_and_data_file_is_in_it(wheel: zipfile.ZipFile, repository: Path, folder: str) -> None:
    root = repository / folder
    tracked = [path.relative_to(root) for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert tracked
    missing = [str(path) for path in tracked if f"{FOLDERS[folder]}/{path.as_posix()}" not in wheel.namelist()]
    assert missing == []


def test_it_names_the_command_and_the_window(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    entries = configparser.ConfigParser()
    entries.read_string(wheel.read(name).decode())
    assert dict(entries["console_scripts"]) == {"difffit": "difffit_core.start:main"}
    windows = {"open": "difffit_app.__main__:open_window", "render": "difffit_app.render:render_project"}
    assert dict(entries["difffit.window"]) == windows
