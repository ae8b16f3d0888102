"""Residues by name: ``A`` is a chain, ``A:118-160`` a stretch of it, ``A:118`` one residue; ``+`` joins several to one group."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from difffit_core.chain_words import chain_in_words, nothing_seen
from difffit_core.errors import UserError

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

    from difffit_core.atomic_model import AtomicModel
    from difffit_core.residues import Residues

_STRETCH = re.compile(r"(?P<chain>[^:]*?)\s*(?::\s*(?P<first>-?[0-9]{1,9})\s*(?:-\s*(?P<last>-?[0-9]{1,9}))?)?")


@dataclass(frozen=True)
class Stretch:
    """Residues of one chain from ``first`` to ``last`` by the author's numbers; all of it where these are None."""

    chain: str
    first: int | None = None
    last: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Stretch":
        """From ``A``, ``A:118`` or ``A:118-160``; ``:118`` is in a chain without a name.

        Raises
        ------
        UserError
            If it is none of these.
        """
        match = _STRETCH.fullmatch(text.strip())
        if match is None or not (match["chain"] or match["first"]):
            raise UserError(f"residues are told as CHAIN, CHAIN:NUMBER or CHAIN:FIRST-LAST, as in A:118-160, got {text!r}")
        if match["first"] is None:
            return cls(match["chain"])
        first = int(match["first"])
        last = first if match["last"] is None else int(match["last"])
        if last < first:
            raise UserError(f"the last residue of a stretch must not come before its first, got {text}")
        return cls(match["chain"], first, last)

    def of(self, model: "AtomicModel", residues: "Residues") -> "NDArray[bool_]":
        """Which residues (n,) they are.

        Raises
        ------
        UserError
            If the model has no such chain or residue.
        """
        here = residues.chains == self.chain
        if not here.any():
            if self.chain in model.chains:
                raise UserError(f"{model.path or model.name}: {nothing_seen([self.chain])}")
            there = ", ".join(one or "(blank)" for one in model.chains)
            raise UserError(f"{model.path or model.name}: chain must be one of {there}, got {self.chain or '(blank)'}")
        if self.first is None or self.last is None:
            found: NDArray[bool_] = here
            return found
        found = here & (residues.numbers >= self.first) & (residues.numbers <= self.last)
        if not found.any():
            numbers = residues.numbers[here]
            asked = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
            within = f"lie within {numbers.min()} to {numbers.max()}"
            in_gap = numbers.min() <= self.first and self.last <= numbers.max()
            allowed = f"must be of those that the file has, which {within}" if in_gap else f"must {within}"
            raise UserError(f"{model.path or model.name}: residues of {chain_in_words(self.chain)} {allowed}, got {asked}")
        return found


def parse_group(text: str) -> tuple[Stretch, ...]:
    """Stretches with ``+`` between them; `UserError` as `Stretch.parse`."""
    return tuple(Stretch.parse(part) for part in text.split("+"))


def named(model: "AtomicModel", texts: Sequence[str], residues: "Residues | None" = None) -> "NDArray[bool_]":
    """The residues (n,) of a model, those of `Residues.of`, that any of the texts names; `UserError` as `Stretch.of`."""
    import numpy as np  # here, since recipes should be made without it

    from difffit_core.residues import Residues

    there = residues or Residues.of(model)
    found: NDArray[bool_] = np.any([one.of(model, there) for text in texts for one in parse_group(text)], axis=0)
    return found
