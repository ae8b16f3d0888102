"""The virtual environment in ``.venv``: made once, kept up to date, made anew where it was left half-made."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import hashes
import system_libraries

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv"
STATE = FOLDER / "difffit-setup.json"
SCRIPTS = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
PINNED_FIRST = ("setuptools", "torch")  # setuptools builds our own package; torch is large, so a failure there should come first


class SetupError(Exception):
    """Set-up cannot go on; the message is the one sentence to show."""


def say(text: str) -> None:
    """Tell what is being done, at once, before any output of what is called."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def ensure() -> None:
    """Bring ``.venv`` to what pyproject.toml and constraints.txt ask for; quick where that is so already."""
    system_libraries.ensure(say)
    place, packages = _place(), _packages()
    state = _read_state()
    if state == {"place": place, "packages": packages, "phase": "ready"} and PYTHON.exists():
        return
    kept = FOLDER.exists() and _can_be_kept(state, place)
    try:
        if not kept:
            if FOLDER.exists():
                say("The environment in .venv is unfinished, or made for another Python or another folder: starting over.")
                shutil.rmtree(FOLDER)
            FOLDER.mkdir()
        _write_state(place, packages, "updating" if kept else "creating")
    except OSError as error:
        raise SetupError(f"{FOLDER} cannot be written: {error.strerror or error}.") from error
    if not kept:
        _create()
    _install()
    _write_state(place, packages, "ready")
    _warm_up()
    say("The environment in .venv is ready.")


def _place() -> str:
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} of {sys.base_prefix} for {ROOT}"


def _packages() -> str:
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "setup.py", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _read_state() -> dict[str, str] | None:
    """What set-up wrote about the environment; None where it did not make it, and empty where what it wrote is damaged."""
    try:
        state = json.loads(STATE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write_state(place: str, packages: str, phase: str) -> None:
    STATE.write_text(json.dumps({"place": place, "packages": packages, "phase": phase}), encoding="utf-8")


def _can_be_kept(state: dict[str, str] | None, place: str) -> bool:
    if state is not None and (state.get("phase") not in ("updating", "ready") or state.get("place") != place):
        return False
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(f"{sys.executable} cannot make virtual environments: install the package python3-venv, then run this again.")
    say(f"Making an environment in .venv with Python {sys.version.split()[0]}.")
    base = getattr(sys, "_base_executable", sys.executable)  # not the python of the .venv that was just removed
    if subprocess.run([base, "-m", "venv", FOLDER], check=False).returncode != 0 or not PYTHON.exists():
        raise SetupError(f"{base} could not make a virtual environment in {FOLDER}.")


def _install() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    first = [line for line in text.splitlines() if re.split("==|;", line)[0].strip() in PINNED_FIRST]
    say("Installing the Python packages; the first time this takes a few minutes.")
    _pip(*first)
    _pip("--no-build-isolation", "--constraint", str(ROOT / "constraints.txt"), "--editable", ".[dev]")


def _warm_up() -> None:
    """Compile, so that the first fit takes no longer than the second; a failure costs no more than those seconds later."""
    say("Compiling for this machine (once).")
    if subprocess.run([PYTHON, "-m", "difffit_core", "warm-up"], cwd=ROOT, check=False, capture_output=True).returncode != 0:
        say("That did not work; the first fit will compile.")


def _pip(*arguments: str) -> None:
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    report, log = FOLDER / "installed.json", FOLDER / "pip.log"
    report.unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    options = ["--disable-pip-version-check", "--no-input", *quiet, "--report", report, "--log", log]
    command = [PYTHON, "-m", "pip", "install", *options, *arguments]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status != 0:
        raise SetupError(
            f"pip could not install the Python packages (exit status {status}, its own words are above, all of them in {log}); "
            "check the network and the free disk space, then run the same command again."
        )
    try:
        unknown = hashes.check(report)
    except hashes.WrongHash as error:
        raise SetupError(f"{error}.") from None
    if unknown:
        say(f"Taken on trust, since constraints.lock does not know them: {', '.join(unknown)}.")
