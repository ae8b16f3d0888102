"""What is known of an assembly before: chains that stand already, and residues that lie near each other."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.candidates.cross_links import CrossLink, End, LinkStanding, standings
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.io.files import stem_of
from difffit_core.io.models import read_model
from difffit_core.io.regular import read_text

LENGTH = 30.0
"""Å between the CA atoms that the commonest cross-linkers (DSS, BS3) reach, the side chains' and the model's own slack included."""
_ENDS = ("protein", "model", "chain", "name")
_PLACES = ("residue", "abspos", "linkpos", "position")
_LENGTHS = ("length", "distance", "longest", "max_distance", "maxdistance")
_ANCHORS = ("CA", "P", "C4'", "C1'")


@dataclass(frozen=True)
class ResidueName:
    """A residue by the ``model`` it is in (file name without suffixes), a ``chain`` of that ("" for any), and its ``number``."""

    model: str
    chain: str
    number: int

    def __str__(self) -> str:
        return f"{self.model}{':' + self.chain if self.chain else ''} {self.number}"


@dataclass(frozen=True)
class NamedLink:
    """A cross-link as a table names it; ``longest`` in Å."""

    first: ResidueName
    second: ResidueName
    longest: float

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


@dataclass(frozen=True, eq=False)
class Priors:
    """Read from files: ``fixed``, chains that stand already, or None; ``links``."""

    fixed: AtomicModel | None = None
    links: tuple[NamedLink, ...] = ()


def read_priors(fixed: str, cross_links: str) -> Priors:
    """Read the files that a recipe names; "" for none.

    Raises
    ------
    UserError
        If one cannot be read, or says something that cannot be understood.
    """
    return Priors(read_model(Path(fixed)) if fixed else None, read_links(Path(cross_links)) if cross_links else ())


def read_links(path: Path) -> tuple[NamedLink, ...]:
    """A table of cross-links, with commas, semicolons or tabs between its columns, under a header.

    Columns ``model1, residue1, model2, residue2`` and, if it is not `LENGTH`, ``length``; as other programs call them, also protein1,
    AbsPos1, LinkPos1, distance. A model is a file of the folder by its name without suffixes, or that with ``:CHAIN``.

    Raises
    ------
    UserError
        In one sentence, with the line.
    """
    text = read_text(path, what="a table of cross-links")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise UserError(f"{path}: a table of cross-links must have a header and lines, got an empty file")
    between = max(",;\t", key=lines[0].count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=between))
    header = [cell.strip().lower().replace(" ", "").replace("_", "") for cell in rows[0]]
    ends = [(_column(path, header, _ENDS, side), _column(path, header, _PLACES, side)) for side in "12"]
    length = next((header.index(name.replace("_", "")) for name in _LENGTHS if name.replace("_", "") in header), None)
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise UserError(f"{path}: line {number} must have {len(header)} columns as the header has, got {len(row)}")
        first, second = (_residue(path, number, row[name], row[place]) for name, place in ends)
        cell = row[length].strip() if length is not None else ""
        found.append(NamedLink(first, second, _length(path, number, cell) if cell else LENGTH))
    if not found:
        raise UserError(f"{path}: a table of cross-links must have at least one line under its header, got none")
    return tuple(found)


def _column(path: Path, header: Sequence[str], names: Sequence[str], side: str) -> int:
    for name in names:
        if f"{name}{side}" in header:
            return header.index(f"{name}{side}")
    raise UserError(f"{path}: a table of cross-links must have a column {names[0]}{side}, got {', '.join(header) or 'none'}")


def _residue(path: Path, line: int, name: str, place: str) -> ResidueName:
    model, _, chain = name.strip().partition(":")
    try:
        number = int(place)
    except ValueError:
        raise UserError(f"{path}: line {line}: a residue must be a whole number, got {place!r}") from None
    if not model:
        raise UserError(f"{path}: line {line}: a model must be named, got nothing")
    return ResidueName(model, chain, number)


def _length(path: Path, line: int, text: str) -> float:
    try:
        length = float(text)
    except ValueError:
        length = float("nan")
    if not 1 <= length <= 500:
        raise UserError(f"{path}: line {line}: a length must lie between 1 and 500 Å, got {text}")
    return length


def unbound(links: Sequence[NamedLink], bound: Sequence[CrossLink]) -> list[str]:
    """Links of which an end is in no model that stood out, or in none of its residues, by name."""
    there = {one.name for one in bound}
    return [str(link) for link in links if str(link) not in there]


def check_links(links: Sequence[NamedLink], names: Sequence[str]) -> None:
    """Refuse links of models that are not there, by a `UserError`; ``names`` are file names without suffixes."""
    for link in links:
        for end in (link.first, link.second):
            if end.model not in names:
                some = ", ".join(sorted(set(names))[:8]) + (" and more" if len(set(names)) > 8 else "")
                raise UserError(f"cross-links must name models of the folder or the fixed chains ({some}), got {end.model}")


def bound_links(links: Sequence[NamedLink], models: Sequence[AtomicModel], parts: Sequence[tuple[str, str]]) -> list[CrossLink]:
    """Those links of which both ends are in ``models``, whose files and parts (chains) are ``parts``; by every pair of models they fit."""
    names = [stem_of(path) for path, _ in parts]
    found = []
    for link in links:
        ends = [
            [End(i, points) for i, name in enumerate(names) if name == end.model and len(points := _points(models[i], end))]
            for end in (link.first, link.second)
        ]
        found += [CrossLink(str(link), first, second, link.longest) for first in ends[0] for second in ends[1]]
    return found


def standing_links(request: ComposeRequest, result: ComposeResult) -> list[LinkStanding]:
    """How each cross-link stands among what is placed, once each, by the shortest way it can mean."""
    best: dict[str, LinkStanding] = {}
    for one in standings(request.links, [(copy.body, copy.pose) for copy in result.copies]):
        before = best.get(one.link.name)
        if before is None or (one.distance or np.inf) < (before.distance or np.inf):
            best[one.link.name] = one
    return list(best.values())


def _points(model: AtomicModel, residue: ResidueName) -> Array:
    """Where a residue is in a model (P, 3): its CA, or what stands for that, in each chain that is meant."""
    here = (model.residue_numbers == residue.number) & model.in_fit
    if residue.chain:
        here &= model.chain_names == residue.chain
    for anchor in _ANCHORS:
        mine = here & (model.atom_names == anchor)
        if mine.any():
            return np.asarray(model.coordinates[mine])
    return np.asarray(model.coordinates[here])
