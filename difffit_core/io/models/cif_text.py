"""The text of an mmCIF file taken apart without reading it whole: its long tables, a few rows at a time, and all the rest.

gemmi keeps each value of a document as a string of its own, which takes fifteen times the file. So it is given tables of atoms in pieces,
and never sees long tables that nobody here looks at.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from difffit_core.errors import FileFormatError

SITE = "_atom_site."
DISPLACEMENTS = "_atom_site_anisotrop."
_ROW_BY_ROW = (SITE, DISPLACEMENTS)
_UNREAD = ("_pdbx_sifts_xref_db.",)
_READ = re.compile(
    r"_(entity(_poly(_seq)?)?|struct_(ref(_seq)?|asym|conn|mon_prot_cis|conf|sheet(_range|_order)?|ncs_oper)|chem_comp|audit_author|software|"
    r"refine|ma_qa_metric|pdbx_(struct_(sheet_hbond|mod_residue|assembly(_gen|_prop)?|oper_list)|refine_tls(_group)?))\."
)
"""Categories that gemmi makes a structure of, or we look at, and which may be long."""
LONG = 1 << 15
"""Bytes from which a table of no such category is left out."""
VALUES_AT_ONCE = 25_000

_ONCE = rb"+" if sys.version_info >= (3, 11, 5) else rb""
"""After a group that is repeated: what it has matched is not given up again.

