"""A stretch of a placed model that does not fit where the rest of it does."""

from dataclasses import dataclass
from typing import Any


def stretch_in_words(chain: str, first: int, last: int) -> str:
    """``A 12–45``, or ``residues 12–45`` of a chain without a name."""
    return f"{chain if chain.strip() else 'residues'} {first}–{last}"


@dataclass(frozen=True)
class BrokenStretch:
    """Contiguous residues of one chain whose density is no better than that of wrong places.

    Attributes
    ----------
    chain : its name
    first, last : numbers of its first and last residue, the author's
    residues : how many it has
    local_correlation : their mean
    """

    chain: str
    first: int
    last: int
    residues: int
    local_correlation: float

    def __str__(self) -> str:
        return stretch_in_words(self.chain, self.first, self.last)

    def to_dict(self) -> dict[str, Any]:
        """As `placements.json` holds it."""
        return {"chain": self.chain, "from": self.first, "to": self.last}
