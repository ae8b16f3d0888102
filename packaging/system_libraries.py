"""The system libraries that Qt and OpenGL need on Linux: looked for with dpkg-query, installed with apt-get where there is one."""

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

PACKAGES = (
    "fonts-dejavu-core",
    "libdbus-1-3",
    "libegl-mesa0",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libgl1-mesa-dri",
    "libglib2.0-0",
    "libglx-mesa0",
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-glx0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libxkbcommon0",
    "xvfb",
)
APT_OPTIONS = ("-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=120", "-qq")


def ensure(say: Callable[[str], None]) -> None:
    """Install what is missing; where that cannot be done, say what will not work, and go on."""
    if not sys.platform.startswith("linux") or not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return
    names = missing()
    if not names:
        return
    root = _rights()
    if root is None:
        reason = "this user is not root and has no sudo without a password"
    else:
        say(f"Installing missing system libraries: {', '.join(names)}.")
        reason = "" if _install(root, names) else "apt-get failed, its own words are above"
    if reason:
        say(
            f"System libraries are missing and could not be installed ({reason}); the fit works without, but the window and its tests "
            f"may not start. Ask an administrator for: apt-get install {' '.join(names)}"
        )


def missing() -> list[str]:
    """Those of the packages that are not installed, neither by name nor provided by another (libglib2.0-0 by libglib2.0-0t64)."""
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev}\t${Package}\t${Provides}\n"]
    installed: set[str] = set()
    for line in subprocess.run(query, check=True, capture_output=True, text=True).stdout.splitlines():
        status, name, provides = line.split("\t")
        if status.startswith("ii"):
            installed.add(name)
            installed.update(entry.split()[0] for entry in provides.split(",") if entry.strip())
    wanted = [*PACKAGES]
    if importlib.util.find_spec("ensurepip") is None:  # Debian's Python leaves it to a package of its own
        wanted.append("python3-venv")
    return [name for name in wanted if name not in installed]


def _rights() -> list[str] | None:
    """What to put before a command to run it as root; None where that is not possible."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def _install(root: list[str], names: list[str]) -> bool:
    """Whether apt-get could install them; stale lists may do where they cannot be updated."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *APT_OPTIONS]
    subprocess.run([*apt, "update"], check=False, stdin=subprocess.DEVNULL)
    command = [*apt, "install", "--yes", "--no-install-recommends", *names]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    importlib.invalidate_caches()
    return done.returncode == 0
