"""What an accession names, in any of the spellings that people use."""

import re
from dataclasses import dataclass
from enum import StrEnum

from difffit_core.errors import UserError
from difffit_core.number_words import is_digits


class Archive(StrEnum):
    """Where an entry is kept."""

    EMDB = "emdb"
    PDB = "pdb"
    ALPHAFOLD = "alphafold"


@dataclass(frozen=True)
class Accession:
    """An entry of an archive.

    Attributes
    ----------
    archive : where it is kept
    name : ``EMD-21897``, ``6WTI`` (or ``pdb_00006wti`` for the long names), or a UniProt accession, ``P12345`` or ``P12345-2``
    part : number of the assembly of a PDB entry (0 for the entry as deposited), or of the fragment of a prediction (0 for all)
    """

    archive: Archive
    name: str
    part: int = 0

    def __str__(self) -> str:
        if self.archive is Archive.ALPHAFOLD:
            return f"AF-{self.name}-F{self.part or 1}"
        return f"{self.name}-assembly{self.part}" if self.part else self.name

    @property
    def number(self) -> str:
        """Digits of an EMDB accession, as file names have them."""
        return self.name.removeprefix("EMD-")


_UNIPROT = r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})(?:-\d{1,2})?"
_ASSEMBLY = r"(?:[-_.:/]?(?:assembly|bio)[-_]?(?P<part>\d{1,3})|[-:/](?P<short>\d{1,3}))?"
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), archive)
    for pattern, archive in (
        (r"(?:EMDB?[-_: ]?)+(?P<name>\d{4,6})(?:_half_map_[12])?", Archive.EMDB),
        (
            r"(?:PDB[-_: ]?)?(?P<name>[1-9][A-Z0-9]{3})(?:[-_.:/]?(?:assembly|bio)[-_]?(?P<part>\d{1,3})|[-:/](?P<short>\d{1,3}))?",
            Archive.PDB,
        ),
        (rf"(?:PDB:)?(?P<name>PDB_[0-9A-Z]{{8}}){_ASSEMBLY}", Archive.PDB),
        (rf"AF[-_](?:AF)?(?P<name>{_UNIPROT})(?:[-_]?F(?P<part>\d{{1,3}}))?(?:[-_]model(?:_v\d+)?)?", Archive.ALPHAFOLD),
        (rf"(?:(?:UniProt(?:KB)?|UP|AFDB|AlphaFold)[-_: ])?(?P<name>{_UNIPROT})", Archive.ALPHAFOLD),
    )
)
_SUFFIXES = re.compile(r"\.(?:gz|bz2|xz|zip|map|mrc|ccp4|cif|mmcif|bcif|pdb|ent|json|xml)$", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w-])(EMDB?|PDB|UniProt(?:KB)?|AFDB|AlphaFold)\s+(?=\w)", re.IGNORECASE)
"""An archive's name that stands before an accession as a word of its own."""
_EXAMPLES = "EMD-21897, 6WTI, 6WTI-assembly1, P12345 or AF-P12345-F1"


def parse_accession(text: str) -> Accession:
    """Read an accession: upper or lower case, with or without the archive's prefix, a file's suffix, or the address of its page before it.

    Raises
    ------
    UserError
        If it is none; a bare number is none either, as EMDB and the PDB both have such.
    """
    found = _try(text)
    if found is None:
        bare = f" (for a map say EMD-{text.strip()})" if re.fullmatch(r"\s*\d{4,6}\s*", text) else ""
        raise UserError(f"an accession must be like {_EXAMPLES}, got '{text.strip()}'{bare}")
    return found


def parse_accessions(text: str) -> tuple[Accession, ...]:
    """Read accessions with commas, semicolons, spaces or line ends between them, each once, in their order.

    ``EMD 21897`` is one of them, with the archive's name as a word of its own.

    Raises
    ------
    UserError
        If one is none.
    """
    joined = _NAMED.sub(r"\1-", text)
    return tuple(dict.fromkeys(parse_accession(word) for word in re.split(r"[\s,;]+", joined) if word))


def is_accession(text: str) -> bool:
    """Whether `parse_accession` reads it."""
    return _try(text) is not None


def _try(text: str) -> Accession | None:
    word = text.strip()
    if "://" in word:
        word = word.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    while _SUFFIXES.search(word):
        word = _SUFFIXES.sub("", word)
    if re.fullmatch(r"pdb[1-9][a-z0-9]{3}", word, re.IGNORECASE):  # pdb6wti.ent, as the archive's own files are called
        word = word[3:]
    if is_digits(word):
        return None
    for pattern, archive in _PATTERNS:
        match = pattern.fullmatch(word)
        if match:
            groups = match.groupdict()
            name = groups["name"].upper()
            if archive is Archive.EMDB:
                name = f"EMD-{name}"
            elif name.startswith("PDB_"):
                name = f"PDB_{name[4:]}".lower()
            return Accession(archive, name, int(groups.get("part") or groups.get("short") or 0))
    return None
