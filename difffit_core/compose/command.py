"""The command line that repeats a composite."""

import shlex
from collections.abc import Sequence

from difffit_core.compose.request import ComposeRequest


def compose_command(request: ComposeRequest, files: Sequence[str], *, device: str, preset: str, changes: Sequence[str], out: str) -> str:
    """``difffit compose ...``.

    Parameters
    ----------
    files : the map, and each model with its copies, as the command takes them
    device : that it ran on
    preset, changes : of the fits, and ``NAME=VALUE`` for what differs from it
    """
    settings = request.settings
    words = ["difffit", "compose", *files, "--resolution", f"{request.resolution:g}", "--level", repr(request.level)]
    chosen = {wanted.model.models for wanted in request.wanted} - {""}
    words += ["--model", chosen.pop()] if len(chosen) == 1 else []
    words += ["--symmetry", settings.symmetry]
    words += ["--impose"] if settings.impose else []
    words += ["--linked"] if settings.linked else []
    words += ["--accept", settings.accept, "--method", settings.method, "--rounds", str(settings.rounds)]
    words += ["--most-overlap", repr(settings.most_overlap), "--comparable", repr(settings.comparable)]
    words += [] if settings.refine else ["--no-refine"]
    if settings.method == "rounds":
        words += ["--zero-out", settings.zero_out.value, "--threshold", repr(settings.threshold)]
        words += ["--per-round", str(settings.per_round), "--enough", repr(settings.enough)]
    words += ["--preset", preset, *(part for text in changes for part in ("--set", text))]
    words += ["--seed", str(request.seed), "--device", device]
    words += ["--threads", str(request.threads)] if request.threads is not None else []
    return shlex.join([*words, "--out", out])
