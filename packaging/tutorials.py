"""The tutorials of the guide as commands and what they answer, and following them word by word.

``python packaging/tutorials.py [PROGRAM]`` follows each in an empty folder with an empty home, and says how long it took.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, SCRIPTS, SetupError, say

HELP = ROOT / "resources" / "help"
NAMES = ("tutorial_fit", "tutorial_composite", "tutorial_screen")


@dataclass(frozen=True)
class Step:
    """A command, and lines that its answer must hold in this order; an ellipsis stands for anything."""

    words: tuple[str, ...]
    answers: tuple[str, ...]


def steps_of(name: str) -> Iterator[Step]:
    """The steps of a chapter: indented lines, commands after a dollar sign."""
    command, answers = "", []
    for line in [*(HELP / f"{name}.md").read_text(encoding="utf-8").splitlines(), "    $ "]:
        if line.startswith("    $ "):
            if command:
                yield Step(tuple(shlex.split(command)), tuple(answers))
            command, answers = line.removeprefix("    $ "), []
        elif line.startswith("    "):
            answers.append(line.strip())


def follow(name: str, program: str) -> float:
    """Follow a tutorial, and give its seconds; `SetupError` where it does not end as it says."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "home").mkdir()
        variables = {**os.environ, "HOME": str(place / "home"), "NO_COLOR": "1", "COLUMNS": "200"}
        for step in steps_of(name):
            if step.words[0] == "cd":
                place /= step.words[1]
                continue
            done = subprocess.run([program, *step.words[1:]], cwd=place, env=variables, check=False, capture_output=True, text=True)
            if done.returncode != 0:
                raise SetupError(f"{name}: {shlex.join(step.words)} ended with status {done.returncode}: {done.stderr}")
            _compare(name, step, done.stdout)
    return time.perf_counter() - begun


def _compare(name: str, step: Step, printed: str) -> None:
    text, at = " ".join(printed.split()), 0
    for answer in step.answers:
        pattern = ".*?".join(re.escape(part.strip()) for part in " ".join(answer.split()).split("…"))
        found = re.compile(pattern).search(text, at)
        if found is None:
            raise SetupError(f"{name}: {shlex.join(step.words)} did not answer {answer!r} but:\n{printed}")
        at = found.end()


def main(arguments: list[str]) -> int:
    """Follow them all."""
    program = arguments[0] if arguments else str(SCRIPTS / "difffit")
    for name in NAMES:
        say(f"{name}: {follow(name, program) / 60:.1f} minutes")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"tutorials: {error}")
