"""How the program starts itself anew, as a process of its own."""

import sys

from PySide6.QtCore import QProcess


def itself(*words: str) -> tuple[str, list[str]]:
    """Program and arguments that do what ``difffit`` with these words does; a frozen build is its own interpreter."""
    return sys.executable, list(words) if getattr(sys, "frozen", False) else ["-m", "difffit_core", *words]


def start_detached(*words: str) -> bool:
    """Start it so that it outlives this process; whether that could be done."""
    return bool(QProcess.startDetached(*itself(*words))[0])
