"""What the scripts for other programs are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.colours import chain_colour, copy_colour
from difffit_core.target import Target

if TYPE_CHECKING:
    import gemmi

    from difffit_core.conventions import Array

MODEL, PDB, REFERENCE, MAP = "model.cif", "model.pdb", "reference.cif", "map.mrc"
"""Names of the files beside the scripts."""


@dataclass(frozen=True)
class HandedChain:
    """A chain: its name, what it is made of (protein, dna, rna, or nothing of these), its sequence, and whether that is the whole one."""

    name: str
    kind: str
    sequence: str
    whole: bool


@dataclass(frozen=True, eq=False)
class Handed:
    """A result as the scripts see it.

    Attributes
    ----------
    name : what it is, in words
    structure, reference : the model in the map's frame, and as it was before it was bent, if it was
    chains : of the model
    target : the map beside the scripts, and how it is read
    middle : (3,) Å, of the model
    half_maps : files of the whole half maps, if there are some
    predicted : whether B factors are pLDDT
    copies : of a composite, the number of the copy, from 0, to which each chain belongs, by its name
    """

    name: str
    structure: "gemmi.Structure"
    reference: "gemmi.Structure | None"
    chains: Sequence[HandedChain]
    target: Target
    middle: "Array"
    half_maps: tuple[Path, Path] | None
    predicted: bool
    copies: Mapping[str, int]

    @property
    def template(self) -> str:
        """The file whose geometry is to be kept."""
        return REFERENCE if self.reference is not None else MODEL

    def colour(self, number: int) -> str:
        """Of the chain at a place in the list, as the window has it: by the copy that it is of in a composite, else by the chain."""
        copy = self.copies.get(self.chains[number].name)
        return chain_colour(number) if copy is None else copy_colour(copy)


def chains_of(structure: "gemmi.Structure") -> list[HandedChain]:
    """Name, kind and sequence of every chain; the sequence is of the atoms where the file does not give the whole one."""
    import gemmi

    kinds = {
        gemmi.PolymerType.PeptideL: "protein", gemmi.PolymerType.PeptideD: "protein", gemmi.PolymerType.Dna: "dna",
        gemmi.PolymerType.Rna: "rna", gemmi.PolymerType.DnaRnaHybrid: "rna",
    }  # fmt: skip
    found = []
    for chain in structure[0]:
        polymer = chain.get_polymer()
        kind = kinds.get(polymer.check_polymer_type(), "") if len(polymer) else ""
        entity = structure.get_entity_of(polymer) if len(polymer) else None
        full = [gemmi.Entity.first_mon(one) for one in entity.full_sequence] if entity is not None else []
        names = full or [residue.name for residue in polymer.first_conformer()]
        letters = gemmi.one_letter_code(names).upper().replace("X", "N" if kind in ("dna", "rna") else "X") if kind else ""
        found.append(HandedChain(chain.name, kind, letters, bool(full)))
    return found
