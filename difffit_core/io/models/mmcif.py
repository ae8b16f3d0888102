"""mmCIF files: every block with atoms, with the columns that writers leave out filled in, parsed by gemmi."""

from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from difffit_core.errors import FileFormatError
from difffit_core.io.models.elements import element_of
from difffit_core.io.models.kinds import is_solvent_name
from difffit_core.io.models.parts import Part, fingerprint

if TYPE_CHECKING:
    import gemmi

_SITE = "_atom_site."
_ALIKE = (("label_asym_id", "auth_asym_id"), ("label_atom_id", "auth_atom_id"), ("label_comp_id", "auth_comp_id"))
_NOTHING = ("", ".", "?")


def mmcif_parts(path: Path, content: bytes, notes: list[str]) -> tuple[list[Part], "gemmi.cif.Block"]:
    """The models of every block of a file, and the first block that holds any.

    Raises
    ------
    FileFormatError
        If no block has coordinates, or one lacks what tells atoms apart.
    """
    import gemmi

    document = gemmi.cif.read_string(content, check_level=0)
    del content
    blocks = [block for block in document if block.find_values(_SITE + "Cartn_x")]
    if not blocks:
        raise FileFormatError(f"{path}: a model must hold atoms, got an mmCIF file without coordinates (_atom_site.Cartn_x)")
    parts: list[Part] = []
    numbers = count(1)
    for block in blocks:
        _fill_columns(path, block, notes)
        structure = gemmi.make_structure_from_block(block)
        block.find_mmcif_category(_SITE).erase()
        several = len(blocks) > 1 or len(structure) > 1
        for model in structure:
            if model.count_atom_sites():
                number = model.num if len(blocks) == 1 else next(numbers)
                parts.append(_part(number, structure, model.num, several=several))
    return parts, blocks[0]


def _part(number: int, structure: "gemmi.Structure", own: int, *, several: bool) -> Part:
    model = next(one for one in structure if one.num == own)
    residues = [(chain.name, residue) for chain in model for residue in chain]
    names = "\n".join(f"{chain} {residue.seqid} {residue.name} {len(residue)}" for chain, residue in residues)
    seen = (residue for _, residue in residues if several and not is_solvent_name(residue.name))
    numbers = (x for residue in seen for atom in residue if not atom.is_hydrogen() for x in atom.pos.tolist())
    places = np.fromiter(numbers, np.float64).reshape(-1, 3)
    letters = np.frombuffer(names.encode("utf-8", "replace"), np.uint8)
    return Part(number, fingerprint(letters), places[np.isfinite(places).all(axis=1)], partial(_alone, structure, own))


def _alone(structure: "gemmi.Structure", number: int) -> "gemmi.Structure":
    """The structure with that one of its models; itself where it has no other."""
    if len(structure) == 1:
        return structure
    import gemmi

    alone = gemmi.Structure()
    alone.name, alone.cell, alone.spacegroup_hm, alone.resolution = (
        structure.name,
        structure.cell,
        structure.spacegroup_hm,
        structure.resolution,
    )
    alone.info, alone.entities, alone.connections, alone.meta = structure.info, structure.entities, structure.connections, structure.meta
    alone.add_model(next(one for one in structure if one.num == number))
    return alone


