"""PDB files: cut into the models they hold, put right where people's programs write them otherwise, and parsed by gemmi."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.errors import FileFormatError
from difffit_core.io.models.kinds import is_solvent_name
from difffit_core.io.models.parts import Part, fingerprint
from difffit_core.io.models.pdb_columns import (
    Rows,
    coordinates_of,
    fill_elements,
    matrix_of,
    part_long_names,
    part_repeated_chains,
    put,
    words,
)
from difffit_core.io.models.pdb_overflow import put_overflow_right
from difffit_core.io.models.segments import part_by_segments
from difffit_core.io.models.stand_ins import StandIns, change_texts

if TYPE_CHECKING:
    import gemmi

_FOLLOWING = (b"ANIS", b"SIGA", b"SIGU")
_MANY = 3
_RECORDS = (b"ATOM  ", b"HETATM", b"MODEL ", b"ENDMDL", b"TER ")
_HIDDEN = re.compile(rb"[^A-Za-z0-9 ]{1,3} *(ATOM  |HETATM) *\d+ ")
_COORDINATES_END = 54


@dataclass
class _Segment:
    """What stands between two ends of models: its lines, in order, and which of them are atoms, by number in the file."""

    number: int | None = None
    lines: list[int] = field(default_factory=list)
    atoms: list[int] = field(default_factory=list)


def pdb_parts(path: Path, text: str, notes: list[str]) -> list[Part]:
    """The models of a PDB file.

    Parameters
    ----------
    path : for what is said
    text : its content, with lines that end in LF
    notes : what was repaired or guessed in a model is added once it is parsed

    Raises
    ------
    FileFormatError
        If its columns are not those of the format.
    """
    stand_ins = StandIns.for_text(text)
    if stand_ins.lost:
        notes.append(f"{stand_ins.lost} kinds of letters outside ASCII were read as question marks")
    lines = stand_ins.put(text).encode("ascii").split(b"\n")
    _take_indents_away(lines, notes)
    _refuse_cut_short(path, lines)
    notes += put_overflow_right(lines)
    segments = _segments(lines)
    _refuse_free_format(path, lines, segments)
    parts = []
    for position, segment in enumerate(segments, start=1):
        rows = matrix_of([lines[i] for i in segment.atoms])
        points, bad = coordinates_of(rows)
        heavy = ~bad & ~_is_hydrogen(rows) & ~_is_solvent(rows)
        parse = partial(_parse, path, lines, segment, stand_ins, notes)
        number = position if segment.number is None else segment.number
        parts.append(Part(number, fingerprint(rows[:, 12:27]), points[heavy], parse))
    return parts


def _take_indents_away(lines: list[bytes], notes: list[str]) -> None:
    """Blanks before records, as what is copied from other texts has them, in place; what looks like atoms behind other letters is told."""
    indented = other = 0
    for place, line in enumerate(lines):
        if line[:1] == b" " and (found := line.lstrip()).startswith(_RECORDS):
            lines[place] = found
            indented += 1
        elif _HIDDEN.match(line):
            other += 1
    if indented:
        notes.append(f"{indented} records of atoms begin behind blanks, and were read as if they did not")
    if other:
        notes.append(f"{other} lines look like atoms but begin with something else, and were left out")


def _refuse_cut_short(path: Path, lines: Sequence[bytes]) -> None:
    """A last line without an end, within its coordinates."""
    if lines[-1].startswith(_RECORDS[:2]) and len(lines[-1]) < _COORDINATES_END:
        raise FileFormatError(f"{path}: the last line ({len(lines)}) ends within the coordinates of an atom; the file was cut short")


def _segments(lines: Sequence[bytes]) -> list[_Segment]:
    """The models, each with the lines before it; what comes behind the last atoms belongs to the first, as CONECT does."""
    segments, current = [], _Segment()
    for number, line in enumerate(lines):
        head = line[:4].upper()
        if head == b"HETA" or (head == b"ATOM" and not line[4:5].isalpha()):
            current.atoms.append(number)
            current.lines.append(number)
        elif head == b"MODE" and line[:5].upper() == b"MODEL":
            if current.atoms:
                segments.append(current)
                current = _Segment()
            word = line[5:].split()[:1]
            current.number = int(word[0]) if word and word[0].isdigit() else None
        elif head == b"ENDM" or head.rstrip() == b"END":
            if current.atoms:
                segments.append(current)
                current = _Segment()
        elif not head.startswith((b"ATOM", b"END")):  # words that only begin so would end the file for gemmi, or be no atom to it
            current.lines.append(number)
    if current.atoms or not segments:
        segments.append(current)
    else:
        segments[0].lines += current.lines
    return segments if segments[0].atoms else []


def _refuse_free_format(path: Path, lines: Sequence[bytes], segments: Sequence[_Segment]) -> None:
    for segment in segments:
        tabs = next((i for i in segment.atoms if b"\t" in lines[i][:66]), None)
        if tabs is not None:
            raise FileFormatError(
                f"{path}: a PDB file must have its values in fixed columns, got tabs between them in line {tabs + 1}; save it as PDB "
                "or mmCIF with the program that it comes from"
            )


def _is_hydrogen(rows: Rows) -> NDArray[np.bool_]:
    """Good enough to compare places: the first letter of the name."""
    names = rows[:, 12:16]
    letter = (names >= ord("A")) & (names <= ord("z"))
    first = names[np.arange(len(names)), letter.argmax(axis=1)]
    hydrogen: NDArray[np.bool_] = (first == ord("H")) | (first == ord("D"))
    return hydrogen


def _is_solvent(rows: Rows) -> NDArray[np.bool_]:
    unique, inverse = np.unique(words(rows, slice(17, 21)), return_inverse=True)
    solvent = [is_solvent_name(name.decode("ascii")) or is_solvent_name(name[:3].decode("ascii")) for name in unique.tolist()]
    return np.array(solvent, bool)[inverse]


def _parse(path: Path, lines: Sequence[bytes], segment: _Segment, stand_ins: StandIns, notes: list[str]) -> "gemmi.Structure":

    rows = matrix_of([lines[i] for i in segment.atoms])
    kept = _with_places(path, lines, segment, rows, notes)
    long_names = part_long_names(rows)
    elements = fill_elements(rows, long_names)
    if elements.missing:
        notes.append(f"{elements.missing} atoms have no element in their column; it was told from the names of atoms and residues")
    if elements.corrected:
        listed = ", ".join(f"{label} ({count})" for label, count in list(elements.corrected.items())[:_MANY])
        notes.append(f"elements that cannot be were told from the names instead: {listed}{' …' if len(elements.corrected) > _MANY else ''}")
    breaks = _breaks(lines, segment)
    parted = part_repeated_chains(rows, breaks)
    for chain, copies in parted.items():
        notes.append(
            f"chain {chain or '(blank)'} holds the same residues {copies} times; each after the first was given a chain name of its own"
        )
    _fill_occupancy(rows)
    put(rows, slice(78, 80), ~_is_charge(rows), "")
    structure = _parsed(lines, segment, rows, kept, notes)
    if len(structure) == 0:
        return structure
    if lost := int(kept.sum()) - _count(structure):
        raise FileFormatError(f"{path}: {lost} of {int(kept.sum())} atoms cannot be read; the file is damaged, or is no PDB file")
    part_by_segments(structure, notes)
    if long_names:
        for residue in (residue for chain in structure[0] for residue in chain):
            residue.name = long_names.get(residue.name, residue.name)
    if stand_ins:
        change_texts(structure, stand_ins.take)
    return structure


def _parsed(lines: Sequence[bytes], segment: _Segment, rows: Rows, kept: NDArray[np.bool_], notes: list[str]) -> "gemmi.Structure":
    """The structure; where other records are in the way, of the atoms alone."""
    import gemmi

    text, dropped = _text_of(lines, segment, rows, kept)
    reason = ""
    try:
        structure = gemmi.read_pdb_string(text)
        if _count(structure) < kept.sum():
            reason = "one of them is too short"
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())
    if reason:
        notes.append(f"records beside those of atoms were left out, because they cannot be read ({reason})")
        atoms = [line for line in text.split(b"\n") if line[:6].rstrip().upper() in (b"ATOM", b"HETATM", b"TER", b"CRYST1")]
        return gemmi.read_pdb_string(b"\n".join(atoms) + b"\n")
    if dropped:
        notes.append(f"{dropped} records of anisotropic displacements that follow no atom, or a second one, were left out")
    return structure


def _count(structure: "gemmi.Structure") -> int:
    return sum(model.count_atom_sites() for model in structure)


def _with_places(path: Path, lines: Sequence[bytes], segment: _Segment, rows: Rows, notes: list[str]) -> NDArray[np.bool_]:
    """Which atoms (n,) have a place; the others may only be such as no fit looks at."""
    _, bad = coordinates_of(rows)
    if bad.any():
        seen = np.flatnonzero(bad & ~_is_hydrogen(rows) & ~_is_solvent(rows))
        if len(seen):
            row = int(seen[0])
            line = lines[segment.atoms[row]]
            got = " ".join(line[30:54].decode("ascii").split()) or "blanks"
            more = f", and so in {len(seen) - 1} more" if len(seen) > 1 else ""
            raise FileFormatError(
                f"{path}: columns 31 to 54 of an atom must hold three numbers of Å that are less than 9998, "
                f"got {got} in line {segment.atoms[row] + 1}{more}"
            )
        notes.append(f"{int(bad.sum())} hydrogens or solvent atoms whose coordinates are no numbers were left out of what was read")
    return ~bad


def _breaks(lines: Sequence[bytes], segment: _Segment) -> NDArray[np.bool_]:
    """Before which atoms a TER stands."""
    breaks = np.zeros(len(segment.atoms), bool)
    if len(segment.lines) > len(segment.atoms):
        row = 0
        for number in segment.lines:
            if row < len(segment.atoms) and number == segment.atoms[row]:
                row += 1
            elif lines[number][:3].upper() == b"TER" and row < len(breaks):
                breaks[row] = True
    return breaks


def _fill_occupancy(rows: Rows) -> None:
    """One where none is given."""
    blank = (rows[:, 54:60] == ord(" ")).all(axis=1)
    put(rows, slice(54, 60), blank, "  1.00")


def _is_charge(rows: Rows) -> NDArray[np.bool_]:
    first, second = rows[:, 78], rows[:, 79]
    digit = (first >= ord("0")) & (first <= ord("9"))
    charge: NDArray[np.bool_] = digit & ((second == ord("+")) | (second == ord("-")))
    return charge


def _text_of(lines: Sequence[bytes], segment: _Segment, rows: Rows, kept: NDArray[np.bool_]) -> tuple[bytes, int]:
    """The model's lines with the atoms as they were put right, and without those that are not kept; and how many that follow no atom."""
    out: list[bytes] = []
    row, following, dropped = 0, True, 0
    waits = False
    for number in segment.lines:
        line = lines[number]
        if row < len(segment.atoms) and number == segment.atoms[row]:
            following = bool(kept[row])
            waits = following
            if following:
                out.append(rows[row].tobytes())
            row += 1
            continue
        head = line[:4].upper()
        if head == b"ANIS":
            dropped += following and not waits
            if not waits:
                continue
            waits = False
        elif head not in _FOLLOWING:
            waits = False
        if following or head not in _FOLLOWING:
            out.append(line[:120])
    return b"\n".join(out) + b"\n", dropped
