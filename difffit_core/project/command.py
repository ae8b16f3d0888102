"""The command line that repeats a fit."""

import shlex
from collections.abc import Sequence

from difffit_core.fit.request import FitRequest
from difffit_core.project.build import place_words


def fit_command(
    files: Sequence[str], request: FitRequest, *, device: str, preset: str, assignments: Sequence[str] = (), chain: str = "", out: str = ""
) -> str:
    """``difffit fit ...``.

    Parameters
    ----------
    files : the map and the model, as the command takes them
    device : that it ran on
    preset, assignments : of the settings, and ``NAME=VALUE`` for what differs from it
    chain : names with commas between them; all chains if empty
    out : folder for the results; the usual one if empty
    """
    short = f"{request.resolution:g}"
    resolution = short if float(short) == request.resolution else repr(request.resolution)
    words = ["difffit", "fit", *files, "--resolution", resolution, "--level", repr(request.level)]
    words += ["--model", request.model.models] if request.model.models else []
    words += ["--chain", chain] if chain else []
    words += ["--preset", preset, *(part for text in assignments for part in ("--set", text)), "--seed", str(request.seed)]
    words += [*place_words(request), "--device", device]
    words += ["--threads", str(request.threads)] if request.threads is not None else []
    return shlex.join([*words, *(["--out", out] if out else [])])
