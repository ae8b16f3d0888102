"""Build into dist the wheel, that of the core alone, the one-folder program, a Debian package and an AppImage of it; and tell their sizes.

``python packaging/package.py [wheel] [core] [bundle] [deb] [appimage]``, run with the environment's Python; all of them without a name.
"""

import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

import appimage
import core_wheel
import debian
from environment import ROOT, SetupError, say

DIST, WORK = ROOT / "dist", ROOT / "build"
BUNDLE = DIST / "difffit"
BUILDER = ("pyinstaller==6.22.3",)
PARTS = ("wheel", "core", "bundle", "deb", "appimage")
NEEDS = {"deb": ("dpkg-deb", "Debian package"), "appimage": (appimage.TOOL, "AppImage")}


def main(wanted: list[str]) -> int:
    """Build some of the parts, in their order, and print a table of sizes."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise SetupError(f"what to package must be some of {', '.join(PARTS)}, got {unknown[0]}")
    DIST.mkdir(exist_ok=True)
    built: list[tuple[str, Path]] = []
    for name in PARTS:
        if not wanted or name in wanted:
            tool, what = NEEDS.get(name, ("", ""))
            if tool and shutil.which(tool) is None:
                say(f"There is no {tool} here, so that no {what} is built.")
                continue
            build = {"wheel": wheel, "core": core, "bundle": bundle, "deb": deb, "appimage": app_image}[name]
            built.append((name, build()))
    say(f"\n{'what':<8} {'MB':>8}  where")
    for name, path in built:
        say(f"{name:<8} {size_of(path) / 1e6:8.1f}  {path.relative_to(ROOT)}")
    return 0


def wheel() -> Path:
    """The wheel, of pure Python."""
    say("Building the wheel.")
    shutil.rmtree(WORK / "lib", ignore_errors=True)  # setuptools would put what has been removed since into the wheel
    return _wheel_of(ROOT, "difffit_desktop-*.whl")


def core() -> Path:
    """The wheel of the core alone, for servers."""
    say("Building the wheel of the core.")
    return _wheel_of(core_wheel.lay_out(WORK / "core"), "difffit_core-*.whl")


def _wheel_of(source: Path, pattern: str) -> Path:
    for old in DIST.glob(pattern):
        old.unlink()
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(DIST)]
    run([sys.executable, "-m", "pip", "wheel", *options, str(source)], "the wheel could not be built")
    (path,) = DIST.glob(pattern)
    return path


def bundle() -> Path:
    """A folder with the program, its Python and all its libraries but torch, made from the wheel."""
    (path,) = list(DIST.glob("difffit_desktop-*.whl")) or [wheel()]
    say("Building the one-folder program; this takes some minutes.")
    place = WORK / "bundle"
    shutil.rmtree(place, ignore_errors=True)
    python = borrowing_environment(place / "environment")
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "--no-deps", str(path)], "the wheel could not be installed")
    run([*pip, *BUILDER], "PyInstaller could not be installed; check the network")
    shutil.copytree(ROOT / "packaging" / "builds", place / "recipe")  # run from there, since Python looks where it is started first
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(DIST), "--workpath"]
    run([*command, str(place / "work"), str(place / "recipe" / "difffit.spec")], "PyInstaller failed, its own words are above", place)
    return BUNDLE


def deb() -> Path:
    """A Debian package of the one-folder program, with a menu entry, an icon and the types of its files."""
    if not BUNDLE.is_dir():
        bundle()
    say("Building the Debian package.")
    return debian.build(BUNDLE, DIST, WORK / "deb", version())


def app_image() -> Path:
    """One file with the one-folder program in it."""
    if not BUNDLE.is_dir():
        bundle()
    say("Building the AppImage.")
    return appimage.build(BUNDLE, DIST, WORK / "appimage", version())


def borrowing_environment(folder: Path) -> Path:
    """A new environment that sees the libraries of this one, but not what is installed here in place; its Python."""
    run([sys.executable, "-m", "venv", str(folder)], "no environment could be made")
    python = folder / ("Scripts" if os.name == "nt" else "bin") / ("python.exe" if os.name == "nt" else "python")
    asked = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    Path(asked.stdout.strip(), "borrowed.pth").write_text("".join(f"{one}\n" for one in site.getsitepackages()), encoding="utf-8")
    return python


def version() -> str:
    """Of the program."""
    code = "import difffit_core; print(difffit_core.__version__)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; links count nothing."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(one.stat().st_size for one in files if one.is_file() and not one.is_symlink())


def run(command: list[str], failed: str, folder: Path = ROOT) -> None:
    """Run a command in a folder; `SetupError` with that sentence if it fails."""
    if subprocess.run(command, cwd=folder, check=False).returncode != 0:
        raise SetupError(f"{failed}.")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"package: {error}")
