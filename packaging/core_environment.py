"""An environment with one wheel and the libraries that it asks for, taken from the one where this runs, and with nothing else of that."""

import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from core_wheel import name_of
from environment import SetupError


def make(folder: Path, wheel: Path) -> Path:
    """Make it, and give its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", str(wheel)], check=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    asked = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    into = Path(asked.stdout.strip())
    (wanted,) = into.glob("difffit_*.dist-info")
    for one in closure(Distribution.at(wanted)):
        for path in _tops(one):
            if not (into / path.name).exists():
                (into / path.name).symlink_to(path)
    return python


def closure(first: Distribution) -> list[Distribution]:
    """What a distribution asks for, and what that asks for, as it is installed here.

    Raises
    ------
    SetupError
        If something is not installed here.
    """
    from packaging.requirements import Requirement

    found: dict[str, Distribution] = {}
    to_do = [first]
    while to_do:
        for line in to_do.pop().requires or []:
            asked = Requirement(line)
            if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
                continue
            key = name_of(asked.name).lower().replace("_", "-")
            if key not in found:
                try:
                    found[key] = distribution(asked.name)
                except PackageNotFoundError:
                    raise SetupError(f"{asked.name}, which {first.metadata['Name']} needs, is not installed here") from None
                to_do.append(found[key])
    return list(found.values())


def _tops(one: Distribution) -> set[Path]:
    """The folders and files of a distribution that lie at the top of where it is installed."""
    names = {path.parts[0] for path in one.files or [] if path.parts[0] not in ("..", "__pycache__")}
    return {Path(str(one.locate_file(name))) for name in names}
