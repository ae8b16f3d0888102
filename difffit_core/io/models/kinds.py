"""What each residue is (protein, ligand, water, ion, lipid of a membrane, dummy, …), by its name and by what it is made of."""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.io.models.elements import ION_ELEMENTS, is_amino_acid, is_nucleotide


class Kind(StrEnum):
    """What a residue is."""

    PROTEIN = "amino acid"
    NUCLEIC = "nucleotide"
    SUGAR = "sugar"
    LIGAND = "ligand"
    UNKNOWN = "unknown"
    WATER = "water"
    ION = "ion"
    BUFFER = "buffer"
    SOLVENT = "solvent"
    MEMBRANE = "membrane"
    DUMMY = "dummy"

    @property
    def fits(self) -> bool:
        """Whether a map shows it."""
        return self in _SEEN

    @property
    def several(self) -> str:
        """What many are called."""
        return _PLURALS.get(self, f"{self}s")


_SEEN = frozenset({Kind.PROTEIN, Kind.NUCLEIC, Kind.SUGAR, Kind.LIGAND, Kind.UNKNOWN})
_PLURALS = {
    Kind.UNKNOWN: "unknown residues", Kind.BUFFER: "buffer molecules", Kind.SOLVENT: "solvent molecules", Kind.MEMBRANE: "membrane lipids",
    Kind.DUMMY: "dummy atoms",
}  # fmt: skip
_WATER = re.compile(r"HOH|H2O|HHO|OHH|OH2|WAT|WTR|SOL|DOD|D2O|TIP\w*|TP[345]\w?|T[345]P\w?|SPC\w*|SPC/E|OPC\w?|SWM?\d|P?W|W[FN]")
_DUMMY = re.compile(r"DUM|DMY|DU|DUMM|NDU|MEMB|PSEU|XXX")
_LIPID = re.compile(
    r"[DPOSLMYC]?[DPOSLMY][OPALSNHR]?P[CEGSAI]|P[OL]P[CEGSAI]|[DPSLMOTYAC][POLMSYATRHI]P[CEGSAI]|POP|DPP|DOP|DMP|PSM|SSM|CHL1|CHL|CHOL|CHS|"
    r"CLR|PC|PE|PGR|PS|PH-|OL|PA|ST|MY|LAL|AR|DHA|SA|LPPC|CER\d*|TLCL\d?|CDL\d?|POPI\d*|SAPI\d*|DPG\w|DDM|LMT|SDS|DPC|LDAO|LDA|OCTG|BOG"
)
_BULK = 50
"""Copies from which lipids are a membrane and not ligands; cryo-EM maps hold fewer in places of their own."""
_BULK_SOLVENT = 100
_SMALL = 10
"""Atoms without hydrogens of a solvent's molecule, at most."""
_METALS_AND_HALOGENS = frozenset({3, 4, 9, 11, 12, 13, *range(17, 32), *range(35, 52), *range(53, 104)}) - {33, 34, 18, 36, 54}
_OXYGEN, _NITROGEN = 8, 7


@cache
def is_solvent_name(name: str) -> bool:
    """Whether a residue's name is one of a water, an ion or a dummy."""
    word = name.strip().upper()
    return bool(_WATER.fullmatch(word) or _DUMMY.fullmatch(word)) or word in ION_ELEMENTS


def kinds_of(
    residue_names: NDArray[np.str_],
    residue_index: NDArray[np.int32],
    atom_names: NDArray[np.str_],
    atomic_numbers: NDArray[np.int16],
    hydrogen: NDArray[np.bool_],
) -> list[Kind]:
    """The kind of each residue, R long; the arrays (N,) are those of a model's atoms, ``residue_index`` counting from 0."""
    count = int(residue_index.max()) + 1
    first = np.unique(residue_index, return_index=True)[1]
    names = residue_names[first].tolist()
    heavy = ~hydrogen & (atomic_numbers > 0)
    size = np.bincount(residue_index[heavy], minlength=count)
    oxygens = np.bincount(residue_index[heavy & (atomic_numbers == _OXYGEN)], minlength=count)
    single = np.zeros(count, np.int64)
    np.maximum.at(single, residue_index[heavy], atomic_numbers[heavy])
    backbone = _has_all(atom_names, residue_index, count, ("N", "CA", "C"))
    sugar = _has_all(np.char.replace(atom_names, "*", "'"), residue_index, count, ("C1'", "C4'"))
    keys = list(zip(names, size.tolist(), oxygens.tolist(), single.tolist(), backbone.tolist(), sugar.tolist(), strict=True))
    kinds = {key: _kind(*key) for key in set(keys)}
    copies = Counter(names)
    found = [kinds[key] for key in keys]
    polymer = any(kind in (Kind.PROTEIN, Kind.NUCLEIC) for kind in found)
    return [_in_bulk(kind, name, int(atoms), copies[name], polymer) for kind, name, atoms in zip(found, names, size, strict=True)]


