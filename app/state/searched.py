"""The map in which a fit searches: a map itself, or what a composite has left of it at one of its rounds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from difffit_app.state.session import Session
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.edit.edits import accepted_copies, working_round
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.project.composites import AcceptedRecord, CompositeRecord
from difffit_core.project.schema import FitRecord


@dataclass(frozen=True, eq=False)
class Searched:
    """``round`` is None for the map itself; ``models`` are all that are open, by id. A frozen value, to be taken into a worker."""

    density: DensityMap
    composite: CompositeRecord | None = None
    round: str | None = None
    models: Mapping[str, AtomicModel] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the round; empty for the map itself."""
        found = [one.name or one.id for one in self.composite.rounds if one.id == self.round] if self.composite else []
        return found[0] if found else ""

    @property
    def accepted(self) -> list[AcceptedRecord]:
        """What had been accepted before."""
        return [] if self.composite is None else accepted_copies(self.composite, self.round)

    @property
    def steps(self) -> list[tuple[object, object]]:
        """All that the working map depends on."""
        return [] if self.composite is None else [(one.accepted, one.zero_out) for one in self.composite.path(self.round)]

    def read(self) -> DensityMap:
        """The map, computed again where it is a working map. Takes a moment: not for the GUI thread."""
        from difffit_core.compose.edit.working import working_map

        return self.density if self.composite is None else working_map(self.composite, self.round, self.density, self.models)


def working_file_name(map_file: Path, round_name: str) -> str:
    """What a working map is called as a file: ``map_after_round_1.mrc``."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", round_name).strip("_").lower()
    return f"{map_file.name.split('.')[0]}_after_{words}.mrc"


def searched_now(session: Session, map_id: str) -> Searched:
    """Where a fit that begins now would search in a map: in what the chosen composite has left of it, unless maps are shown raw."""
    composite = session.composite
    if session.raw or composite is None or composite.map != map_id or not session.models.keys() >= set(composite.models()):
        return Searched(session.maps[map_id].density)
    cut = working_round(composite, composite.current)
    return Searched(session.maps[map_id].density) if cut is None else _at(session, composite, cut)


def searched_by(session: Session, record: FitRecord) -> Searched:
    """Where a fit searched.

    Raises
    ------
    UserError
        If that was what a round left of the map, and the round is not there any more.
    """
    if record.round is None:
        return Searched(session.maps[record.map].density)
    for composite in session.composites.values():
        if any(one.id == record.round for one in composite.rounds):
            return _at(session, composite, record.round)
    raise UserError("this fit searched what a round of a composite had left of the map, and that round is not there any more")


def _at(session: Session, composite: CompositeRecord, round_id: str) -> Searched:
    models = {identifier: item.model for identifier, item in session.models.items()}
    return Searched(session.maps[composite.map].density, composite, round_id, models)
