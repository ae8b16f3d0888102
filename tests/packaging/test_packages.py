"""What is handed out: the Debian package's files, the recipe of the one-folder program, and the types of files."""

import configparser
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from PIL import Image


@pytest.fixture
def debian(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(repository / "packaging")
    import debian

    return debian


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="there is no dpkg-deb")
def test_a_debian_package_has_the_program_a_command_a_menu_entry_and_types(debian: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "difffit"
    program.mkdir()
    (program / "difffit").write_text("#!/bin/sh\necho the program\n")
    (program / "difffit").chmod(0o755)
    path = debian.build(program, tmp_path, tmp_path / "work", "1.2.3")
    fields = subprocess.run(["dpkg-deb", "--field", str(path)], check=True, capture_output=True, text=True).stdout
    assert "Version: 1.2.3" in fields
    assert "libegl1" in fields
    assert "xvfb" not in fields
    subprocess.run(["dpkg-deb", "-e", str(path), str(tmp_path / "scripts")], check=True)
    for name in ("postinst", "prerm"):
        subprocess.run(["sh", "-n", tmp_path / "scripts" / name], check=True)
    assert "difffit warm-up" in (tmp_path / "scripts" / "postinst").read_text()
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "-x", str(path), str(root)], check=True)
    assert subprocess.run([root / "usr/bin/difffit"], check=True, capture_output=True, text=True).stdout == "the program\n"
    listed = subprocess.run(["dpkg-deb", "--contents", str(path)], check=True, capture_output=True, text=True).stdout
    assert all("root/root" in line for line in listed.splitlines())
    for file in ("applications/difffit.desktop", "mime/packages/difffit.xml", "icons/hicolor/scalable/apps/difffit.svg"):
        assert (root / "usr/share" / file).is_file()


def test_an_appimage_runs_the_program_with_what_it_is_given(debian: ModuleType, tmp_path: Path) -> None:
    import appimage

    program = tmp_path / "difffit"
    program.mkdir()
    (program / "difffit").write_text('#!/bin/sh\necho "the program: $*"\n')
    (program / "difffit").chmod(0o755)
    root = appimage.lay_out(program, tmp_path / "a place" / "difffit.AppDir")
    done = subprocess.run([root / "AppRun", "fit", "a map.mrc"], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "the program: fit a map.mrc\n"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(root / "difffit.desktop")
    assert (root / f"{entry['Desktop Entry']['Icon']}.svg").is_file()
    assert (root / ".DirIcon").resolve().is_file()


@pytest.fixture
def slimming(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(repository / "packaging" / "builds")
    import slimming

    return slimming


def test_what_is_left_out_takes_along_what_nothing_else_needs(slimming: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = {
        "wanted.so": {"libboth.so", "libc.so.6"}, "unwanted.so": {"libboth.so", "libonly.so"}, "libonly.so": {"libdeep.so", "libboth.so"},
        "libdeep.so": {"libonly.so"}, "libboth.so": set(), "plugin.so": set(),
    }  # fmt: skip
    monkeypatch.setattr(slimming, "_needs", needs.__getitem__)
    listed = [(f"somewhere/{name}", name, "BINARY") for name in needs]
    kept = slimming.without(listed, {"somewhere/unwanted.so"})
    assert [source for _, source, _ in kept] == ["wanted.so", "libboth.so", "plugin.so"]


def test_what_numba_compiles_lies_in_the_one_folder_program_as_files(slimming: ModuleType) -> None:
    """Its code would be kept once for each folder in which the program is run, else."""
    from difffit_core.ops.compiled import _functions

    named = slimming.modules_compiled_at_run_time()
    assert {"difffit_core.ops.kernels", "difffit_core.fit.search.cluster"} <= set(named)
    assert {one.__module__ for one in _functions if one.__module__.startswith("difffit_core.")} <= set(named)


def test_the_menu_entry_opens_the_types_that_are_declared(repository: Path) -> None:
    linux = repository / "packaging" / "builds" / "linux"
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(linux / "difffit.desktop")
    desktop = entry["Desktop Entry"]
    assert desktop["Exec"] == "difffit open %F"
    assert (linux / f"{desktop['Icon']}.svg").is_file()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kinds = {
        one.get("type"): [glob.get("pattern") for glob in one.iter(f"{space}glob")] for one in ET.parse(linux / "difffit.xml").getroot()
    }
    assert set(desktop["MimeType"].strip(";").split(";")) == set(kinds)
    assert kinds["application/x-difffit-project"] == ["*.difffit"]
    assert set(kinds["application/x-mrc-map"]) == {"*.mrc", "*.map", "*.ccp4"}


def test_the_one_folder_program_begins_with_the_command_and_needs_nothing_unknown(repository: Path) -> None:
    builds = repository / "packaging" / "builds"
    for name in ("difffit.spec", "start.py"):
        compile((builds / name).read_text(encoding="utf-8"), name, "exec")
    done = subprocess.run([sys.executable, builds / "start.py", "--version"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("difffit ")


@pytest.mark.parametrize(("platform", "made"), [
    ("linux", [("EXE", "difffit", None), ("COLLECT", "difffit", None)]),
    ("win32", [("EXE", "difffit", "difffit.ico"), ("EXE", "DiffFit Desktop", "difffit.ico"), ("COLLECT", "difffit", None)]),
    ("darwin", [("EXE", "difffit", "difffit.icns"), ("COLLECT", "difffit", None), ("BUNDLE", "DiffFit Desktop.app", "difffit.icns")]),
])  # fmt: skip
def test_what_the_recipe_builds_on_each_system(
    repository: Path, tmp_path: Path, qapp: object, slimming: ModuleType, monkeypatch: pytest.MonkeyPatch, platform: str,
    made: list[tuple[str, str, str | None]],
) -> None:  # fmt: skip
    """PyInstaller, which builds for the system on which it runs, is stood in for."""
    told: list[tuple[str, dict[str, object]]] = []

    def standing_in(kind: str) -> object:
        return lambda *_, **options: told.append((kind, options)) or SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    hooks = ModuleType("PyInstaller.utils.hooks")
    for name, given in (("collect_all", ([], [], [])), ("collect_data_files", []), ("collect_submodules", []), ("copy_metadata", [])):
        setattr(hooks, name, lambda *_, given=given, **__: given)
    for name in ("PyInstaller", "PyInstaller.utils", "PyInstaller.utils.hooks"):
        monkeypatch.setitem(sys.modules, name, hooks)
    monkeypatch.setattr(slimming, "slimmed", lambda binaries, _: binaries)
    monkeypatch.setattr(sys, "platform", platform)
    builds = repository / "packaging" / "builds"
    names = {kind: standing_in(kind) for kind in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}
    code = compile((builds / "difffit.spec").read_text(encoding="utf-8"), "difffit.spec", "exec")
    exec(code, {**names, "SPECPATH": str(builds), "workpath": str(tmp_path)})
    assert [(kind, options["name"], Path(str(options["icon"])).name if options.get("icon") else None)
            for kind, options in told if kind not in ("Analysis", "PYZ")] == made  # fmt: skip
    consoles = [options["console"] for kind, options in told if kind == "EXE"]
    assert consoles == [True, False][: len(consoles)]
    for _, options in told:
        if options.get("icon"):
            with Image.open(str(options["icon"])) as icon:
                assert icon.getpixel((0, 0))[3] == 0, "transparent where nothing is"
                assert icon.size[0] >= 256
