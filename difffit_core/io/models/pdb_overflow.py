"""Numbers of atoms and residues in a PDB file that are too long for their columns: they shift what stands behind them, or run into it."""

from string import ascii_uppercase, digits

_ATOMS, _FOLLOWING = (b"ATOM", b"HETA"), b"ANIS"
_POINTS = (34, 42, 50)
"""Where the decimal points of coordinates stand."""
_LETTERS = (digits + ascii_uppercase).encode()
_FIRST = 10 * 36**3
_BEYOND = 10_000 + 26 * 36**3


def put_overflow_right(lines: list[bytes]) -> list[str]:
    """Cut numbers of atoms that are too long, write residues' numbers from 10000 in hybrid-36, and have the rest in its columns again.

    Parameters
    ----------
    lines : of a PDB file, changed in place

    Returns
    -------
    what was done, in words
    """
    serials = residues = 0
    cut, short, in_place = 0, False, True
    for place, line in enumerate(lines):
        if line.startswith(_ATOMS):
            cut, short = _of_serial(line), False
            line = _cut(line, cut)
            in_place = _is_in_place(line)
            fixed = _with_short_residue(line)
            short = fixed is not line
            if cut and not _is_in_place(fixed):
                continue
            serials, residues = serials + bool(cut), residues + short
            lines[place] = fixed
        elif (cut or short) and line.startswith(_FOLLOWING):
            line = _cut(line, cut)
            if short and line[22:27].isdigit():
                number = _digits_from(line, 22)
                line = line[:22] + _hybrid(int(number)) + (b" " if in_place else b"") + line[22 + len(number) :]
            lines[place] = line
    notes = []
    if serials:
        notes.append(f"{serials} atoms have numbers that are too long for their columns and shift the others; these were read as meant")
    if residues:
        notes.append(f"{residues} atoms have residue numbers from 10000 up, which reach beyond their columns; they were read as meant")
    return notes


def _is_in_place(line: bytes) -> bool:
    return all(line[point : point + 1] == b"." for point in _POINTS)


def _of_serial(line: bytes) -> int:
    """How many digits an atom's number has too many, where they shift the rest of the line."""
    if not line[6:12].isdigit() or _is_in_place(line):
        return 0
    return len(_digits_from(line, 6)) - 5


def _cut(line: bytes, many: int) -> bytes:
    """Without the first digits of an atom's number."""
    return line[:6] + line[6 + many :] if many else line


def _with_short_residue(line: bytes) -> bytes:
    """With its residue's number in four columns; the line itself where it is so, or nothing tells what is meant."""
    if not line[22:27].isdigit():
        return line
    number = _digits_from(line, 22)
    if int(number) >= _BEYOND:
        return line
    if _is_in_place(line):
        return line[:22] + _hybrid(int(number)) + b" " + line[27:] if len(number) == 5 else line
    moved = line[:22] + _hybrid(int(number)) + line[22 + len(number) :]
    return moved if _is_in_place(moved) else line


def _digits_from(line: bytes, start: int) -> bytes:
    end = start
    while line[end : end + 1].isdigit():
        end += 1
    return line[start:end]


def _hybrid(number: int) -> bytes:
    """In four columns: letters of base 36 from 10000 on."""
    if number < 10_000:
        return b"%4d" % number
    left, letters = number - 10_000 + _FIRST, b""
    for _ in range(4):
        left, digit = divmod(left, 36)
        letters = _LETTERS[digit : digit + 1] + letters
    return letters
