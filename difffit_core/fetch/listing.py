"""Accessions from a text file or a query of UniProt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx

from difffit_core.errors import UserError
from difffit_core.fetch.accession import Accession, is_accession, parse_accession
from difffit_core.fetch.client import Client
from difffit_core.fetch.failures import FetchError
from difffit_core.io.regular import read_text
from difffit_core.number_words import is_digits, whole_number

_PAGE = 500
_HEADERS = ("entry", "accession", "uniprot", "id", "ac")
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


@dataclass(frozen=True)
class Query:
    """Proteins of UniProt that have a model in AlphaFold DB; what is empty does not restrict.

    Attributes
    ----------
    organism : name or taxon number
    genes : names, any of which
    keyword : as UniProt's keywords are called, ``Ribosomal protein``, or KW-0689
    text : in UniProt's own query language
    reviewed : Swiss-Prot alone
    """

    organism: str = ""
    genes: tuple[str, ...] = ()
    keyword: str = ""
    text: str = ""
    reviewed: bool = False

    def __bool__(self) -> bool:
        return bool(self.organism or self.genes or self.keyword or self.text)

    def words(self) -> str:
        """In UniProt's query language."""
        parts = []
        if self.text:
            parts.append(f"({self.text})")
        if self.organism:
            parts.append(f"(organism_id:{self.organism})" if is_digits(self.organism) else f"(organism_name:{_quoted(self.organism)})")
        if self.genes:
            parts.append("(" + " OR ".join(f"gene_exact:{_quoted(gene)}" for gene in self.genes) + ")")
        if self.keyword:
            parts.append(f"(keyword:{self.keyword})" if re.fullmatch(r"KW-\d{4}", self.keyword) else f"(keyword:{_quoted(self.keyword)})")
        if self.reviewed:
            parts.append("(reviewed:true)")
        return " AND ".join([*parts, "(database:alphafolddb)"])


def read_accessions(path: Path) -> tuple[Accession, ...]:
    """Accessions of a text file, each once: one a line, or the first column of a table (.csv, .tsv) with or without a heading.

    Empty lines and those that begin with # are left out.

    Raises
    ------
    UserError
        If it cannot be read, a line is no accession, or there is none.
    """
    lines = read_text(path, what="a text file of accessions").splitlines()
    found = []
    first = True
    for number, line in enumerate(lines, start=1):
        word = re.split(r"[\t,;]", line.strip())[0].strip().strip('"')
        if not word or word.startswith("#"):
            continue
        if not (first and word.lower() in _HEADERS and not is_accession(word)):
            try:
                found.append(parse_accession(word))
            except UserError as error:
                raise UserError(f"{path}, line {number}: {error}") from None
        first = False
    if not found:
        raise UserError(f"{path}: must hold accessions, one a line, got none")
    return tuple(dict.fromkeys(found))


def count(client: Client, query: Query) -> int:
    """How many proteins a query finds.

    Raises
    ------
    FetchError
        If UniProt does not answer, or not with a number.
    """
    return _page(client, _addresses(client, query, 1))[1]


def accessions(client: Client, query: Query, most: int) -> tuple[Accession, ...]:
    """What a query finds, at most so many.

    Raises
    ------
    FetchError
        If UniProt does not answer as it should.
    """
    return tuple(islice(_found(client, query), most))


def _found(client: Client, query: Query) -> Iterator[Accession]:
    addresses: list[str] | None = _addresses(client, query, _PAGE)
    while addresses:
        words, _, following = _page(client, addresses)
        yield from (parse_accession(word) for word in words)
        addresses = [following] if following else None


def _addresses(client: Client, query: Query, size: int) -> list[str]:
    words = httpx.QueryParams({"query": query.words(), "format": "list", "size": str(size)})
    return [f"{base}/uniprotkb/search?{words}" for base in client.access.addresses("uniprot")]


def _page(client: Client, addresses: list[str]) -> tuple[list[str], int, str]:
    """Accessions of a page, how many there are in all, and the address of the next."""
    answer = client.read(addresses)
    words = answer.content.decode("utf-8", "replace").split()
    said = whole_number(answer.headers.get("X-Total-Results", ""))
    if said is None or not all(map(is_accession, words)):
        raise FetchError(f"{httpx.URL(answer.address).host} answered the query with something else than accessions")
    match = _NEXT.search(answer.headers.get("Link", ""))
    return words, said, match[1] if match and words else ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", " ").replace('"', " ") + '"'
