"""What comes out of an assembly."""

from collections.abc import Mapping
from dataclasses import dataclass

from difffit_core.assemble.alternatives import Other
from difffit_core.assemble.bending import Bent
from difffit_core.assemble.entry import Entry
from difffit_core.compose.candidates.cross_links import LinkStanding
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.screen.rows import ScreenRow


@dataclass(frozen=True)
class Untried:
    """A model of the library that was not tried, by its ``path`` and ``part``: ``why``, and whether it ``failed`` or was left out."""

    path: str
    part: str
    why: str
    failed: bool

    @classmethod
    def of(cls, row: ScreenRow, *, failed: bool) -> "Untried":
        """From the row of a screen, whose note may begin with the file's name."""
        return cls(row.path, row.part, row.note.removeprefix(f"{row.path}: "), failed)


@dataclass(frozen=True, eq=False)
class Screened:
    """One screen of an assembly: how many models were tried, failed or were left out, and how many stood out.

    ``untried`` are the first thousand that failed or were left out.
    """

    tried: int
    failed: int
    left_out: int
    stood_out: int
    untried: tuple[Untried, ...] = ()


@dataclass(frozen=True, eq=False)
class AssembleResult:
    """An assembly.

    Attributes
    ----------
    entries : the models that went to the solver, as the composite's request has them
    request, composite : the composite; of no models where none stood out, so that it tells what there is in the map
    alternatives : for each placed copy the other models that would fit there
    resembling : models that stand out but resemble what stands there rather than being it, each with the reason
    screens : of the whole map, and of what was left
    links : how the cross-links stand among what is placed, each by the shortest way it can mean
    notes : what a user should know, one sentence each
    timing : seconds by stage
    bent : the placed copies that were bent, where that was asked for; everything else tells of them as they were placed
    cancelled : whether it was stopped; what was found until then is here
    """

    entries: tuple[Entry, ...]
    request: ComposeRequest
    composite: ComposeResult
    alternatives: tuple[tuple[Other, ...], ...]
    resembling: tuple[tuple[Entry, str], ...]
    screens: tuple[Screened, ...]
    links: tuple[LinkStanding, ...]
    notes: tuple[str, ...]
    timing: Mapping[str, float]
    cancelled: bool
    bent: tuple[Bent, ...] = ()
