"""Opening, after the rest of a project, a map or a model that it lacked, and what can be shown again with it."""

from dataclasses import dataclass, replace

from difffit_app.state.changes.of_session import Change, Selection
from difffit_app.state.dependants import Absent, is_of
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.made_maps import is_complete
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState


@dataclass(frozen=True, eq=False)
class FindInput:
    """Open what the project lacks, under the id and the name that it has there."""

    item: OpenMap | OpenModel

    @property
    def text(self) -> str:
        return f"Find {self.item.name}"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before, selection, item = session.absent, Selection.of(session), self.item
        session.absent = before.without(Absent(inputs=tuple(entry for entry in before.inputs if entry.id == item.id)))
        if isinstance(item, OpenMap):
            view_state.add_map(item.id, item.suggestion.level, before.maps.get(item.id))
            session.add_map(item)
        else:
            view_state.add_model(item.id, before.models.get(item.id), len(item.model.chains))
            session.add_model(item)
        _show_what_is_complete(session)
        return LoseInput(item.id, before, selection, self.text)


@dataclass(frozen=True, eq=False)
class LoseInput:
    """Close it again; what needs it is kept as before, and not shown."""

    id: str
    absent: Absent
    selection: Selection
    text: str

    def apply(self, session: Session, view_state: ViewState) -> Change:  # noqa: ARG002 - it forgets what is closed by itself
        item = session.maps.get(self.id) or session.models[self.id]
        if isinstance(item, OpenMap):
            session.remove_map(self.id)
        else:
            session.remove_model(self.id)
        session.absent = self.absent
        self.selection.restore(session)
        return FindInput(item)


def as_lacking(session: Session, item: OpenMap | OpenModel) -> OpenMap | OpenModel | None:
    """What was read from a file, as the input that the project lacks; None if it is none of them."""
    kind = "map" if isinstance(item, OpenMap) else "model"
    for entry in session.absent.inputs:
        if item.stamp is not None and (entry.kind, entry.size, entry.sha256) == (kind, item.stamp.size, item.stamp.sha256):
            return replace(item, id=entry.id, name=entry.name)
    return None


@dataclass(frozen=True, eq=False)
class ShowMade:
    """Show a working map that was made again once all that it needs was found; no step of its own, but part of the finding."""

    item: OpenMap

    def apply(self, session: Session, view_state: ViewState) -> None:
        record = next((one for one in session.absent.working_maps if one.id == self.item.id), None)
        if record is None or not is_complete(record, session):
            return
        style = session.absent.maps.get(self.item.id)
        session.absent = session.absent.without(Absent(working_maps=(record,)))
        view_state.add_map(self.item.id, self.item.suggestion.level, style)
        session.add_map(self.item)
        _show_what_is_complete(session)


def _show_what_is_complete(session: Session) -> None:
    for composite in session.absent.composites:
        if composite.map in session.maps and session.models.keys() >= set(composite.models()):
            session.absent = session.absent.without(Absent(composites=(composite,)))
            session.add_composite(composite)
    for fit in session.absent.fits:
        record = fit.record
        if record.map in session.maps and record.model in session.models and record.round in (None, *session.rounds):
            session.absent = session.absent.without(Absent(fits=(fit,)))
            session.add_fit(fit)
    for one in session.absent.refinements:
        if one.record.map in session.maps and one.record.model in session.models and is_of(one, session):
            session.absent = session.absent.without(Absent(refinements=(one,)))
            session.add_refinement(one)
