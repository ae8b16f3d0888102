"""Important lines, each made wrong for a moment: the tests beside them have to notice."""

import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cases import Absent
from report import Report

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutant:
    """A line of a file, what stands there instead, and the tests that are to fail."""

    what: str
    file: str
    line: str
    instead: str
    tests: str

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The file has the fault within."""
        path = ROOT / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.line) != 1:
            raise Absent(f"{self.file} must hold {self.line!r} once, got {text.count(self.line)} times")
        path.write_text(text.replace(self.line, self.instead), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")


PROJECT, COMPOSE, MAPS = "difffit_core/project/", "difffit_core/compose/", "difffit_core/io/"
MUTANTS = [
    Mutant(
        "another file of the same size is taken for an input",
        PROJECT + "inputs.py",
        " and checksum(path) == entry.sha256",
        "",
        "tests/core/project",
    ),
    Mutant(
        "an old project gets today's defaults",
        PROJECT + "migrations.py",
        'recipe["settings"] = {**BEFORE, **recipe["settings"]}',
        'recipe["settings"] = dict(recipe["settings"])',
        "tests/core/project",
    ),
    Mutant(
        "arrays that are not the record's are read",
        PROJECT + "store.py",
        "        _check_arrays(fit, arrays)\n    except",
        "        pass\n    except",
        "tests/core/project",
    ),
    Mutant(
        "zeroing out softly leaves holes below zero",
        COMPOSE + "edit/subtract.py",
        "np.minimum(values[touched], np.maximum(values[touched] - simulated[touched], 0))",
        "values[touched] - simulated[touched]",
        "tests/core/compose",
    ),
    Mutant(
        "zeroing out takes what lies on the threshold",
        COMPOSE + "edit/subtract.py",
        "simulated > threshold",
        "simulated >= threshold",
        "tests/core/compose",
    ),
    Mutant(
        "zeroing out fills what was negative",
        COMPOSE + "edit/subtract.py",
        "np.where(inside, np.minimum(values, np.float32(0)), values)",
        "np.where(inside, np.float32(0), values)",
        "tests/core/compose",
    ),
    Mutant(
        "nstart is taken where the origin is",
        MAPS + "map_geometry.py",
        "        return origin\n    return from_start",
        "        return from_start\n    return from_start",
        "tests/core/io tests/files/maps",
    ),
    Mutant(
        "an origin of nothing hides nstart",
        MAPS + "map_geometry.py",
        "    if (np.abs(origin) > _NEAREST_ORIGIN).any():",
        "    if True:",
        "tests/core/io tests/files/maps",
    ),
    Mutant(
        "a map is written without its place", MAPS + "maps.py", "file.header.origin = tuple(density_map.origin)", "pass", "tests/core/io"
    ),
    Mutant(
        "copies of the best place count as wrong poses",
        "difffit_core/fit/judge/significance.py",
        "height[1:][(kin.copy_of[1:] < 0) & kin.distinct[1:]]",
        "height[1:][kin.distinct[1:]]",
        "tests/core/fit",
    ),
    Mutant(
        "several searches are judged as one",
        "difffit_core/fit/judge/significance.py",
        "1 + earlier.searches if earlier else 1",
        "1",
        "tests/core/fit",
    ),
    Mutant(
        "bending is kept that no free shell supports",
        "difffit_core/refine/weigh.py",
        "if lead_of_best <= TOLD_APART:",
        "if way_of_best is None:",
        "tests/core/refine",
    ),
]


def run(options: Namespace) -> Report:
    changed = subprocess.run(["git", "status", "--porcelain", "difffit_core"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    if changed:
        raise Absent("faults are put into files that have no changes yet, and difffit_core has some")
    report = Report(
        "Faults put in",
        f"{len(MUTANTS)} lines made wrong, one at a time, and the first test that notices of those beside it.",
        ["fault", "file", "noticed by"],
    )
    for one in MUTANTS:
        with one.in_place():
            noticed = _first_failure(one.tests)
        report.rows.append([one.what, one.file.removeprefix("difffit_core/"), noticed or "nothing"])
        report.raw.append({"fault": one.what, "file": one.file, "noticed": noticed})
    report.notes.append(f"Noticed: {sum(bool(row['noticed']) for row in report.raw)} of {len(MUTANTS)}.")
    return report


def _first_failure(tests: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests.split()]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    failed = [line.split()[1].rsplit("/", 1)[-1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if done.returncode != 0 and not failed:
        raise Absent(f"pytest ended with {done.returncode}: {done.stderr[-300:]}")
    return failed[0] if failed else ""
