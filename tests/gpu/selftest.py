"""`difffit selftest`: known answers on every device of the machine."""

import re
import subprocess
import sys

from part import Part


def run(part: Part, device: str, quick: bool) -> None:
    part.begin("Selftest", "`difffit selftest`, all devices of this machine.", ["check", "outcome", "seen"])
    done = subprocess.run([sys.executable, "-m", "difffit_core", "selftest"], check=False, stdout=subprocess.PIPE, text=True)
    sys.stdout.write(done.stdout)
    found = re.findall(r"^(passed|FAILED)  ([^:]+): (.*)$", done.stdout, re.MULTILINE)
    for outcome, name, seen in found:
        part.add(name, outcome, seen)
    if done.returncode:
        failed = [name for outcome, name, _ in found if outcome == "FAILED"]
        part.fault(f"{', '.join(failed) or 'it'} came out otherwise, status {done.returncode}")
    if f"fit on {device}" not in [name for _, name, _ in found]:
        part.fault(f"there was no fit on {device}")
