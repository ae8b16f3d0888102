"""What a fit noticed that its user should know before trusting it."""

from dataclasses import dataclass
from typing import Any

from difffit_core.correction import Correction


@dataclass(frozen=True)
class FitWarning:
    """One such thing.

    Attributes
    ----------
    kind : what it is about, in a word that programs can look for: "resolution", "voxel_size", "hand", "search", ...
    message : what was seen, with its numbers, and what to do; whole sentences
    correction : of the map, where that would mend it
    """

    kind: str
    message: str
    correction: Correction | None = None

    def to_dict(self) -> dict[str, Any]:
        """As `placements.json` holds it."""
        return {"kind": self.kind, "message": self.message} | ({"correction": str(self.correction)} if self.correction else {})
