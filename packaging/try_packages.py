"""Try what `package.py` built, each where there is nothing of the source tree: a home of its own, another folder, no variables of ours.

``python packaging/try_packages.py [wheel] [core] [bundle] [deb] [appimage]``. Each opens the shipped example, fits it, saves, renders,
hands over and, where there is Xvfb, opens the window; the core has none, and says so. Fits are measured in seconds of the processors: one
with nothing compiled, the first after what an installation does, in another folder, and a second, than which the first must not take much
longer.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import core_environment
from environment import ROOT, SetupError, say
from package import DIST, PARTS, borrowing_environment

SLOWER = 1.5
"""The first fit's seconds in the second's, at most."""
COMPILES = "compiling for this machine"
STARTS_IN_S, WINDOW_S = 120, 25
"""Until the window's log says that it starts, on a slow machine, and how long it is left open from there on."""
_EXAMPLE = ROOT / "resources" / "example"
_FILES = ("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")
_TYPES = {"a.difffit": "application/x-difffit-project", "a.mrc": "application/x-mrc-map", "a.ccp4": "application/x-mrc-map"}


@dataclass(frozen=True)
class Tried:
    """One package as it stands where it is tried: its program, the folder it may use, and whether it has the window."""

    name: str
    program: Path
    place: Path
    window: bool = True

    def __call__(self, *arguments: str, status: int = 0, folder: str = "", **variables: str) -> str:
        """Run the program, in a folder of the place and with further variables, and give all that it printed."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.place / folder,
            env=self.variables | variables,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        if done.returncode != status or "Traceback" in done.stdout:
            raise SetupError(f"{self.name}: difffit {' '.join(arguments)} ended with status {done.returncode}:\n{done.stdout.strip()}")
        return done.stdout

    @property
    def variables(self) -> dict[str, str]:
        """A new user's: a home with nothing in it, and no Python but the package's own."""
        home = self.place / "home"
        home.mkdir(exist_ok=True)
        return {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(home)}


def main(wanted: list[str]) -> int:
    """Try each package, and print a table of what was seen."""
    rows: list[tuple[str, tuple[Seconds, Seconds, Seconds], str]] = []
    for name in wanted or PARTS:
        with tempfile.TemporaryDirectory(prefix=f"difffit-{name}-") as folder:
            try:
                tried = {"wheel": of_wheel, "core": of_core, "bundle": of_bundle, "deb": of_deb, "appimage": of_app_image}[name](
                    Path(folder)
                )
            except KeyError:
                raise SetupError(f"what to try must be some of {', '.join(PARTS)}, got {name}") from None
            if tried is None:
                continue
            say(f"Trying the {name}.")
            rows.append((name, *smoke(tried)))
    say("\nSeconds of the processors, and by the clock:")
    say(f"{'what':<8} {'nothing compiled':>18} {'first as installed':>20} {'second':>14}  window")
    for name, (cold, first, second), window in rows:
        say(f"{name:<8} {cold!s:>18} {first!s:>20} {second!s:>14}  {window}")
    return 0


def of_wheel(folder: Path) -> Tried:
    """The wheel in an environment of its own, with the libraries of this one."""
    (wheel,) = DIST.glob("difffit_desktop-*.whl")
    python = borrowing_environment(folder / "environment")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", str(wheel)], check=True)
    return Tried("wheel", python.with_name("difffit"), folder)


def of_core(folder: Path) -> Tried:
    """The core's wheel in an environment of its own, with the libraries that it asks for, and no other."""
    (wheel,) = DIST.glob("difffit_core-*.whl")
    python = core_environment.make(folder / "environment", wheel)
    return Tried("core", python.with_name("difffit"), folder, window=False)


def of_bundle(folder: Path) -> Tried:
    """The one-folder program, somewhere else than where it was built."""
    shutil.copytree(DIST / "difffit", folder / "a place" / "difffit", symlinks=True)
    return Tried("bundle", folder / "a place" / "difffit" / "difffit", folder)


def of_deb(folder: Path) -> Tried | None:
    """The Debian package, unpacked; its menu entry, icon and types are looked at."""
    found = list(DIST.glob("difffit-desktop_*.deb"))
    if not found:
        say("There is no Debian package to try.")
        return None
    root = folder / "root"
    for what, into in (("-x", root), ("-e", folder / "scripts")):
        subprocess.run(["dpkg-deb", what, str(found[0]), str(into)], check=True)
    entry = (root / "usr/share/applications/difffit.desktop").read_text(encoding="utf-8")
    if "Exec=difffit open %F" not in entry or not (root / "usr/share/icons/hicolor/scalable/apps/difffit.svg").is_file():
        raise SetupError("deb: the menu entry or its icon is not as it should be")
    if shutil.which("update-mime-database"):
        mime = root / "usr/share/mime"
        subprocess.run(["update-mime-database", str(mime)], check=True, capture_output=True)
        known = (mime / "globs2").read_text(encoding="utf-8")
        for name, kind in _TYPES.items():
            if f":{kind}:*{Path(name).suffix}" not in known:
                raise SetupError(f"deb: {name} is not known as {kind}")
    return Tried("deb", root / "usr/bin/difffit", folder)


def of_app_image(folder: Path) -> Tried | None:
    """The AppImage, unpacked by itself: running it as it is wants FUSE."""
    found = list(DIST.glob("difffit-desktop-*.AppImage"))
    if not found:
        say("There is no AppImage to try.")
        return None
    subprocess.run([found[0], "--appimage-extract"], check=True, capture_output=True, cwd=folder)
    return Tried("appimage", folder / "squashfs-root" / "AppRun", folder)


