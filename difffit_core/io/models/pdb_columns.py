"""The ATOM records of a PDB file as a matrix of columns, and what is put right in it before gemmi reads it.

``rows`` is uint8 (n, 80), one record a row, padded with blanks; columns count from 0, so that column 31 of the format is ``rows[:, 30]``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from difffit_core.io.models.elements import ION_ELEMENTS, element_of, is_amino_acid, is_nucleotide, is_variant

Rows = NDArray[np.uint8]
WIDTH = 80
_BLANK = ord(" ")
_NAME, _RESIDUE, _CHAIN, _NUMBER, _SEGMENT, _ELEMENT = (
    slice(12, 16),
    slice(17, 20),
    slice(20, 22),
    slice(22, 27),
    slice(72, 76),
    slice(76, 78),
)
_COORDINATES = (slice(30, 38), slice(38, 46), slice(46, 54))
_NUMBER_LETTERS = np.zeros(256, bool)
_NUMBER_LETTERS[[*b" +-.0123456789eE"]] = True
_UNSET = 9998.0
"""CNS and X-PLOR write 9999 for each coordinate of an atom that has no place."""


def matrix_of(lines: Sequence[bytes]) -> Rows:
    """Records as rows."""
    joined = b"".join(line[:WIDTH].ljust(WIDTH) for line in lines)
    return np.frombuffer(bytearray(joined), np.uint8).reshape(-1, WIDTH)


def words(rows: Rows, columns: slice) -> NDArray[np.bytes_]:
    """The text in some columns (n,), blanks at its end left out."""
    width = columns.stop - columns.start
    return np.ascontiguousarray(rows[:, columns]).view(f"S{width}")[:, 0]


def put(rows: Rows, columns: slice, where: NDArray[np.bool_] | NDArray[np.intp], text: str) -> None:
    """Write text into some columns of some rows."""
    width = columns.stop - columns.start
    rows[where, columns] = np.frombuffer(text.encode("ascii").ljust(width)[:width], np.uint8)


def coordinates_of(rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Coordinates (n, 3) in Å, and where (n,) they are no numbers or stand for none; these are NaN."""
    values = np.empty((len(rows), 3))
    bad = np.zeros(len(rows), bool)
    for axis, columns in enumerate(_COORDINATES):
        bad |= ~_NUMBER_LETTERS[rows[:, columns]].all(axis=1)
        texts = words(rows, columns)
        try:
            values[:, axis] = np.where(bad, b"0", texts).astype(np.float64)
        except ValueError:
            for row, text in enumerate(texts.tolist()):
                try:
                    values[row, axis] = float(text)
                except ValueError:
                    bad[row] = True
    bad |= ~np.isfinite(values).all(axis=1)
    bad |= (values >= _UNSET).all(axis=1)
    values[bad] = np.nan
    return values, bad


def part_long_names(rows: Rows) -> dict[str, str]:
    """Give residues whose names have four letters (TIP3, POPC, NALA) a stand-in of three, and return what each stands for.

    The fourth letter is in the column that gemmi takes for the first letter of a chain's name. It is that where the first three letters are
    a residue that is known, unless it stands only where that makes one of the names for forms of amino acids (HISE, LYSH).
    """
    filled = rows[:, 20] != _BLANK
    if not filled.any():
        return {}
    four = np.unique(words(rows[filled], slice(17, 21)))
    names = [name.decode("ascii") for name in four.tolist()]
    whole = [name for name in names if len(name) == 4 and name.strip() == name]
    variants = {letter for letter in {name[3] for name in whole} if all(is_variant(name) for name in whole if name[3] == letter)}
    long = [name for name in whole if not _is_known(name[:3]) or name[3] in variants]
    taken = {name.decode("ascii", "replace") for name in np.unique(words(rows, _RESIDUE)).tolist()}
    free = (f"{a}{b}{c}" for a, b, c in product("~^|`", ascii_uppercase + digits, ascii_uppercase + digits))
    stand_ins = {}
    for name in long:
        stand_in = next(word for word in free if word not in taken)
        where = filled & (words(rows, slice(17, 21)) == name.encode())
        put(rows, slice(17, 21), where, stand_in)
        stand_ins[stand_in] = name
    return stand_ins


def _is_known(name: str) -> bool:
    import gemmi

    name = name.strip().upper()
    return is_amino_acid(name) or is_nucleotide(name) or name in ION_ELEMENTS or gemmi.find_tabulated_residue(name).found()


