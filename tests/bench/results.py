"""`RESULTS.md`: the latest figures of each section, each with the machine and date of its own."""

import re
from pathlib import Path

from report import Report

_HEAD = "# What was measured\n\nBy `make bench ARGS=--write`; each section says where and when.\n"


def update(file: Path, report: Report, machine: list[str]) -> None:
    """Put the section of ``report`` in the place of the one of the same title, or at the end."""
    sections = {}
    if file.exists():
        for part in re.split(r"(?m)^(?=## )", file.read_text())[1:]:
            sections[part.partition("\n")[0]] = part.strip()
    text = report.markdown().strip() + "\n\n" + "\\\n".join(machine)
    sections[text.partition("\n")[0]] = text
    file.write_text("\n\n".join([_HEAD.strip(), *sections.values()]) + "\n")