def smoke(tried: Tried) -> tuple[tuple["Seconds", "Seconds", "Seconds"], str]:
    """What a new user does; the seconds of a fit with nothing compiled, of the first and of the second, and how the window did."""
    for name in _FILES:
        shutil.copy(_EXAMPLE / name, tried.place)
    (tried.place / "elsewhere").mkdir()
    if "difffit" not in tried("--version"):
        raise SetupError(f"{tried.name}: --version says nothing")
    cold, said = _fit(tried, "out-0", NUMBA_CACHE_DIR=str(tried.place / "of the first"))
    if COMPILES not in said:
        raise SetupError(f"{tried.name}: a fit with nothing compiled does not say that it compiles:\n{said}")
    _install(tried)
    first, said = _fit(tried, "../out-1", folder="elsewhere")
    second, _ = _fit(tried, "out-2")
    if COMPILES in said or first.processors > SLOWER * second.processors:
        raise SetupError(f"{tried.name}: the first fit took {first} s, the second {second} s; it said:\n{said}")
    best = json.loads((tried.place / "out-1" / "placements.json").read_text(encoding="utf-8"))["placements"][0]
    if best["verdict"] != "unique":
        raise SetupError(f"{tried.name}: the best placement of the example is {best['verdict']}")
    project = "out-1/project.difffit"
    tried("handover", project, "--out", "over")
    tried("screen", _FILES[0], "over", "--resolution", "4", "--level", "0.4", "--jobs", "2", "--out", "screened", "--set", "starts=50")
    tried("nonsense", status=2)
    if not tried.window:
        for words in (("open",), ("render", project, "--out", "drawn.png")):
            if (said := tried(*words, status=2)).count("\n") != 1 or "install difffit-desktop" not in said:
                raise SetupError(f"{tried.name}: difffit {words[0]} should say that the window is not here, and said:\n{said}")
        return (cold, first, second), "none, which it says"
    server = shutil.which("xvfb-run")
    if server is None:
        return (cold, first, second), "not tried, as there is no Xvfb"
    drawn = Tried(tried.name, Path(server), tried.place)
    drawn("-a", str(tried.program), "render", project, "--out", "drawn.png", "--width", "320", "--height", "240")
    if (tried.place / "drawn.png").stat().st_size < 2000:
        raise SetupError(f"{tried.name}: the picture is empty")
    return (cold, first, second), _window(tried, server, project)


@dataclass(frozen=True)
class Seconds:
    """What a command took: of all processors together, which tells of work also where others work beside it; and by the clock."""

    processors: float
    clock: float

    def __str__(self) -> str:
        return f"{self.processors:.1f} ({self.clock:.1f})"


def _fit(tried: Tried, out: str, *, folder: str = "", **variables: str) -> tuple[Seconds, str]:
    files = [str(tried.place / name) for name in _FILES]
    clock, worked = time.perf_counter(), _of_processors()
    said = tried("fit", *files, "--resolution", "4", "--chain", "D,E", "--preset", "fast", "--out", out, folder=folder, **variables)
    return Seconds(_of_processors() - worked, time.perf_counter() - clock), said


def _of_processors() -> float:
    """Seconds that all programs which this one started have worked."""
    told = os.times()
    return told.children_user + told.children_system


def _install(tried: Tried) -> None:
    """Do what installing does after the files are there: the Debian package by its script, the others by what their page advises."""
    script = tried.place / "scripts" / "postinst"
    if not script.is_file():
        tried("warm-up")
        return
    unpacked = tried.place / "root"
    script.write_text(script.read_text(encoding="utf-8").replace("/opt/difffit/", f"{unpacked}/opt/difffit/"), encoding="utf-8")
    done = subprocess.run([script, "configure"], check=True, capture_output=True, text=True, env=tried.variables)
    if "did not work" in done.stdout:
        raise SetupError(f"{tried.name}: what compiles after installing fails: {done.stdout}")


def _window(tried: Tried, server: str, project: str) -> str:
    """Open the project in the window, leave it some time, and interrupt it, which closes it in order."""
    display = subprocess.Popen(
        [server, "-a", "-s", "-screen 0 1280x800x24", "sh", "-c", 'echo $$; exec "$0" "$@"', str(tried.program), "open", project],
        cwd=tried.place, env=tried.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert display.stdout is not None
    number = int(display.stdout.readline())
    begun = time.monotonic()
    while display.poll() is None and not _starts(tried) and time.monotonic() - begun < STARTS_IN_S:
        time.sleep(0.5)
    time.sleep(WINDOW_S)
    if display.poll() is not None:
        raise SetupError(f"{tried.name}: the window ended by itself with status {display.returncode}: {display.communicate()[1]}")
    os.kill(number, signal.SIGINT)
    words = display.communicate(timeout=60)[1]
    if display.returncode != 0 or "Traceback" in words:
        raise SetupError(f"{tried.name}: the window ended with status {display.returncode}: {words}")
    logs = _logs(tried)
    if not _starts(tried) or any("Traceback" in text or " ERROR " in text for text in logs):
        raise SetupError(f"{tried.name}: the log of the window tells of a failure:\n" + "\n".join(logs)[-2000:])
    return "opened, and closed in order"


def _logs(tried: Tried) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (tried.place / "home").rglob("*.log")]


def _starts(tried: Tried) -> bool:
    return any("starts" in text for text in _logs(tried))


_PARTS = {"wheel": of_wheel, "core": of_core, "bundle": of_bundle, "deb": of_deb, "appimage": of_app_image}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"test-package: {error}")