@dataclass
class Elements:
    """What came of filling in elements: how many records had none, and those that stated an impossible one, by ``RES ATOM: Said``."""

    missing: int
    corrected: dict[str, int]


def fill_elements(rows: Rows, names: dict[str, str]) -> Elements:
    """Write the element of every atom into its column; ``names`` are the stand-ins of residues with long names."""
    residue = np.ascontiguousarray(rows[:, 17:27]).view("S10")[:, 0]
    starts = np.flatnonzero(np.r_[True, residue[1:] != residue[:-1]])
    counts = np.diff(np.r_[starts, len(rows)])
    alone = np.repeat(counts == 1, counts)
    keys = np.concatenate([rows[:, _NAME], rows[:, _RESIDUE], rows[:, _ELEMENT], alone[:, None].astype(np.uint8)], axis=1)
    unique, inverse = np.unique(np.ascontiguousarray(keys).view("V10")[:, 0], return_inverse=True)
    found = Elements(0, {})
    symbols = np.full((len(unique), 2), _BLANK, np.uint8)
    numbers = np.bincount(inverse, minlength=len(unique))
    for i, key in enumerate(unique.tolist()):
        atom, name, stated = (key[a:b].decode("ascii", "replace") for a, b in ((0, 4), (4, 7), (7, 9)))
        stated = stated if re.fullmatch(r"[A-Za-z ]{2}", stated) else ""
        symbol, corrected = element_of(names.get(name, name), atom, stated, alone=bool(key[9]))
        found.missing += int(numbers[i]) if not stated.strip() else 0
        if corrected:
            label = f"{atom.strip()} of {names.get(name, name).strip()} as {stated.strip()}"
            found.corrected[label] = found.corrected.get(label, 0) + int(numbers[i])
        symbols[i] = np.frombuffer(symbol.upper().rjust(2).encode(), np.uint8)
    rows[:, _ELEMENT] = symbols[inverse]
    return found


def part_repeated_chains(rows: Rows, breaks: NDArray[np.bool_]) -> dict[str, int]:
    """Give chains new names where the same residues come again, as they do in files without chain names or with numbers that wrap.

    Parameters
    ----------
    rows : changed in place
    breaks : (n,) whether a TER stands before the record

    Returns
    -------
    how many chains each name was parted into, where that was needed
    """
    keys = np.ascontiguousarray(np.concatenate([rows[:, 12:27], rows[:, _SEGMENT]], axis=1)).view("V19")[:, 0]
    unique, inverse, numbers = np.unique(keys, return_inverse=True, return_counts=True)
    if len(unique) == len(keys):
        return {}
    repeated = numbers[inverse] > 1
    chains = words(rows, _CHAIN)
    taken = set(np.unique(chains).tolist())
    fresh = (a + b for a, b in product(["", *ascii_uppercase, *digits], ascii_uppercase + ascii_uppercase.lower() + digits))
    parted: dict[str, int] = {}
    for chain in np.unique(chains[repeated]).tolist():
        own = np.flatnonzero(chains == chain)
        back = np.r_[False, _numbers(rows[own])[1:] < _numbers(rows[own])[:-1]]
        stretches = np.split(own, np.flatnonzero(back | breaks[own]))
        seen: set[int] = set()
        copies, name = 1, ""
        for stretch in (one for one in stretches if len(one)):
            atoms = inverse[stretch][repeated[stretch]].tolist()
            if not seen.isdisjoint(atoms):
                fresh_name = next((word for word in fresh if word.encode() not in taken), None)
                if fresh_name is None:
                    break
                seen, copies, name = set(), copies + 1, fresh_name
            seen.update(atoms)
            if name:
                put(rows, _CHAIN, stretch, name.rjust(2))
        if copies > 1:
            parted[chain.decode("ascii", "replace").strip()] = copies
    return parted


def _numbers(rows: Rows) -> NDArray[np.int64]:
    """Residue numbers (n,), hybrid-36 letters in their order; what is none is 0."""
    texts = words(rows, slice(22, 26))
    try:
        return texts.astype(np.int64)
    except ValueError:
        return np.array(
            [int(text) if text.strip().lstrip(b"-").isdigit() else 10_000 * text.strip()[:1].isalpha() for text in texts.tolist()]
        )
