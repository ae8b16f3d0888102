"""The steps of check.sh, each in a process and a share of the time of its own, into one Markdown file.

A step that fails or hangs is told, and the others go on; what it had measured until then stands.
"""

import argparse
import importlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from machine import describe
from part import Part

STEPS = {
    "card": ("the machine", 2),
    "agreement": ("what the CPU is tested for, on the device", 4),
    "selftest": ("difffit selftest", 3),
    "fits": ("the paper's preset and balanced", 4),
    "screens": ("models a minute", 5),
    "roofline": ("the climb against memory, gathers and arithmetic", 4),
    "frames": ("frames off screen", 3),
}
"""Modules beside this one, what each does, and its share of the time; what one leaves goes to those after it."""
_LEAST_S = 3.0
"""With less than that there is no use in beginning."""


def main() -> int:
    options = _parse()
    if options.step:
        importlib.import_module(options.step).run(Part(file=options.out / f"{options.step}.json"), options.device, options.quick)
        return 0
    begun, outcomes = time.monotonic(), {}
    for name in STEPS:
        (options.out / f"{name}.json").unlink(missing_ok=True)
    for name in STEPS:
        outcomes[name] = _run(name, options, options.seconds - (time.monotonic() - begun))
        _say(f"{name:<10} {outcomes[name]}")
        (options.out / "gpu.md").write_text(_markdown(options, outcomes), encoding="utf-8")
    _say(f"{options.out / 'gpu.md'}")
    return 1 if any(outcome.startswith("FAILED") for outcome in outcomes.values()) else 0


def _run(name: str, options: argparse.Namespace, left: float) -> str:
    """How a step went, in words."""
    names = list(STEPS)
    ahead = names[names.index(name) :]
    seconds = left * STEPS[name][1] / sum(STEPS[one][1] for one in ahead)
    if seconds < _LEAST_S:
        return f"left out: of {options.seconds:.0f} s there were {max(left, 0):.0f} s left for {len(ahead)} steps"
    quick = ["--quick"] if options.quick else []
    command = [sys.executable, __file__, "--step", name, "--device", options.device, *quick, options.out]
    log, begun = options.out / f"{name}.log", time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"FAILED: not done after {seconds:.0f} s, its share of the time"
        finally:
            _end(process)
    took = time.monotonic() - begun
    if status < 0:
        return f"FAILED after {took:.0f} s: ended by signal {-status}; {_last_line(log)}"
    if status:
        return f"FAILED after {took:.0f} s: {_last_line(log)}"
    faults = _read(options.out, name).faults
    return f"FAILED: {'; '.join(faults)}" if faults else f"done in {took:.0f} s"


def _end(process: subprocess.Popen) -> None:
    """With all that it began."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"


def _read(folder: Path, name: str) -> Part:
    file = folder / f"{name}.json"
    return Part(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Part()


def _markdown(options: argparse.Namespace, outcomes: dict[str, str]) -> str:
    lines = [
        "## On a GPU" if options.device != "cpu" else "## On a GPU (tried on the CPU: no figure below is of a GPU)", "",
        f"By `{options.command}`, at most {options.seconds:.0f} s for the steps"
        + ("; quick, with tiny sizes: the figures say only that it runs." if options.quick else "."),
        "", "| step | what | outcome |", "| :-- | :-- | :-- |",
        *(f"| {name} | {STEPS[name][0]} | {outcome.replace('|', '/')} |" for name, outcome in outcomes.items()), "",
    ]  # fmt: skip
    parts = [part.markdown().replace("## ", "### ", 1) for part in (_read(options.out, name) for name in outcomes) if part.title]
    return "\n".join([*lines, *parts, "\\\n".join(_machine()), ""])


def _machine() -> list[str]:
    try:
        return describe()
    except ImportError as error:  # what is lacking could not be installed, as the steps say
        return [f"Not described: {error}"]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--command", default=shlex.join(sys.argv), help="what to call it in the results")
    parser.add_argument("--step", choices=STEPS, help="do this one, here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
