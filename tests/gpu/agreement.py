"""The tests of tests/gpu, counted."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from part import Part

HERE = Path(__file__).resolve().parent


def run(part: Part, device: str, quick: bool) -> None:
    part.begin("Agreement with the CPU", "`pytest tests/gpu -m gpu`, without the rest of the suite's set-up.", ["test", "outcome", "s"])
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        command = [
            sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(HERE), "--confcutdir", str(HERE), "--import-mode=importlib",
            "-p", "no:cacheprovider", "-m", "gpu", "-q", f"--junitxml={results}", str(HERE / "test_cuda.py"),
        ]  # fmt: skip
        status = subprocess.run(command, check=False, cwd=folder).returncode
        if not results.exists():
            part.fault(f"pytest ended with status {status} and no results")
            return
        cases = list(ElementTree.parse(results).getroot().iter("testcase"))
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for case in cases:
        outcome, why = _outcome(case)
        counts[outcome] += 1
        part.add(str(case.get("name")), f"{outcome}: {why}" if why else outcome, f"{float(case.get('time') or 0):.1f}")
    part.note(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + ".")
    if counts["failed"]:
        part.fault(f"{counts['failed']} of {len(cases)} tests")
    elif status or (device != "cpu" and counts["skipped"]) or not cases:
        part.fault(f"{counts['skipped']} tests were skipped on a machine whose GPU is to be tested" if cases else "there were no tests")


def _outcome(case: ElementTree.Element) -> tuple[str, str]:
    for tag, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(tag)
        if found is not None:
            return outcome, (found.get("message") or "").strip().partition("\n")[0][:200]
    return "passed", ""
