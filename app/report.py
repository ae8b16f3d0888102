"""What a user sends along when something went wrong: versions, platform, what happened, and the end of the log."""

import os
import platform
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version

from difffit_app.log import tail
from difffit_app.paths import log_file
from difffit_core import __version__

_PACKAGES = ("PySide6-Essentials", "vtk", "pyvista", "numpy", "scipy", "numba", "torch", "gemmi", "mrcfile")


def report(error: BaseException | None = None) -> str:
    """A report to copy, with ``error`` as a traceback; the home folder is written as ``~``."""
    parts = [f"DiffFit Desktop {__version__}\nPython {platform.python_version()}, {platform.platform()}\n{_versions()}"]
    if error is not None:
        parts.append("".join(traceback.format_exception(error)).rstrip())
    logged = tail(log_file())
    if logged:
        parts.append("\n".join(["Log:", *logged]))
    return without_home("\n\n".join(parts))


def without_home(text: str) -> str:
    """The same without the name that the home folder tells."""
    home = os.path.expanduser("~").rstrip(os.sep)
    return text.replace(home + os.sep, "~" + os.sep) if os.path.isabs(home) else text


def _versions() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    bits = 64 if sys.maxsize > 2**32 else 32
    return f"{bits} bit; {', '.join(found)}"
