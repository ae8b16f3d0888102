"""Commands of this program in ChimeraX and PyMOL: a file each, which saves what is open there and calls the program as it is installed."""

import os
import sys
from importlib.resources import files
from pathlib import Path

PLUGINS = {"chimerax": "difffit_chimerax.py", "pymol": "difffit_pymol.py"}
START = {"chimerax": "open {}", "pymol": "run {}"}
"""What is typed in each program to have the file's commands."""
_PLACE = 'PROGRAM = ["difffit"]'


def plugin_text(program: str) -> str:
    """The file for a program, which calls this installation, wherever it lies.

    Parameters
    ----------
    program : one of `PLUGINS`
    """
    text = files("difffit_resources").joinpath("plugins", PLUGINS[program]).read_text(encoding="utf-8")
    return text.replace(_PLACE, f"PROGRAM = {this_program()!r}", 1)


def this_program() -> list[str]:
    """The words that start this program from any folder and without its environment."""
    if image := os.environ.get("APPIMAGE"):  # what runs of it lies in a folder that is gone when it ends
        return [str(Path(image))]
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "difffit_core"]
