"""Cuts of a model that a user names, and the parts they leave."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.broken import BrokenStretch
from difffit_core.chain_words import chain_in_words
from difffit_core.errors import UserError
from difffit_core.residues import Residues
from difffit_core.split.limits import SMALLEST
from difffit_core.split.parts import Part

_WRITTEN = re.compile(r"(?P<chain>[^:\s]*):(?P<number>-?[0-9]{1,9})")


@dataclass(frozen=True)
class Cut:
    """Before which residue a chain is cut: its chain and its number, the author's."""

    chain: str
    number: int

    @classmethod
    def parse(cls, text: str) -> "Cut":
        """From ``A:214``, or ``:214`` in a chain without a name.

        Raises
        ------
        UserError
            If it is not written so.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise UserError(f"a cut must be a chain and the number of the first residue after it, as in A:214, got {text!r}")
        return cls(found["chain"], int(found["number"]))

    def __str__(self) -> str:
        return f"{self.chain}:{self.number}"


def at_cuts(model: AtomicModel, cuts: Sequence[Cut], smallest: int = SMALLEST) -> list[Part]:
    """The pieces between cuts, and each chain that is not cut.

    Where the named residue is missing from the model, the cut is at the gap it lies in.

    Raises
    ------
    UserError
        If a chain is not there, a cut does not lie within its chain, or a piece of one is smaller than ``smallest`` residues: nothing is
        left out.
    """
    residues = Residues.of(model)
    where = model.path or model.name
    chains = list(dict.fromkeys(residues.chains.tolist()))
    strange = [cut.chain for cut in cuts if cut.chain not in chains]
    if strange:
        there = ", ".join(one or "(blank)" for one in chains) or "none"
        raise UserError(f"{where}: a cut must be in one of the chains {there}, got {strange[0] or '(blank)'}")
    parts: list[Part] = []
    for chain in chains:
        members = np.flatnonzero(residues.chains == chain)
        numbers = residues.numbers[members]
        starts = sorted({cut.number for cut in cuts if cut.chain == chain})
        low, high = int(numbers.min()) + 1, int(numbers.max())
        outside = [number for number in starts if not low <= number <= high]
        if outside:
            raise UserError(f"{where}: a cut of {chain_in_words(chain)} must be at one of its residues {low} to {high}, got {outside[0]}")
        piece_of = np.searchsorted(starts, numbers, side="right")
        for piece in np.unique(piece_of):
            name = f"{model.name} D{len(parts) + 1}"
            kept = members[piece_of == piece]
            part = Part(name, model.select_residues(residues.index[kept].tolist(), name))
            if starts and len(kept) < smallest:
                raise UserError(f"{where}: every part must have at least {smallest} residues, got {len(kept)} in {part.ranges()}")
            parts.append(part)
    return parts


def cuts_round(model: AtomicModel, stretches: Sequence[BrokenStretch], smallest: int = SMALLEST) -> list[Cut]:
    """Where to cut so that stretches which do not fit come off, in order of the model.

    A piece of fewer than ``smallest`` residues, which could not be found again alone, stays with its neighbours.
    """
    residues = Residues.of(model)
    cuts: list[Cut] = []
    for chain in dict.fromkeys(one.chain for one in stretches):
        numbers = residues.numbers[residues.chains == chain]
        ends = {0, len(numbers)}
        for one in stretches:
            if one.chain == chain:
                members = np.flatnonzero((numbers >= one.first) & (numbers <= one.last))
                ends |= {int(members[0]), int(members[-1]) + 1} if len(members) else set()
        kept = sorted(ends)
        while len(kept) > 2 and min(np.diff(kept)) < smallest:
            shortest = int(np.argmin(np.diff(kept)))
            kept = [at for index, at in enumerate(kept) if index not in (shortest, shortest + 1) or index in (0, len(kept) - 1)]
        cuts += [Cut(chain, int(numbers[at])) for at in kept[1:-1]]
    return cuts
