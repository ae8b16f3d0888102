"""The AppImage: the one-folder program, a menu entry and an icon in one file that runs where it lies, without being installed.

Made by appimagetool (github.com/AppImage/appimagetool), which no package index has: it must be on the path.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from debian import LINUX
from environment import SetupError

TOOL = "appimagetool"
_RUN = """\
#!/bin/sh
# The window where nothing is asked for, as from a menu; else the command difffit.
exec "$(dirname "$(readlink -f "$0")")/opt/difffit/difffit" "$@"
"""


def build(program: Path, into: Path, work: Path, version: str) -> Path:
    """Build it of a one-folder program.

    Raises
    ------
    SetupError
        If appimagetool fails.
    """
    shutil.rmtree(work, ignore_errors=True)
    root = lay_out(program, work / "difffit.AppDir")
    machine = platform.machine()
    path = into / f"difffit-desktop-{version}-{machine}.AppImage"
    variables = {**os.environ, "ARCH": machine, "VERSION": version}
    if subprocess.run([TOOL, "--no-appstream", str(root), str(path)], check=False, env=variables).returncode != 0:
        raise SetupError("appimagetool failed, its own words are above.")
    return path


def lay_out(program: Path, root: Path) -> Path:
    """The folder that becomes the file: what is run, its menu entry and its icon lie at the top."""
    shutil.copytree(program, root / "opt" / "difffit", symlinks=True)
    (root / "AppRun").write_text(_RUN, encoding="utf-8")
    (root / "AppRun").chmod(0o755)
    for name in ("difffit.desktop", "difffit.svg"):
        shutil.copy(LINUX / name, root)
    (root / ".DirIcon").symlink_to("difffit.svg")
    return root
