"""A file that holds several models: alternatives of one thing, of which one is read, or parts of a whole, which are read together."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.chain_names import free_names
from difffit_core.conventions import Array
from difffit_core.errors import UserError

if TYPE_CHECKING:
    import gemmi

ALL = "all"
HELD = "the file holds "
"""How the note about several models begins."""
_TOUCHING_A = 2.0
"""Atoms of two molecules, hydrogens aside, do not come closer."""
_IN_ONE_PLACE = 0.1
_LOOKED_AT = 2000
"""Atoms of a model that are compared with the others."""


@dataclass(frozen=True, eq=False)
class Part:
    """One of the models of a file.

    Attributes
    ----------
    number : what the file calls it
    names : what tells its atoms: equal where two parts have the same ones
    points : (n, 3) in Å, its atoms without hydrogens and solvent; those of no place are left out
    structure : parses it; a structure of one model
    """

    number: int
    names: bytes
    points: Array
    structure: "Callable[[], gemmi.Structure]" = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """Which of the parts are read (indices), as `--model` would say it (empty where there is but one), why, and the numbers of all."""

    chosen: tuple[int, ...]
    words: str
    note: str = ""
    held: tuple[int, ...] = ()


def choose(path: Path, parts: Sequence[Part], wanted: str) -> Choice:
    """Which parts to read: those that were asked for (``all``, or numbers parted by commas), else what the atoms say.

    Several models with the same atoms are alternatives where they stand in one another's place, as those of NMR and of simulations do, and
    copies that make up an assembly where none of them does. Models of different atoms are parts, but for those that stand where another
    does.

    Raises
    ------
    UserError
        If there is no model of the number that was asked for.
    """
    numbers = [part.number for part in parts]
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(parts) + 1))
    if wanted and wanted != ALL:
        chosen = _asked_for(path, numbers, wanted)
    elif wanted == ALL:
        chosen = list(range(len(parts)))
    else:
        chosen = _by_place(parts)
    if len(parts) == 1:
        return Choice(tuple(chosen), "", held=tuple(numbers))
    words = ALL if len(chosen) == len(parts) else ",".join(str(numbers[index]) for index in chosen)
    return Choice(tuple(chosen), words, _why(parts, numbers, chosen, bool(wanted)), tuple(numbers))


def _asked_for(path: Path, numbers: list[int], wanted: str) -> list[int]:
    chosen = []
    for word in wanted.split(","):
        text = word.strip()
        number = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None
        if number not in numbers:
            held = f"the file holds {_listed(numbers)}"
            raise UserError(f"{path}: model must be all or a number ({held}), got {text or 'nothing'}")
        chosen.append(numbers.index(number))
    return sorted(set(chosen))


def _by_place(parts: Sequence[Part]) -> list[int]:
    if len(parts) == 1:
        return [0]
    if all(part.names == parts[0].names for part in parts):
        last = parts[0].points
        for part in parts[1:]:
            if _share_within(part.points, parts[0].points) > _IN_ONE_PLACE or _share_within(part.points, last) > _IN_ONE_PLACE:
                return [0]
            last = part.points
        return list(range(len(parts)))
    chosen, taken = [0], parts[0].points
    for index, part in enumerate(parts[1:], start=1):
        if _share_within(part.points, taken) <= _IN_ONE_PLACE and _share_within(taken, part.points) <= _IN_ONE_PLACE:
            chosen.append(index)
            taken = np.concatenate([taken, part.points])
    return chosen


def _share_within(points: Array, others: Array) -> float:
    """Which share of some of the points stands where others do."""
    from scipy.spatial import cKDTree

    if not len(points) or not len(others):
        return 0.0
    some = points[:: max(1, len(points) // _LOOKED_AT)]
    low, high = others.min(axis=0) - _TOUCHING_A, others.max(axis=0) + _TOUCHING_A
    inside = some[((some >= low) & (some <= high)).all(axis=1)]
    if not len(inside):
        return 0.0
    distances, _ = cKDTree(others).query(inside, distance_upper_bound=_TOUCHING_A)
    return float(np.isfinite(distances).sum()) / len(some)


def _why(parts: Sequence[Part], numbers: list[int], chosen: list[int], asked: bool) -> str:
    held = f"{HELD}{_listed(numbers)}"
    if asked:
        return f"{held}; {_these(numbers, chosen)} read, as was asked"
    if len(chosen) == len(parts):
        same = all(part.names == parts[0].names for part in parts)
        reason = "of the same atoms, none in another's place: copies in an assembly" if same else "of different atoms: parts of one thing"
        return f"{held} {reason}, and all were read; --model N reads one"
    what = "in one place: alternatives" if len(chosen) == 1 else "of which some lie in the place of others"
    return f"{held} {what}, and {_these(numbers, chosen)} read; --model N|all reads others"


def _these(numbers: list[int], chosen: list[int]) -> str:
    if len(chosen) == len(numbers):
        return "all were"
    return f"model {numbers[chosen[0]]} was" if len(chosen) == 1 else f"models {', '.join(str(numbers[i]) for i in chosen)} were"


def _listed(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"one model, {numbers[0]}"
    run = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    named = f"{numbers[0]} to {numbers[-1]}" if run else ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")
    return f"{len(numbers)} models ({named})"


def join(structures: "Sequence[gemmi.Structure]") -> "tuple[gemmi.Structure, str]":
    """One structure of one model of them all, and what was said of chains that had to be named anew.

    A chain keeps its name unless one of that name is there already with a residue of the same number; what a chain has more (a ligand
    behind the end of its model) goes to it.
    """
    import gemmi

    whole = structures[0]
    seen = {chain.name: _residues(chain) for chain in whole[0]}
    wanted = {chain.name for one in structures for chain in one[0]}
    renamed: list[str] = []
    for part in structures[1:]:
        meeting = [chain.name for chain in part[0] if not seen.get(chain.name, set()).isdisjoint(_residues(chain))]
        names = free_names(meeting, set(seen), wanted | set(seen))
        for old, new in names.items():
            part.rename_chain(old, new)
            renamed.append(f"{old or '(blank)'} as {new}")
        for chain in part[0]:
            seen.setdefault(chain.name, set()).update(_residues(chain))
            whole[0].add_chain(gemmi.Chain(chain.name) if len(chain) == 0 else chain)
        for connection in part.connections:
            whole.connections.append(connection)
    more = f" and {len(renamed) - 8} more" if len(renamed) > 8 else ""
    return whole, f"chains of one name were told apart: {', '.join(renamed[:8])}{more}" if renamed else ""


def _residues(chain: "gemmi.Chain") -> set[tuple[int, str]]:
    return {(residue.seqid.num or 0, residue.seqid.icode) for residue in chain}


def fingerprint(columns: NDArray[np.uint8]) -> bytes:
    """Something that is equal where columns are."""
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(columns).tobytes()).digest()
