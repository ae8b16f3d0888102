"""What there is to do, and how it ended."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from difffit_core.placement import Placement
from difffit_core.screen.content import Content


class LeftOut(Exception):
    """A model that the filters do not let in; the message is the reason."""


class Pass(IntEnum):
    """How much work a model gets."""

    FIRST = 1
    FULL = 2


@dataclass(frozen=True)
class Piece:
    """A compact piece of a model, of so many ``atoms``; the ``number`` says which of those that can be drawn."""

    atoms: int
    number: int


@dataclass(frozen=True)
class Task:
    """One model, and how much work it is to get.

    ``part`` is a chain or a domain, or empty for the whole file; ``piece``, if given, is tried in the model's place.
    """

    id: int
    path: Path
    part: str
    work: Pass
    piece: Piece | None = None


@dataclass(frozen=True)
class Trial:
    """What a search of a model found.

    Attributes
    ----------
    residues : with an atom in the fit
    elements : independent resolution elements that the model covers
    correlation : the best local correlation
    middle : median of Fisher's z over the model's best wrong placements
    gap : from the best to the next distinct placement, in spreads of the wrong ones
    inside : share of the atoms in the contour, in the best placement
    placements : the best few by the settings' ranking
    best : the placement of the best local correlation
    """

    residues: int
    elements: float
    correlation: float
    middle: float
    gap: float
    inside: float
    placements: tuple[Placement, ...]
    best: Placement


@dataclass(frozen=True)
class Outcome:
    """How a task ended: with a ``trial``; with the ``parts`` into which the file is split; or, saying so in ``note``, with none of these.

    ``failed`` tells a model that cannot be tried from one that the filters leave out, ``content`` what the file held.
    """

    task: Task
    trial: Trial | None = None
    parts: tuple[str, ...] = ()
    note: str = ""
    failed: bool = False
    content: Content | None = None
