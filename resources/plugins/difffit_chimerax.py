"""DiffFit in ChimeraX, which knows three commands more once it has opened this file, by `open difffit_chimerax.py`.

difffit open [models] [folder F]                what is open in ChimeraX, opened in DiffFit Desktop
difffit fit #2 inMap #1 resolution 4 [level L] [chains A,B] [preset fast] [count N] [folder F]
                                                the best placements come back as models, what is said of them into the log
difffit stop                                    ends what runs; what was found by then comes back

Maps and models are saved first, models in the frame of the map. DiffFit runs beside ChimeraX, which goes on meanwhile.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from chimerax.atomic import AtomicStructure, AtomicStructureArg
from chimerax.core.commands import (
    CmdDesc,
    FloatArg,
    ModelsArg,
    PositiveIntArg,
    SaveFolderNameArg,
    StringArg,
    quote_path_if_necessary,
    register,
    run,
)
from chimerax.core.errors import UserError
from chimerax.map import MapArg, Volume

PROGRAM = ["difffit"]  # as it was called when this file was written
OURS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")  # of ChimeraX, and not for others
running = []


def difffit_open(session, models=None, folder=None):
    """Save maps and models, and open them in DiffFit Desktop."""
    chosen = session.models.list() if models is None else models
    maps = [one for one in chosen if isinstance(one, Volume)]
    structures = [one for one in chosen if isinstance(one, AtomicStructure)]
    if not maps and not structures:
        raise UserError("difffit open: there is neither a map nor a model to open")
    frame = maps[0] if maps else None
    for one in maps[1:]:
        if not _same_place(one, frame):
            _warn(session, f"difffit: {one.name} was moved against {frame.name}, which the file of a map cannot tell")
    place = _place(session, folder)
    files = [_save(session, one, place, ".mrc") for one in maps]
    files += [_save(session, one, place, ".cif", frame) for one in structures]
    _start(session, ["open", *files], place)


def difffit_fit(session, model, in_map=None, resolution=None, level=None, chains=None, preset=None, count=1, folder=None):
    """Save a map and a model, fit, and open the best placements where they belong."""
    place = _place(session, folder)
    words = ["fit", _save(session, in_map, place, ".mrc"), _save(session, model, place, ".cif", in_map)]
    for name, value in (("resolution", resolution), ("level", level), ("chain", chains), ("preset", preset)):
        words += [] if value is None else [f"--{name}", f"{value:g}" if isinstance(value, float) else value]
    out = place / "fit"
    _start(session, [*words, "--out", str(out)], place, lambda: _bring(session, out, in_map, count))


def difffit_stop(session):
    """End what runs; a search keeps what it has found."""
    if not running:
        raise UserError("difffit stop: nothing runs")
    for one in running:
        one.terminate() if os.name == "nt" else one.send_signal(signal.SIGINT)


def _say(session, line):
    session.logger.info(line)


def _warn(session, line):
    session.logger.warning(line)


def _place(session, folder):
    if folder is None:
        place = Path(tempfile.mkdtemp(prefix="difffit-"))
        _say(session, f"difffit: files go to {place}; folder … puts them where they are kept")
        return place
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _save(session, model, place, suffix, frame=None):
    name = re.sub(r"\.(mrc|map|ccp4|rec|cif|pdb|ent)(\.gz)?$", "", model.name, flags=re.IGNORECASE)
    name = re.sub(r"[^\w.+-]+", "_", name, flags=re.ASCII).strip("_.-") or "model"
    path = place / f"{name}{suffix}"
    if path.exists():
        path = place / f"{name}_{model.id_string}{suffix}"
    if path.exists():
        raise UserError(f"difffit: {path} is there already; give another folder")
    words = f"save {quote_path_if_necessary(str(path))} models #{model.id_string}"
    run(session, words if frame is None else f"{words} relModel #{frame.id_string}")
    return str(path)


def _same_place(one, other):
    return abs(one.scene_position.matrix - other.scene_position.matrix).max() < 1e-4


def _start(session, words, place, ended=None):
    variables = {name: value for name, value in os.environ.items() if name not in OURS}
    flags = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    try:
        process = subprocess.Popen(
            [*PROGRAM, *words], cwd=str(place), env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", **flags,
        )  # fmt: skip
    except OSError as error:
        raise UserError(
            f"difffit: {PROGRAM[0]} cannot be started ({error.strerror}); write this file again by: difffit plugin chimerax"
        ) from None
    running.append(process)
    thread = threading.Thread(target=_follow, args=(session, process, ended), daemon=True)
    thread.start()
    return thread


def _follow(session, process, ended):
    def tell(line):
        session.ui.thread_safe(session.logger.info, line)

    last = ""
    with process:
        for line in process.stdout:
            if line.strip():
                last = line.rstrip()
                tell(last)
    status = process.returncode
    running.remove(process)
    if status not in (0, 130):
        session.ui.thread_safe(session.logger.error, last or f"difffit ended with status {status}")
    elif ended is not None:
        session.ui.thread_safe(ended)


def _bring(session, out, in_map, count):
    try:
        told = json.loads((out / "placements.json").read_text(encoding="utf-8"))["placements"][:count]
    except OSError:
        _warn(session, "difffit: nothing was found by then")
        return
    for number, one in enumerate(told, start=1):
        path = out / f"placement_{number:03d}.cif"
        if not path.is_file():
            _warn(session, f"difffit: no more than {number - 1} placements were written")
            return
        for model in run(session, f"open {quote_path_if_necessary(str(path))}"):
            model.name = f"placement {number}, {one['verdict']}"
            model.position = in_map.scene_position


def register_commands(session):
    """Make the commands known."""
    folder = ("folder", SaveFolderNameArg)
    words = [("in_map", MapArg), ("resolution", FloatArg), ("level", FloatArg), ("chains", StringArg), ("preset", StringArg)]
    words += [("count", PositiveIntArg), folder]
    model = [("model", AtomicStructureArg)]
    opened = CmdDesc(optional=[("models", ModelsArg)], keyword=[folder], synopsis="open maps and models in DiffFit")
    fitted = CmdDesc(required=model, keyword=words, required_arguments=["in_map"], synopsis="find where a model sits in a map")
    stopped = CmdDesc(synopsis="end what DiffFit does")
    for name, description, function in (
        ("difffit open", opened, difffit_open), ("difffit fit", fitted, difffit_fit), ("difffit stop", stopped, difffit_stop),
    ):  # fmt: skip
        register(name, description, function, logger=session.logger)


register_commands(session)  # noqa: F821, ChimeraX hands it to a script
