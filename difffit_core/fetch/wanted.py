"""A file to be fetched."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched.

    Attributes
    ----------
    name : of the file
    addresses : where it may be, in the order in which they are tried
    folder : of the cache, where it is kept
    kind : what it is, in a word or two
    """

    name: str
    addresses: tuple[str, ...]
    folder: tuple[str, ...]
    kind: str