def _fill_columns(path: Path, block: "gemmi.cif.Block", notes: list[str]) -> None:
    """Add the columns of ``_atom_site`` that gemmi needs, from others or from what is true of most files."""
    loop = block.find_loop(_SITE + "Cartn_x").get_loop()
    if not _is_loop(block):
        _as_loop(block)
        loop = block.find_loop(_SITE + "Cartn_x").get_loop()
    own = {tag.removeprefix(_SITE).lower() for tag in loop.tags}
    for axis in "xyz":
        if f"cartn_{axis}" not in own:
            raise FileFormatError(f"{path}: an mmCIF file must have _atom_site.Cartn_x, _y and _z, got none of {axis}")
    added: list[str] = []

    def add(tag: str, values: Sequence[str] | str) -> None:
        loop.add_columns([_SITE + tag], values if isinstance(values, str) else ".")
        if not isinstance(values, str):
            column = block.find_values(_SITE + tag)
            for row, value in enumerate(values):
                column[row] = value
        added.append(tag)

    for label, author in _ALIKE:
        if label not in own and author in own:
            add(label, list(block.find_values(_SITE + author)))
    if "label_atom_id" not in own and "auth_atom_id" not in own:
        if "type_symbol" not in own:
            raise FileFormatError(
                f"{path}: an mmCIF file must say which atoms it holds, got neither _atom_site.label_atom_id nor type_symbol"
            )
        add("label_atom_id", list(block.find_values(_SITE + "type_symbol")))
    if "label_comp_id" not in own and "auth_comp_id" not in own:
        add("label_comp_id", "UNK")
    if "label_asym_id" not in own and "auth_asym_id" not in own:
        add("label_asym_id", "A")
    if "auth_seq_id" not in own and all(value in _NOTHING for value in block.find_values(_SITE + "label_seq_id")):
        rows = loop.length()
        add("auth_seq_id", [str(n) for n in range(1, rows + 1)] if "label_comp_id" in added else _counted(block))
    if "id" not in own:
        add("id", [str(n) for n in range(1, loop.length() + 1)])
    if "label_alt_id" not in own:
        loop.add_columns([_SITE + "label_alt_id"], ".")
    if "type_symbol" not in own:
        add("type_symbol", "X")
    shown = [tag for tag in added if tag not in ("id",)]
    if shown:
        notes.append(f"columns that _atom_site lacks were filled in: {', '.join(shown)}")


def _counted(block: "gemmi.cif.Block") -> list[str]:
    """Residue numbers where there are none: one more wherever an atom's name comes again or the residue's or chain's changes."""
    tags = ("label_comp_id" if block.find_values(_SITE + "label_comp_id") else "auth_comp_id", "label_asym_id", "label_atom_id")
    number, before = 0, None
    seen: set[str] = set()
    numbers = []
    for residue, chain, atom in block.find(_SITE, list(tags)):
        if (residue, chain) != before or atom in seen:
            number, seen, before = number + 1, set(), (residue, chain)
        seen.add(atom)
        numbers.append(str(number))
    return numbers


def _is_loop(block: "gemmi.cif.Block") -> bool:
    return block.find_loop_item(_SITE + "Cartn_x") is not None


def _as_loop(block: "gemmi.cif.Block") -> None:
    """An ``_atom_site`` of one atom, which writers may give as pairs."""
    category = block.get_mmcif_category(_SITE)
    block.find_mmcif_category(_SITE).erase()
    block.set_mmcif_category(_SITE, category)


def correct_elements(structure: "gemmi.Structure", notes: list[str]) -> None:
    """Tell elements that are missing, or cannot be, from the names of atoms and residues."""
    import gemmi

    missing = 0
    corrected: dict[str, int] = {}
    for residue in (residue for chain in structure[0] for residue in chain):
        alone = len(residue) == 1
        for atom in residue:
            stated = "" if atom.element.atomic_number == 0 else atom.element.name
            found, wrong = element_of(residue.name, atom.name, stated, alone=alone)
            if found != stated and found != "X":
                if wrong:
                    label = f"{atom.name} of {residue.name} as {stated}"
                    corrected[label] = corrected.get(label, 0) + 1
                elif not stated:
                    missing += 1
                if wrong or not stated:
                    atom.element = gemmi.Element(found)
    if missing:
        notes.append(f"{missing} atoms have no element; it was told from the names of atoms and residues")
    if corrected:
        listed = ", ".join(f"{label} ({number})" for label, number in list(corrected.items())[:3])
        notes.append(f"elements that cannot be were told from the names instead: {listed}{' …' if len(corrected) > 3 else ''}")
