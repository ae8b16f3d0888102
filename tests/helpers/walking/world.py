"""The files among which a walk goes: good ones, broken ones, and what is no file at all."""

import hashlib
import os
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

SUFFIXES = (".mrc", ".cif", ".pdb", ".csv", ".png", ".difffit", ".sqlite", ".cxc", ".pml", ".html", ".json")


@dataclass
class World:
    """``good`` can be opened, ``bad`` must be refused in a sentence.

    ``out`` is where the walk writes, ``crowd`` the project to go back to.
    """

    folder: Path
    good: list[Path]
    bad: list[Path] = field(init=False)
    out: Path = field(init=False)
    crowd: Path = field(init=False)

    def __post_init__(self) -> None:
        folder = self.folder
        self.out, self.crowd = folder / "exported", folder / "crowd.difffit"
        self.out.mkdir()
        for name, content in (
            ("bad.mrc", b"no map"), ("empty.mrc", b""), ("bad.cif", b"data_\nloop_\n_atom_site.id\n"), ("empty.pdb", b""),
            ("bad.difffit", b"PK\x03\x04"), ("bad.sqlite", b"SQLite format 3\x00" + bytes(100)), ("words.txt", b"what is this\n"),
        ):  # fmt: skip
            (folder / name).write_bytes(content)
        (folder / "folder.mrc").mkdir()
        (folder / "nothing_in_it").mkdir()
        self.bad = [
            *(folder / name for name in ("bad.mrc", "empty.mrc", "bad.cif", "empty.pdb", "bad.difffit", "bad.sqlite", "words.txt")),
            *(folder / name for name in ("folder.mrc", "nothing_in_it", "absent.mrc", "absent.difffit", "absent.sqlite", "absent")),
        ]
        if hasattr(os, "mkfifo"):
            for name in ("pipe.mrc", "pipe.cif", "pipe.difffit", "pipe.sqlite"):
                os.mkfifo(folder / name)
                self.bad.append(folder / name)
        self._crowd = b""
        self._marks = {path: _mark(path) for path in self.good}

    def harmed(self) -> list[Path]:
        """Inputs that are not as they were: nothing that the walk writes may go over them."""
        return [path for path, mark in self._marks.items() if not mark <= _mark(path)]

    def keep_crowd(self) -> None:
        """What was saved as the crowd now is what `restore` brings back."""
        self._crowd = self.crowd.read_bytes()

    def restore(self) -> None:
        self.crowd.write_bytes(self._crowd)

    def projects(self) -> list[Path]:
        """What the walk has saved."""
        return [*sorted(self.out.glob("*.difffit")), self.crowd]

    def tidy(self, most: int = 40) -> None:
        """Let what was written not fill the disk."""
        for path in sorted(self.out.glob("*"), key=lambda one: one.lstat().st_mtime)[:-most]:
            if path.is_file() and not path.is_symlink():
                path.unlink()

    def to_write(self, chance: random.Random, number: int, filters: str) -> Path | None:
        """Where to write, as a dialog with these filters may answer: mostly a good place, sometimes nowhere, an input or no file."""
        wanted = [suffix for suffix in SUFFIXES if f"*{suffix}" in filters] or [""]
        good = self.out / f"{number % 50}{chance.choice(wanted)}"
        choices = [
            (12, good), (2, None), (1, chance.choice(self.good)), (1, good.with_suffix(chance.choice(SUFFIXES))),
            (1, self.folder / "folder.mrc"), (1, self.folder / "absent" / f"x{wanted[0]}"), (1, self.folder / "pipe.mrc"),
            (1, good.with_suffix("")),
        ]  # fmt: skip
        return chance.choices([place for _, place in choices], [weight for weight, _ in choices])[0]


def _mark(path: Path) -> set[str]:
    """What of an input must stay: all of it; of the store of a screen, which grows, the models."""
    if not path.is_file():
        return set()
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as connection:
            return {f"{file} {part}" for file, part in connection.execute("SELECT path, part FROM models")}
    return {hashlib.sha256(path.read_bytes()).hexdigest()}
