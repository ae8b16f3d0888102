"""What a fit noticed that its user should know before trusting it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FitWarning:
    """One such thing.

    Attributes
    ----------
    kind : what it is about, in a word that programs can look for: "resolution", "voxel_size", "hand", "search", ...
    message : what was seen, with its numbers, and what to do; whole sentences
    """

    kind: str
    message: str
