"""`python tests/bench [SECTION ...]`: what this program does in how long, and how well, measured here and now."""

import argparse
import importlib
import json
import logging
import sys
from pathlib import Path

from cases import Absent
from machine import describe
from report import Report
from results import update
from rich.console import Console

SECTIONS = {
    "operator": ("sampling", "the fused operator against torch's grid_sample"),
    "limit": ("limit", "the climb against kernels that do nothing but gather"),
    "paper": ("paper_preset", "the paper's preset against the same search by grid_sample and Adam"),
    "cases": ("known_answers", "maps and models with a known answer: solved, error, seconds"),
    "work": ("work", "time and memory against starts, atoms and voxels (slow)"),
    "profile": ("profile_fit", "where the time of a fit goes, from files to files"),
    "gui": ("gui", "how long the window is deaf during a fit"),
    "start": ("start_up", "what a first and a second start cost"),
    "window": ("window_start", "from the shell to a window that answers"),
    "clusters": ("clustering", "clustering of 50 000 poses"),
    "hard": ("hard_cases", "pieces, smoothed maps, noise: solved, and why not (slow)"),
    "screen": ("screening", "a library against maps: winners, false ones, models a minute (slow)"),
    "endurance": ("endurance", "a screen killed 20 times, a thousand models, a hundred thousand rows (slow)"),
    "kills": ("kills", "projects whose program is killed 200 times, and a window 10 times (slow)"),
    "walk": ("walk", "20 000 steps at random through the window, and what memory does (slow)"),
    "compose": ("composites", "assemblies with a known answer: right copies, errors, symmetry, seconds (slow)"),
    "assemble": ("assembling", "assemblies from folders: with a chain taken out, and killed 10 times (slow)"),
    "predictions": ("predicted_assemblies", "assemblies from folders of predictions, whole and by domains, bent (slow)"),
    "models": ("model_files", "model files of packages in the folder --files: read, written, read again"),
    "maps": ("map_files", "map files of packages, unpacked in the folder --files: read or refused"),
    "align": ("aligning", "a chain's density found in the whole map, and strangers' density (slow)"),
    "strangers": ("strangers_bent", "models placed by force and bent: how many become significant (slow)"),
    "mutants": ("mutants", "faults put into important lines: which tests notice (slow)"),
    "calibration": ("calibration", "wrong models in real maps: how many are called significant (slow)"),
}
SLOW = (
    "align", "assemble", "models", "maps", "work", "compose", "kills", "walk", "hard", "screen", "endurance", "calibration", "mutants",
    "strangers", "predictions",
)  # fmt: skip
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    options = _parse()
    console = Console(width=None if sys.stdout.isatty() else 160)
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
    )
    for line in describe():
        console.print(line, markup=False)
    reports: list[Report] = []
    failed = False
    for name in options.sections:
        try:
            report: Report = importlib.import_module(SECTIONS[name][0]).run(options)
        except Absent as error:
            console.print(f"\n{name}: left out, {error}", markup=False)
            failed = True
            continue
        report.show(console)
        reports.append(report)
        if options.write:
            update(RESULTS, report, describe())
        if options.json:
            options.json.write_text(json.dumps({one.title: one.raw for one in reports}))
    return 1 if failed else 0


def _parse() -> argparse.Namespace:
    what = "\n".join(f"  {name:<12} {text}" for name, (_, text) in SECTIONS.items())
    parser = argparse.ArgumentParser(
        prog="tests/bench", description=__doc__, epilog=what, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"all but {' and '.join(SLOW)} if none is named; or all")
    parser.add_argument("--repeats", type=int, default=5, help="measurements of each time (default 5)")
    parser.add_argument("--preset", default="balanced", help="of cases, profile, hard and calibration (default balanced)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of the moved models and the search (default 0)")
    parser.add_argument("--only", nargs="+", default=[], help="only cases with one of these in their names")
    parser.add_argument("--models", type=int, default=25, help="wrong models for each map in calibration (default 25)")
    parser.add_argument("--piece", type=int, default=110, help="residues of a piece in hard (default 110)")
    parser.add_argument("--lowpass", type=float, nargs=2, default=[8, 12], help="Å to which hard smooths the maps (default 8 12)")
    parser.add_argument("--noise", type=float, default=2, help="noise that hard adds, in spreads of the density (default 2)")
    parser.add_argument("--quick", action="store_true", help="leave out the largest of each kind of work in work")
    parser.add_argument("--files", type=Path, help="folder of packages whose files are read in maps")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} beside the benchmark, too")
    parser.add_argument("--json", type=Path, help="write the unrounded figures there, too")
    options = parser.parse_args()
    if options.sections == ["all"]:
        options.sections = list(SECTIONS)
    elif not options.sections:
        options.sections = [name for name in SECTIONS if name not in SLOW]
    unknown = [name for name in options.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"SECTION must be one of {', '.join(SECTIONS)}, got {', '.join(unknown)}")
    if min(options.repeats, options.models) < 1:
        parser.error("--repeats and --models must be at least 1")
    return options


if __name__ == "__main__":
    sys.exit(main())
