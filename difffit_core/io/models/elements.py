"""Which element an atom is, from what a file says of it: its element column, its name, and the residue it is in."""

from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ION_ELEMENTS = {
    name: element
    for element, names in {
        "Na": "NA NA+ NA1 SOD SOD+ NIO", "Cl": "CL CL- CLA CLA- CLO CL1 CIM", "K": "K K+ POT POT+ KIO KT",
        "Li": "LI LI+ LIT LIT+", "Rb": "RB RB+ RUB", "Cs": "CS CS+ CES CIO", "Ca": "CA CA+ CA2 CA2+ CAL CA+2", "Mg": "MG MG2 MG2+ MG+2",
        "Zn": "ZN ZN2 ZN2+ ZN+2", "Ba": "BA BAR BA2+", "Cd": "CD CAD CD2 CD2+", "Br": "BR BR-", "I": "I I- IOD", "F": "F F- FLU",
        "Sr": "SR SR2+", "Mn": "MN MN2 MN2+", "Fe": "FE FE2 FE3 FE2+ FE3+", "Co": "CO CO2 CO2+", "Ni": "NI NI2 NI2+",
        "Cu": "CU CU1 CU2 CU2+",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Elements of single-atom residues by the names that crystallographers' and simulation programs give them, in capitals."""

AMINO_VARIANTS = _words(
    "HID HIE HIP HSD HSE HSP HISD HISE HISH HISA HISB HIS1 HIS2 CYX CYM CYS1 CYS2 CYSH CYN CYSP CYSD ASH ASPH ASPP ASP1 GLH GLUH GLUP GLU1 "
    "LYN LYSH LSN LYP ARGN ARN TYM DISU"
)
"""Residues of proteins under the names that simulation programs give their forms with more or fewer protons."""
_RARE = _words("MSE UNK SEC PYL SEP TPO PTR HYP SERP THRP")
_TERMINAL = ("N", "C")
_AMINO = _words("ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL")
_NUCLEOTIDES = _words(
    "A C G U T I DA DC DG DT DU DI RA RC RG RU RT ADE CYT GUA URA THY A3 A5 C3 C5 G3 G5 U3 U5 DA3 DA5 DC3 DC5 DG3 DG5 DT3 DT5 "
    "RA3 RA5 RC3 RC5 RG3 RG5 RU3 RU5 N +A +C +G +U +T"
)
_ORGANIC = "CNOHPSFIBKVWUYD"
_TWO_LETTERS = _words("FE ZN MG MN CL BR LI SI SE AL CU NI MO AU AG AS PT RU RH GA")
"""Elements that names in ligands mean when they begin so wherever they stand; others (CA, CD, CE, CO, CS, NA, NE, HG, HO, …) mean an atom
of the first letter's element."""


@cache
def is_amino_acid(residue: str) -> bool:
    """Whether a name, in any letters, is one of an amino acid in a protein."""
    import gemmi

    name = residue.upper().strip()
    return _is_common(name) or name in _RARE or bool(gemmi.find_tabulated_residue(name).is_amino_acid())


def _is_common(name: str) -> bool:
    ends = len(name) == 4 and name[0] in _TERMINAL and name[1:] in _AMINO | AMINO_VARIANTS
    return name in _AMINO or name in AMINO_VARIANTS or ends


def is_variant(residue: str) -> bool:
    """Whether a name of four letters is one that simulation programs give a form of an amino acid, or one at an end of its chain."""
    name = residue.upper()
    return len(name) == 4 and _is_common(name)


@cache
def is_nucleotide(residue: str) -> bool:
    """Whether a name, in any letters, is one of a nucleotide."""
    import gemmi

    name = residue.upper().strip()
    return name in _NUCLEOTIDES or bool(gemmi.find_tabulated_residue(name).is_nucleic_acid())


@cache
def element_of(residue: str, atom: str, stated: str, *, alone: bool) -> tuple[str, bool]:
    """The element's symbol (X where nothing tells), and whether it is another one than was stated.

    Parameters
    ----------
    residue : its name
    atom : its name, with the blanks of its four columns where it comes from a PDB file
    stated : what stands in the element column
    alone : whether the residue has no other atom
    """
    import gemmi

    symbol = stated.strip().capitalize()
    said = symbol if symbol and symbol not in ("X", "Xx") and gemmi.Element(symbol).atomic_number > 0 else ""
    found = _known(residue.strip().upper(), atom, alone) or said or _by_polymer(residue, atom) or _guess(atom, alone)
    return found, bool(said) and found != said and {found, said} != {"H", "D"}


def _known(residue: str, atom: str, alone: bool) -> str:
    """Where the residue leaves no doubt, whatever is stated."""
    name = atom.strip().upper()
    if alone and residue in ION_ELEMENTS and not name.startswith(("O", "H")):
        return ION_ELEMENTS[residue]
    if _is_common(residue) and not name.startswith("SE"):
        letter = _first_letter(name)
        return letter if letter in (*"CNOSHD",) else ""
    if residue in _NUCLEOTIDES and not alone:
        letter = _first_letter(name)
        return letter if letter in (*"CNOPHD",) else ""
    return ""


def _by_polymer(residue: str, atom: str) -> str:
    """Where nothing is stated of a residue that polymers are made of: selenium and halogens are the only elements of two letters."""
    name = atom.strip().upper()
    if not (is_amino_acid(residue) or is_nucleotide(residue)) or name[:2] in ("SE", "CL", "BR"):
        return ""
    letter = _first_letter(name)
    return letter if letter in (*"CNOPSFIHD",) else ""


def _guess(atom: str, alone: bool) -> str:
    """Of an atom of a ligand or of something unknown."""
    import gemmi

    name = atom.strip().upper()
    letters = "".join(letter for letter in name if letter.isalpha())
    if not letters:
        return "X"
    two = letters[:2]
    known = len(two) == 2 and name[:2] == two and gemmi.Element(two.capitalize()).atomic_number > 0
    in_column = len(atom) == 4 and atom[0] == " "
    if known and alone and not in_column and name == two:
        return two.capitalize()
    if known and not in_column and two in _TWO_LETTERS:
        return two.capitalize()
    first = letters[0]
    if first in _ORGANIC:
        return first
    if known:
        return two.capitalize()
    return first if gemmi.Element(first).atomic_number > 0 else "X"


def _first_letter(name: str) -> str:
    return next((letter for letter in name if letter.isalpha()), "")
