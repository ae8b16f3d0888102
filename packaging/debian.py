"""The Debian package: the one-folder program under /opt, a command, a menu entry, an icon, and the types of its files."""

import shutil
import subprocess
from pathlib import Path

import system_libraries
from environment import ROOT, SetupError

LINUX = ROOT / "packaging" / "builds" / "linux"
NEEDS = tuple(name for name in system_libraries.PACKAGES if name not in ("xvfb", "fonts-dejavu-core"))
_CONTROL = """\
Package: difffit-desktop
Version: {version}
Architecture: {architecture}
Maintainer: The DiffFit Desktop developers <difffit@localhost>
Installed-Size: {kilobytes}
Section: science
Priority: optional
Depends: {needs}
Recommends: fonts-dejavu-core
Description: fit atomic models into cryo-EM density maps
 A window with linked 3-D views, and the command difffit for machines without
 a display. It searches all positions and orientations of a model in a map,
 refines, ranks, and says how sure it is. This package computes on the CPU.
"""
_AFTER_INSTALLING = """\
#!/bin/sh
# Compile for this machine, for all of its users, so that the first fit takes no longer than the second.
set -e
if [ "$1" = configure ]; then
    echo "difffit: compiling for this machine"
    /opt/difffit/difffit warm-up >/dev/null 2>&1 || echo "difffit: that did not work; the first fit of each user compiles"
fi
"""
_BEFORE_REMOVING = """\
#!/bin/sh
# What was compiled here is no file of the package.
set -e
find /opt/difffit -name "*.nb[ic]" -delete
find /opt/difffit -name difffit-warm.json -delete
find /opt/difffit -name difffit-code.lock -delete
find /opt/difffit -name "*.pyc" -path "*/__pycache__/*" -delete
find /opt/difffit -name __pycache__ -empty -delete
"""


def build(program: Path, into: Path, work: Path, version: str) -> Path:
    """Build the package of a one-folder program, which compiles for the machine when it is installed.

    Raises
    ------
    SetupError
        If dpkg-deb fails.
    """
    shutil.rmtree(work, ignore_errors=True)
    root = lay_out(program, work / "root")
    architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
    kilobytes = sum(one.stat().st_size for one in root.rglob("*") if one.is_file() and not one.is_symlink()) // 1024
    needs = ", ".join("libglib2.0-0 | libglib2.0-0t64" if name == "libglib2.0-0" else name for name in NEEDS)
    (root / "DEBIAN").mkdir()
    control = _CONTROL.format(version=version, architecture=architecture, kilobytes=kilobytes, needs=f"libc6, {needs}")
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    for name, script in (("postinst", _AFTER_INSTALLING), ("prerm", _BEFORE_REMOVING)):
        (root / "DEBIAN" / name).write_text(script, encoding="utf-8")
        (root / "DEBIAN" / name).chmod(0o755)
    path = into / f"difffit-desktop_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--build", "--root-owner-group", "-Zzstd", "-z15", "--threads-max=2", str(root), str(path)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0:
        raise SetupError("dpkg-deb failed, its own words are above.")
    return path


def lay_out(program: Path, root: Path) -> Path:
    """The files where they will be installed; links that lead out of the program are none there."""
    shutil.copytree(program, root / "opt" / "difffit", symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "difffit").symlink_to("../../opt/difffit/difffit")
    for name, folder in (
        ("difffit.desktop", "usr/share/applications"),
        ("difffit.xml", "usr/share/mime/packages"),
        ("difffit.svg", "usr/share/icons/hicolor/scalable/apps"),
    ):
        (root / folder).mkdir(parents=True)
        shutil.copy(LINUX / name, root / folder)
    licence = root / "usr/share/doc/difffit-desktop"
    licence.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", licence / "copyright")
    return root
