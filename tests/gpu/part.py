"""What one step of the check has to tell."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from report import Report


@dataclass
class Part(Report):
    """A table, as the benchmark has it, with what came out otherwise than it must. It is kept in a file as it grows."""

    title: str = ""
    about: str = ""
    columns: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    file: Path | None = None

    def begin(self, title: str, about: str, columns: list[str]) -> None:
        self.title, self.about, self.columns = title, about, columns
        self.keep()

    def add(self, *row: str) -> None:
        self.rows.append(row)
        self.keep()

    def note(self, text: str) -> None:
        self.notes.append(text)
        self.keep()

    def fault(self, text: str) -> None:
        self.faults.append(text)
        self.note(f"Failed: {text}.")

    def keep(self) -> None:
        """What is there so far, so that it stands whatever becomes of this process."""
        if self.file is not None:
            content = {name: value for name, value in asdict(self).items() if name != "file"}
            new = self.file.with_suffix(".new")
            new.write_text(json.dumps(content), encoding="utf-8")
            new.replace(self.file)
