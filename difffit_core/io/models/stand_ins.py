"""One ASCII character in place of each other one, while gemmi reads or writes a PDB file.

gemmi counts columns in bytes and cuts lines by them, so that a letter of several bytes would shift the columns behind it, or be cut in two.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gemmi

_SPARE = "".join(map(chr, (*range(1, 9), *range(14, 32), 127))) + "`^~|{}\\@%$&!"
_LOST = "?"


@dataclass(frozen=True)
class StandIns:
    """What stands for what."""

    table: dict[int, str]
    lost: int
    """How many characters are there for which no stand-in was left, and which become question marks."""

    @classmethod
    def for_text(cls, text: str) -> "StandIns":
        """Stand-ins that are not in the text themselves."""
        if text.isascii():  # as nearly all files are; looking at every letter takes as long as parsing them
            return cls({}, 0)
        strange = sorted({letter for letter in text if not letter.isascii()})
        spare = [letter for letter in _SPARE if letter not in text]
        table = {ord(letter): spare[number] if number < len(spare) else _LOST for number, letter in enumerate(strange)}
        return cls(table, max(0, len(strange) - len(spare)))

    def __bool__(self) -> bool:
        return bool(self.table)

    def put(self, text: str) -> str:
        """In place of the letters."""
        return text.translate(self.table)

    def take(self, text: str) -> str:
        """Back again."""
        return text.translate({ord(stand_in): chr(letter) for letter, stand_in in self.table.items() if stand_in != _LOST})


def texts_of(structure: "gemmi.Structure") -> Iterable[str]:
    """Every word of a structure that a person wrote, and every name but those of atoms and residues."""
    yield from structure.info.values()
    yield from structure.meta.authors
    yield from structure.raw_remarks
    for model in structure:
        for chain in model:
            yield chain.name


def change_texts(structure: "gemmi.Structure", change: Callable[[str], str]) -> None:
    """Change the texts that `texts_of` gives, and the names of residues and atoms, in place."""
    for key, value in list(structure.info.items()):
        structure.info[key] = change(value)
    structure.meta.authors = [change(author) for author in structure.meta.authors]
    structure.raw_remarks = [change(line) for line in structure.raw_remarks]
    for entity in structure.entities:
        entity.name = change(entity.name)
        entity.full_sequence = [change(name) for name in entity.full_sequence]
    for name in {chain.name for model in structure for chain in model}:
        if change(name) != name:
            structure.rename_chain(name, change(name))
    for residue in (residue for model in structure for chain in model for residue in chain):
        residue.name, residue.segment = change(residue.name), change(residue.segment)
        for atom in residue:
            atom.name = change(atom.name)
