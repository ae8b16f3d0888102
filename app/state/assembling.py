"""An assembly of a folder of models that is being looked at, before anything of it is accepted."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from difffit_core.atomic_model import AtomicModel
from difffit_core.pose import Pose

if TYPE_CHECKING:  # they bring scipy and numba, which the window does not need to come up
    from difffit_app.geometry.build import ModelMesh
    from difffit_core.assemble.recipe import AssembleRecipe
    from difffit_core.assemble.result import AssembleResult


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model, or a part of one, at a place; ``path`` and ``part`` say of which file it is.

    ``z_score`` is None where only p was found; ``model`` is as it was read, its mesh in the frame of its file.
    """

    path: str
    part: str
    name: str
    pose: Pose
    model: AtomicModel
    mesh: "ModelMesh"
    local_correlation: float
    p_value: float
    z_score: float | None = None


@dataclass(frozen=True, eq=False)
class Place:
    """One place of an assembly.

    Attributes
    ----------
    number : from 1, in the order of the assembly
    held : what stands there
    others : what else would fit there, best first
    chains : names of its chains in the assembly, by those in its file
    verdict : what speaks for it, in words
    screen : which screen found it, from 1; 0 for none
    source : what found it, in words
    kept : whether it is to be accepted
    swapped : whether the user has put another model there
    """

    number: int
    held: Candidate
    others: tuple[Candidate, ...]
    chains: dict[str, str]
    verdict: str
    screen: int
    source: str
    kept: bool = True
    swapped: bool = False

    def holding(self, other: Candidate) -> "Place":
        """The same with one of the others there, in whose stead what stood there would fit."""
        others = tuple(self.held if one is other else one for one in self.others)
        return replace(self, held=other, others=others, swapped=True, verdict="put here by hand")


@dataclass(frozen=True)
class Decision:
    """Something that was decided on the way, in words, and what followed from it."""

    text: str
    then: tuple["Decision", ...] = ()


@dataclass(frozen=True, eq=False)
class Assembled:
    """An assembly as it stands, or as it came out.

    Attributes
    ----------
    recipe : of the map and the folder by their files
    map : id of the map
    places : what stands where, with what the user changed of it
    summary : in a line
    decisions : how it came to be
    command : the command line that repeats it
    result : as the core has it
    evidence : for the level
    finished : whether it is final
    """

    recipe: "AssembleRecipe"
    map: str
    places: tuple[Place, ...]
    summary: str
    decisions: tuple[Decision, ...]
    command: str
    result: "AssembleResult"
    evidence: tuple[str, ...]
    finished: bool

    @property
    def is_changed(self) -> bool:
        """Whether the user left a place out, or put another model there."""
        return any(one.swapped or not one.kept for one in self.places)

    def with_place(self, place: Place) -> "Assembled":
        """The same with another version of one place."""
        return replace(self, places=tuple(place if one.number == place.number else one for one in self.places))


@dataclass(frozen=True, eq=False)
class Standing:
    """A model that is drawn at a place though it is in no composite; its colour is of its ``number``, faint where it is left out."""

    number: int
    candidate: Candidate
    faint: bool = False
    marked: bool = False