Before 3.11.5, Python (that of Debian 12, say) goes on at a wrong place after such a group, unless it fails at its first character
(github.com/python/cpython/issues/106052). Without it the same is matched, with more memory: no text can be read in two ways here.
"""
_GAP = rb"(?:\s++|\#[^\n]*+)*+"
_ENDS = rb"(?=\s|\Z)"
_KEYWORD = rb"(?:data_|save_|(?:loop|stop|global)_" + _ENDS + rb")"
_SINGLE = rb"'[^'\n]*+(?:'(?![\s\#]|\Z)[^'\n]*+)*" + _ONCE + rb"'(?=[\s\#]|\Z)"
_DOUBLE = rb'"[^"\n]*+(?:"(?![\s\#]|\Z)[^"\n]*+)*' + _ONCE + rb'"(?=[\s\#]|\Z)'
_QUOTED = _SINGLE + rb"|" + _DOUBLE
_FIELD = rb"^;[^\n]*+(?:\n(?!;)[^\n]*+)*" + _ONCE + rb"\n;"
_PLAIN = rb"[^\s_$\#'\";]++" + _ENDS
_VALUE = rb"(?:" + _PLAIN + rb"|" + _QUOTED + rb"|" + _FIELD + rb"|(?!" + _KEYWORD + rb"|^;|" + _PLAIN + rb")[^\s_$\#'\"]\S*+)"
_FLAGS = re.MULTILINE | re.IGNORECASE
_TAGS = re.compile(rb"(?:" + _GAP + rb"_\S++)+" + _ONCE, _FLAGS)
_WORDS = re.compile(rb"(?:" + _GAP + rb"(?:_\S++|" + _VALUE + rb")){1,20000}" + _ONCE, _FLAGS)
_NEXT = re.compile(_GAP + rb"(" + _KEYWORD + rb"\S*+)?", _FLAGS)
_ONE = re.compile(_GAP + _VALUE, _FLAGS)
_STRANGE = re.compile(rb"((?<!\S)(?:" + _QUOTED + rb"|\#[^\n]*+)|" + _FIELD + rb")|(?<!\S)([^\s_\#'\";$]\S*[\x80-\xff]\S*)", _FLAGS)


@dataclass(frozen=True)
class Table:
    """A loop, whose rows are read when they are asked for.

    Attributes
    ----------
    tags : as they stand in the file
    ends : offsets in the file's text between which a whole number of rows stands
    """

    tags: tuple[str, ...]
    ends: tuple[int, ...]

    @property
    def own(self) -> frozenset[str]:
        """What stands behind the point in each tag, in small letters."""
        parted = [tag.lower().partition(".") for tag in self.tags]
        return frozenset(name for category, _, name in parted if category == parted[0][0])

    def pieces(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        """Offset and text of some rows, one piece after the other."""
        for start, end in zip(self.ends, self.ends[1:], strict=False):
            yield start, quoted(content[start:end])


@dataclass
class Block:
    """What is read row by row of a block of data."""

    atoms: list[Table] = field(default_factory=list)
    displacements: list[Table] = field(default_factory=list)


def take_apart(path: Path, content: bytes) -> tuple[bytes, list[Block]]:
    """The text without long tables, with as many lines as before, and the tables of atoms of each block.

    Parameters
    ----------
    path : for what is said
    content : UTF-8 with lines that end in LF

    Raises
    ------
    FileFormatError
        If it is no CIF, or a table of atoms ends within a row.
    """
    kept: list[bytes] = []
    blocks: list[Block] = []
    place = since = 0

    def leave_out(start: int, end: int) -> None:
        nonlocal since
        kept.append(content[since:start])
        kept.append(b"\n" * content.count(b"\n", start, end) + b" ")
        since = end

    frame = -1
    while True:
        while found := _WORDS.match(content, place):
            place = found.end()
        found = _NEXT.match(content, place)
        assert found is not None  # it matches nothing, too
        word = (found[1] or b"").lower()
        start, place = found.start(1), found.end()
        if word.startswith((b"data_", b"global_")):
            blocks.append(Block())
        elif word.startswith(b"save_"):
            if frame < 0:
                frame = start
            elif word == b"save_":
                leave_out(frame, place)
                frame = -1
        elif word == b"loop_":
            tags = _TAGS.match(content, place)
            if tags is None:
                continue
            table, place = _table(path, content, tags, by_row=frame < 0)
            category = table.tags[0].lower().partition(".")[0] + "."
            if frame < 0 and blocks and len(table.ends) > 1 and category in _ROW_BY_ROW:
                (blocks[-1].atoms if category == SITE else blocks[-1].displacements).append(table)
                leave_out(start, place)
            elif frame < 0 and (category in _UNREAD or (place - start > LONG and not _READ.fullmatch(category))):
                leave_out(start, place)
        elif not word:
            break
    if place < len(content):
        raise FileFormatError(f"{path}: cannot be read as mmCIF ({_at(content, place)})")
    if frame >= 0:
        leave_out(frame, len(content))
    kept.append(content[since:])
    return quoted(b"".join(kept)), blocks


def _table(path: Path, content: bytes, tags: re.Match[bytes], *, by_row: bool) -> tuple[Table, int]:
    """The loop of those tags, and where it ends."""
    names = tuple(word.decode("utf-8") for word in _names(tags[0]))
    rows = _rows(len(names), max(1, VALUES_AT_ONCE // len(names)))
    ends = [tags.end()]
    while found := rows.match(content, ends[-1]):
        ends.append(found.end())
    left = _ONE.match(content, ends[-1])
    if left is None:
        return Table(names, tuple(ends)), ends[-1]
    if by_row and names[0].lower().startswith(_ROW_BY_ROW):
        row = line_of(content, left.end() - 1)
        raise FileFormatError(
            f"{path}: the table {names[0].partition('.')[0]} ends within a row, near line {row}; the file is cut short or damaged"
        )
    place = left.end()
    while found := _ONE.match(content, place):
        place = found.end()
    return Table(names, (ends[0], place)), place


def _names(text: bytes) -> Iterator[bytes]:
    """Tags, without what is commented out between them."""
    for line in text.split(b"\n"):
        for word in line.split():
            if word.startswith(b"#"):
                break
            yield word


@cache
def _rows(width: int, at_once: int) -> re.Pattern[bytes]:
    """Some whole rows of a table of so many columns."""
    row = rb"(?:" + _GAP + _VALUE + (rb"){%d}" % width) + _ONCE
    return re.compile(rb"(?:" + row + (rb"){1,%d}" % at_once) + _ONCE, _FLAGS)


def quoted(text: bytes) -> bytes:
    """With quotes round each bare value that holds other letters than ASCII, which gemmi takes only so."""
    if text.isascii():
        return text
    return _STRANGE.sub(_as_gemmi_takes_it, text)


def _as_gemmi_takes_it(found: re.Match[bytes]) -> bytes:
    word: bytes | None = found[2]
    if word is None:
        return found[0]
    if word[:5].lower() == b"data_":
        return bytes(byte if byte < 128 else ord("_") for byte in word)
    return b"'" + word + b"'"


def line_of(content: bytes, place: int) -> int:
    """Line of an offset, from 1."""
    return content.count(b"\n", 0, place) + 1


def _at(content: bytes, place: int) -> str:
    got = content[place : place + 40].split(b"\n")[0].decode("utf-8", "replace").strip()
    what = "a text between quotes or semicolons that does not end" if got[:1] in "'\";" and got else f"what stands at {got}"
    return f"line {line_of(content, place)}: {what}"
