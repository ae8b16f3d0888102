"""DiffFit in PyMOL, which knows three commands more once this file is installed, or run.

By Plugin > Plugin Manager > Install New Plugin, or by `run difffit_pymol.py`.

difffit_open [objects [, folder ]]              what is loaded in PyMOL, opened in DiffFit Desktop; also in the menu Plugin
difffit_fit model, map [, resolution [, level [, chains [, preset [, count [, folder ]]]]]]
                                                the best placements come back as objects, what is said of them stands above the prompt
difffit_stop                                    ends what runs; what was found by then comes back

Maps and models are saved first, models where they stand. DiffFit runs beside PyMOL, which goes on meanwhile.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from pymol import CmdException, cmd

PROGRAM = ["difffit"]  # as it was called when this file was written
OURS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")  # of PyMOL, and not for others
STILL = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]  # the matrix of what was not moved
running = []


def __init_plugin__(app=None):
    """Put a line into the menu Plugin."""
    from pymol.plugins import addmenuitemqt

    addmenuitemqt("Open in DiffFit Desktop", difffit_open)


def difffit_open(objects="all", folder=""):
    """Save maps and models, and open them in DiffFit Desktop."""
    names = cmd.get_names("objects") if objects in ("", "all") else objects.split()
    kinds = {name: cmd.get_type(name) for name in names}
    maps = [name for name in names if kinds[name] == "object:map"]
    models = [name for name in names if kinds[name] == "object:molecule"]
    if not maps and not models:
        raise CmdException("difffit_open: there is neither a map nor a model to open")
    place = _place(folder)
    _start(["open", *(_save(name, place, ".mrc") for name in maps), *(_save(name, place, ".cif") for name in models)], place)


def difffit_fit(model, map, resolution="", level="", chains="", preset="", count=1, folder=""):  # noqa: A002, named as it is typed
    """Save a map and a model, fit, and load the best placements."""
    for name, kind, word in ((model, "object:molecule", "model"), (map, "object:map", "map")):
        if name not in cmd.get_names("objects") or cmd.get_type(name) != kind:
            raise CmdException(f"difffit_fit: {word} must be the name of a {word} that is loaded, got {name}")
    place = _place(folder)
    words = ["fit", _save(map, place, ".mrc"), _save(model, place, ".cif")]
    for name, value in (("resolution", resolution), ("level", level), ("chain", chains.strip("() ")), ("preset", preset)):
        words += [f"--{name}", str(value)] if str(value) else []
    out = place / "fit"
    _start([*words, "--out", str(out)], place, lambda: _bring(out, int(count)))


def difffit_stop():
    """End what runs; a search keeps what it has found."""
    if not running:
        raise CmdException("difffit_stop: nothing runs")
    for one in running:
        one.terminate() if os.name == "nt" else one.send_signal(signal.SIGINT)


def _place(folder):
    if not folder:
        place = Path(tempfile.mkdtemp(prefix="difffit-"))
        print(f" difffit: files go to {place}; folder=… puts them where they are kept")
        return place
    place = Path(folder).expanduser().absolute()
    place.mkdir(parents=True, exist_ok=True)
    return place


def _save(name, place, suffix):
    path = place / (re.sub(r"[^\w.+-]+", "_", name, flags=re.ASCII).strip("_.-") + suffix)
    if path.exists():
        raise CmdException(f"difffit: {path} is there already; give another folder")
    if suffix == ".mrc" and cmd.get_object_ttt(name) not in (None, STILL):
        print(f" difffit: {name} was moved, which the file of a map cannot tell: it is saved where it was loaded")
    cmd.save(str(path), name, quiet=1)
    return str(path)


def _start(words, place, ended=None):
    variables = {name: value for name, value in os.environ.items() if name not in OURS}
    flags = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    try:
        process = subprocess.Popen(
            [*PROGRAM, *words], cwd=str(place), env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", **flags,
        )  # fmt: skip
    except OSError as error:
        raise CmdException(
            f"difffit: {PROGRAM[0]} cannot be started ({error.strerror}); write this file again by: difffit plugin pymol"
        ) from None
    running.append(process)
    thread = threading.Thread(target=_follow, args=(process, ended), daemon=True)
    thread.start()
    return thread


def _follow(process, ended):
    with process:
        for line in process.stdout:
            if line.strip():
                print(f" {line.rstrip()}")
    status = process.returncode
    running.remove(process)
    if status not in (0, 130):
        print(f" difffit ended with status {status}")
    elif ended is not None:
        ended()


def _bring(out, count):
    try:
        told = json.loads((out / "placements.json").read_text(encoding="utf-8"))["placements"][:count]
    except OSError:
        print(" difffit: nothing was found by then")
        return
    for number, one in enumerate(told, start=1):
        path = out / f"placement_{number:03d}.cif"
        if not path.is_file():
            print(f" difffit: no more than {number - 1} placements were written")
            return
        name = f"placement_{number}"
        if name in cmd.get_names("objects"):
            name = cmd.get_unused_name(f"{name}_")
        cmd.load(str(path), name, quiet=1)
        print(f" difffit: {name} is {one['verdict']}, local correlation {one['local_correlation']:.3f}")


for function in (difffit_open, difffit_fit, difffit_stop):
    cmd.extend(function.__name__, function)
