"""A symmetry where it stands in a map, and its moves there."""

from dataclasses import dataclass

import numpy as np

from difffit_core.groups.group import Group
from difffit_core.pose import Pose, PoseBatch

_MOST_UNITS = 60


@dataclass(frozen=True, eq=False)
class Standing:
    """A point group or a helix, and the frame that takes its own axes to those of the map.

    ``starts`` of a helix is n of the turns by 360/n about its axis that the map has, too.
    """

    group: Group
    frame: Pose
    starts: int = 1

    def moves(self, reach: float) -> PoseBatch:
        """All of them but the one that moves nothing; of a helix those that slide by no more than ``reach`` Å."""
        if self.group.kind != "helix":
            return self.group.moves(self.frame, np.arange(1, self.group.size))
        most = int(np.clip(reach // max(self.group.rise, 1e-6), 0, _MOST_UNITS))
        number = np.arange(-most, most + 1)
        along = self.group.moves(self.frame, number)
        if self.starts == 1:
            return along.take(np.flatnonzero(number != 0))
        turns = Group("C", self.starts).moves(self.frame)
        every = PoseBatch.of([along[i].compose(turns[j]) for i in range(len(along)) for j in range(self.starts)])
        return every.take(np.flatnonzero((np.repeat(number, self.starts) != 0) | (np.tile(np.arange(self.starts), len(number)) != 0)))

    def within(self, wanted: Group) -> "Standing | None":
        """The same of a group that this one holds in the same frame; None where it holds none such."""
        if self.group == wanted:
            return self
        if self.group.kind == "helix":
            own = Group("C", self.starts)
            return Standing(wanted, self.frame) if self.starts > 1 and wanted.kind == "C" and _holds(own, wanted) else None
        return Standing(wanted, self.frame) if _holds(self.group, wanted) else None

    def __str__(self) -> str:
        turns = f" with C{self.starts} about it" if self.starts > 1 else ""
        return f"{self.group}{turns}"


@dataclass(frozen=True, eq=False)
class OfMap:
    """What symmetry a map has: ``standing``, None for none that is of use, and what there is to ``say``, one sentence."""

    standing: Standing | None
    say: str

    @property
    def sentence(self) -> str:
        """The same as one that stands by itself."""
        return f"{self.say[:1].upper()}{self.say[1:]}."


def _holds(group: Group, part: Group) -> bool:
    """Whether every move of one group is one of another in the same frame."""
    ours = group.elements().rotations
    return all(np.abs(ours - one).max(axis=(1, 2)).min() < 1e-6 for one in part.elements().rotations)
