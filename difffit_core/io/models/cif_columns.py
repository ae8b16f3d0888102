"""Columns of ``_atom_site`` that gemmi needs and writers leave out, from others or from what is true of most files."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.errors import FileFormatError
from difffit_core.io.models.cif_text import SITE

if TYPE_CHECKING:
    import gemmi

_ALIKE = (("label_asym_id", "auth_asym_id"), ("label_atom_id", "auth_atom_id"), ("label_comp_id", "auth_comp_id"))
_NUMBERS = (
    "id", "Cartn_x", "Cartn_y", "Cartn_z", "occupancy", "B_iso_or_equiv", "label_seq_id", "auth_seq_id", "pdbx_PDB_model_num",
    "pdbx_formal_charge",
)  # fmt: skip
"""Which gemmi does not read where some program has put quotes round everything."""


class Columns:
    """Fills in columns of a table that comes in pieces, in order.

    Parameters
    ----------
    path : for what is said
    own : the columns that the table has, in small letters
    no_numbers : whether it has no residue numbers, neither the authors' nor others

    Raises
    ------
    FileFormatError
        If it lacks what tells atoms apart.
    """

    def __init__(self, path: Path, own: AbstractSet[str], *, no_numbers: bool) -> None:
        for axis in "xyz":
            if f"cartn_{axis}" not in own:
                raise FileFormatError(f"{path}: an mmCIF file must have _atom_site.Cartn_x, _y and _z, got none of {axis}")
        self._copied = {label: author for label, author in _ALIKE if label not in own and author in own}
        self._constant: dict[str, str] = {}
        if "label_atom_id" not in own and "auth_atom_id" not in own:
            if "type_symbol" not in own:
                raise FileFormatError(
                    f"{path}: an mmCIF file must say which atoms it holds, got neither _atom_site.label_atom_id nor type_symbol"
                )
            self._copied["label_atom_id"] = "type_symbol"
        if "label_comp_id" not in own and "auth_comp_id" not in own:
            self._constant["label_comp_id"] = "UNK"
        if "label_asym_id" not in own and "auth_asym_id" not in own:
            self._constant["label_asym_id"] = "A"
        if "type_symbol" not in own:
            self._constant["type_symbol"] = "X"
        self._numbered = no_numbers and "auth_seq_id" not in own
        self._residue = "label_comp_id" if "label_comp_id" in own or "label_comp_id" in self._copied else "auth_comp_id"
        self._ids = "id" not in own
        self._locations = "label_alt_id" not in own
        self._rows = self._number = 0
        self._before: tuple[str, str] | None = None
        self._seen: set[str] = set()

    def fill(self, block: "gemmi.cif.Block") -> None:
        """Add the columns to a piece."""
        loop = block.find_loop(SITE + "Cartn_x").get_loop()

        def add(tag: str, values: list[str]) -> None:
            loop.add_columns([SITE + tag], ".")
            column = block.find_values(SITE + tag)
            for row, value in enumerate(values):
                column[row] = value

        if block.find_values(SITE + "Cartn_x")[0][:1] in ("'", '"'):
            for values in (block.find_values(SITE + column) for column in _NUMBERS):
                for row, value in enumerate(values):
                    values[row] = value.strip("'\"")
        for label, author in self._copied.items():
            add(label, list(block.find_values(SITE + author)))
        for tag, value in self._constant.items():
            loop.add_columns([SITE + tag], value)
        rows = range(self._rows + 1, self._rows + loop.length() + 1)
        if self._numbered:
            add("auth_seq_id", [str(n) for n in rows] if "label_comp_id" in self._constant else self._counted(block))
        if self._ids:
            add("id", [str(n) for n in rows])
        if self._locations:
            loop.add_columns([SITE + "label_alt_id"], ".")
        self._rows = rows.stop - 1

    def notes(self) -> list[str]:
        """What was filled in, in words."""
        shown = [*self._copied, *self._constant, *(["auth_seq_id"] if self._numbered else [])]
        return [f"columns that _atom_site lacks were filled in: {', '.join(shown)}"] if shown else []

    def _counted(self, block: "gemmi.cif.Block") -> list[str]:
        """Residue numbers where there are none: one more wherever an atom's name comes again or the residue's or chain's changes."""
        numbers = []
        for residue, chain, atom in block.find(SITE, [self._residue, "label_asym_id", "label_atom_id"]):
            if (residue, chain) != self._before or atom in self._seen:
                self._number, self._before = self._number + 1, (residue, chain)
                self._seen = set()
            self._seen.add(atom)
            numbers.append(str(self._number))
        return numbers
