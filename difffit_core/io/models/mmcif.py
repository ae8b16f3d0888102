"""mmCIF files: every block with atoms, parsed by gemmi."""

from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from difffit_core.errors import FileFormatError
from difffit_core.io.models.cif_atoms import structure_of, structure_of_one
from difffit_core.io.models.cif_text import SITE, take_apart
from difffit_core.io.models.elements import element_of
from difffit_core.io.models.kinds import is_solvent_name
from difffit_core.io.models.parts import Part, fingerprint

if TYPE_CHECKING:
    import gemmi


def mmcif_parts(path: Path, content: bytes, notes: list[str]) -> tuple[list[Part], "gemmi.cif.Block"]:
    """The models of every block of a file, and the first block that holds any.

    Raises
    ------
    FileFormatError
        If no block has coordinates, or one lacks what tells atoms apart.
    """
    import gemmi

    text, tables = take_apart(path, content)
    document = gemmi.cif.read_string(text, check_level=0)
    del text
    blocks = []
    for block, own in zip(document, tables, strict=True):
        atoms = [table for table in own.atoms if "cartn_x" in table.own]
        if atoms:
            if len(atoms) > 1:
                notes.append(f"{len(atoms) - 1} further tables of atoms (_atom_site) in block {block.name} were left out")
            blocks.append((block, partial(structure_of, path, content, block, atoms[0], own.displacements, notes)))
        elif block.find_values(SITE + "Cartn_x"):
            blocks.append((block, partial(structure_of_one, path, block, notes)))
    if not blocks:
        raise FileFormatError(f"{path}: a model must hold atoms, got an mmCIF file without coordinates (_atom_site.Cartn_x)")
    parts: list[Part] = []
    numbers = count(1)
    for _, build in blocks:
        structure = build()
        several = len(blocks) > 1 or len(structure) > 1
        for model in structure:
            if model.count_atom_sites():
                number = model.num if len(blocks) == 1 else next(numbers)
                parts.append(_part(number, structure, model.num, several=several))
    return parts, blocks[0][0]


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
