"""Try what `package.py` built, each where there is nothing of the source tree: a home of its own, another folder, no variables of ours.

``python packaging/try_packages.py [wheel] [bundle] [deb]``. Each opens the shipped example, fits it twice, saves, renders, hands over and,
where there is Xvfb, opens the window. The first fit ever must not take much longer than the second.
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

from environment import ROOT, SetupError, say
from package import DIST, PARTS, borrowing_environment

SLOWER = 1.5
"""The first fit's seconds in the second's, at most."""
WINDOW_S = 25
_EXAMPLE = ROOT / "resources" / "example"
_FILES = ("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")
_TYPES = {"a.difffit": "application/x-difffit-project", "a.mrc": "application/x-mrc-map", "a.ccp4": "application/x-mrc-map"}


@dataclass(frozen=True)
class Tried:
    """One package as it stands where it is tried: its program, and the folder it may use."""

    name: str
    program: Path
    place: Path

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """Run the program, and give what it printed."""
        done = subprocess.run(
            [self.program, *arguments], cwd=self.place, env=self.variables, check=False, capture_output=True, text=True, timeout=600
        )
        if done.returncode != status or "Traceback" in done.stderr:
            words = f"{done.stdout}\n{done.stderr}".strip()
            raise SetupError(f"{self.name}: difffit {' '.join(arguments)} ended with status {done.returncode}:\n{words}")
        return done.stdout

    @property
    def variables(self) -> dict[str, str]:
        """A new user's: a home with nothing in it, and no Python but the package's own."""
        home = self.place / "home"
        home.mkdir(exist_ok=True)
        return {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(home)}


def main(wanted: list[str]) -> int:
    """Try each package, and print a table of what was seen."""
    rows = []
    for name in wanted or PARTS:
        with tempfile.TemporaryDirectory(prefix=f"difffit-{name}-") as folder:
            try:
                tried = {"wheel": of_wheel, "bundle": of_bundle, "deb": of_deb}[name](Path(folder))
            except KeyError:
                raise SetupError(f"what to try must be some of {', '.join(PARTS)}, got {name}") from None
            if tried is None:
                continue
            say(f"Trying the {name}.")
            rows.append((name, *smoke(tried)))
    say(f"\n{'what':<8} {'first fit, s':>13} {'second':>8}  window")
    for name, first, second, window in rows:
        say(f"{name:<8} {first:13.1f} {second:8.1f}  {window}")
    return 0


def of_wheel(folder: Path) -> Tried:
    """The wheel in an environment of its own, with the libraries of this one."""
    (wheel,) = DIST.glob("difffit_desktop-*.whl")
    python = borrowing_environment(folder / "environment")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", str(wheel)], check=True)
    return Tried("wheel", python.with_name("difffit"), folder)


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
    subprocess.run(["dpkg-deb", "-x", str(found[0]), str(root)], check=True)
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


def smoke(tried: Tried) -> tuple[float, float, str]:
    """What a new user does; seconds of the first and the second fit, and how the window did."""
    for name in _FILES:
        shutil.copy(_EXAMPLE / name, tried.place)
    if "difffit" not in tried("--version"):
        raise SetupError(f"{tried.name}: --version says nothing")
    tried("warm-up")
    first, second = (_fit(tried, f"out-{number}") for number in (1, 2))
    if first > SLOWER * second + 1:
        raise SetupError(f"{tried.name}: the first fit took {first:.1f} s, the second {second:.1f} s")
    best = json.loads((tried.place / "out-1" / "placements.json").read_text(encoding="utf-8"))["placements"][0]
    if best["verdict"] != "unique":
        raise SetupError(f"{tried.name}: the best placement of the example is {best['verdict']}")
    project = "out-1/project.difffit"
    tried("handover", project, "--out", "over")
    tried("screen", _FILES[0], "over", "--resolution", "4", "--level", "0.4", "--jobs", "2", "--out", "screened", "--set", "starts=50")
    tried("nonsense", status=2)
    server = shutil.which("xvfb-run")
    if server is None:
        return first, second, "not tried, as there is no Xvfb"
    drawn = Tried(tried.name, Path(server), tried.place)
    drawn("-a", str(tried.program), "render", project, "--out", "drawn.png", "--width", "320", "--height", "240")
    if (tried.place / "drawn.png").stat().st_size < 2000:
        raise SetupError(f"{tried.name}: the picture is empty")
    return first, second, _window(tried, server, project)


def _fit(tried: Tried, out: str) -> float:
    begun = time.perf_counter()
    tried("fit", *_FILES, "--resolution", "4", "--chain", "D,E", "--preset", "fast", "--out", out)
    return time.perf_counter() - begun


def _window(tried: Tried, server: str, project: str) -> str:
    """Open the project in the window, leave it some time, and interrupt it, which closes it in order."""
    display = subprocess.Popen(
        [server, "-a", "-s", "-screen 0 1280x800x24", "sh", "-c", 'echo $$; exec "$0" "$@"', str(tried.program), "open", project],
        cwd=tried.place, env=tried.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert display.stdout is not None
    number = int(display.stdout.readline())
    time.sleep(WINDOW_S)
    if display.poll() is not None:
        raise SetupError(f"{tried.name}: the window ended by itself with status {display.returncode}: {display.communicate()[1]}")
    os.kill(number, signal.SIGINT)
    words = display.communicate(timeout=60)[1]
    if display.returncode != 0 or "Traceback" in words:
        raise SetupError(f"{tried.name}: the window ended with status {display.returncode}: {words}")
    logs = [path.read_text(encoding="utf-8") for path in (tried.place / "home").rglob("*.log")]
    if not any("starts" in text for text in logs) or any("Traceback" in text or " ERROR " in text for text in logs):
        raise SetupError(f"{tried.name}: the log of the window tells of a failure:\n" + "\n".join(logs)[-2000:])
    return "opened, and closed in order"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"test-package: {error}")