def _has_all(atom_names: NDArray[np.str_], residue_index: NDArray[np.int32], count: int, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    has = np.ones(count, bool)
    for name in wanted:
        has &= np.bincount(residue_index[atom_names == name], minlength=count) > 0
    return has


def _kind(name: str, size: int, oxygens: int, heaviest: int, backbone: bool, sugar: bool) -> Kind:
    """Of one residue: its name, how many atoms it has without hydrogens, how many of them oxygens, and the heaviest one's number."""
    import gemmi

    word = name.strip().upper()
    info = gemmi.find_tabulated_residue(word)
    if _DUMMY.fullmatch(word) and not info.found():
        return Kind.DUMMY
    if size == 1 and (heaviest in _METALS_AND_HALOGENS or word in ION_ELEMENTS) and heaviest != _OXYGEN:
        return Kind.ION
    if backbone or (is_amino_acid(word) and not info.is_water()):
        return Kind.PROTEIN
    if sugar and (is_nucleotide(word) or not info.found()):
        return Kind.NUCLEIC
    if is_nucleotide(word):
        return Kind.NUCLEIC
    if (size == oxygens and (size <= 1 or _WATER.fullmatch(word))) or (info.is_water() and size == oxygens):
        return Kind.WATER
    if _WATER.fullmatch(word) and size <= 1:
        return Kind.WATER
    if info.kind == gemmi.ResidueKind.BUF:
        return Kind.BUFFER
    if info.kind in (gemmi.ResidueKind.PYR, gemmi.ResidueKind.KET):
        return Kind.SUGAR
    return Kind.LIGAND if info.found() or _LIPID.fullmatch(word) else Kind.UNKNOWN


def _in_bulk(kind: Kind, name: str, size: int, copies: int, polymer: bool) -> Kind:
    """What is there in numbers beside a polymer is its surroundings."""
    if not polymer or kind not in (Kind.LIGAND, Kind.UNKNOWN):
        return kind
    if copies >= _BULK and _LIPID.fullmatch(name.strip().upper()):
        return Kind.MEMBRANE
    if copies >= _BULK and size == 1:
        return Kind.DUMMY
    return Kind.SOLVENT if copies >= _BULK_SOLVENT and size <= _SMALL else kind


def census(names: NDArray[np.str_], kinds: list[Kind]) -> Mapping[Kind, Counter[str]]:
    """How many residues of each name there are of each kind."""
    found: dict[Kind, Counter[str]] = {}
    for name, kind in zip(names.tolist(), kinds, strict=True):
        found.setdefault(kind, Counter())[name] += 1
    return found


def census_of(model: AtomicModel) -> Mapping[Kind, Counter[str]]:
    """The same of a model's residues."""
    residues, first = np.unique(model.residue_index, return_index=True)
    counted = np.searchsorted(residues, model.residue_index).astype(np.int32)
    hydrogen = np.isin(model.atomic_numbers, [1])
    kinds = kinds_of(model.residue_names, counted, model.atom_names, model.atomic_numbers, hydrogen)
    return census(model.residue_names[first], kinds)


def tell(counts: Counter[str], most: int = 12) -> str:
    """``SOL 9733, TIP3 12``."""
    named = [f"{name or '(no name)'} {count}" for name, count in counts.most_common(most)]
    more = len(counts) - most
    return ", ".join(named) + (f" and {more} more names" if more > 0 else "")
