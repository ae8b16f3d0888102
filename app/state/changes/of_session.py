"""What a user can do and undo: each change, applied, gives the change that takes it back."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from difffit_app.state.dependants import NOTHING, Dependants, dependants, dependants_of_rounds
from difffit_app.state.items import HandPose, OpenFit, OpenMap, OpenModel, OpenRefinement
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.pose import Pose
from difffit_core.project.composites import CompositeRecord


class Change(Protocol):
    """One step of what a user does. ``text`` follows the word Undo in the menu."""

    @property
    def text(self) -> str: ...

    def apply(self, session: Session, view_state: ViewState) -> "Change":
        """Do it, and give its inverse."""


@dataclass(frozen=True, eq=False)
class Together:
    """Several changes as one step."""

    changes: tuple[Change, ...]
    text: str

    def apply(self, session: Session, view_state: ViewState) -> Change:
        inverses = [change.apply(session, view_state) for change in self.changes]
        return Together(tuple(reversed(inverses)), self.text)


@dataclass(frozen=True, eq=False)
class Selection:
    """Which map, fit, placement, composite and bent model are chosen, what is moved, and in which order all is, to come back."""

    map: str | None
    fit: str | None
    rank: int | None
    hand: HandPose | None
    composite: str | None
    order: tuple[str, ...] = ()
    """Ids of all that is open."""
    refinement: str | None = None
    brought: Mapping[str, Pose] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Selection":
        return cls(
            session.map.id if session.map else None,
            session.fit.id if session.fit else None,
            session.placement.rank if session.placement else None,
            session.hand,
            session.composite.id if session.composite else None,
            (*session.maps, *session.models, *session.fits, *session.composites, *session.refinements),
            session.refinement.id if session.refinement else None,
            session.brought,
        )

    def restore(self, session: Session) -> None:
        """Choose what is still there of it, and have all in its place again."""
        _put_in_order(session, self.order)
        if self.composite is None or self.composite in session.composites:
            session.select_composite(self.composite)
        if self.map in session.maps and (session.map is None or session.map.id != self.map):
            session.select_map(self.map)
        if self.fit in session.fits:
            if session.fit is None or session.fit.id != self.fit:
                session.select_fit(self.fit)
            if session.fit is not None and self.rank is not None and session.fit.index_of_rank(self.rank) is not None:
                session.select_placement(self.rank)
        session.set_brought({name: pose for name, pose in self.brought.items() if name in session.models})
        if self.hand is not None and self.hand.model in session.models:
            session.set_hand(self.hand)
        if self.refinement is None or self.refinement in session.refinements:
            session.select_refinement(self.refinement)


@dataclass(frozen=True, eq=False)
class AddMap:
    """Open a map in a style (the next one if None), with what was made of it and in it; ``done`` is what that was, if not opening."""

    item: OpenMap
    style: MapStyle | None = None
    dependants: Dependants = NOTHING
    selection: Selection | None = None
    done: str = ""

    @property
    def text(self) -> str:
        return self.done or f"Open {self.item.name}"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before = Selection.of(session)
        view_state.add_map(self.item.id, self.item.suggestion.level, self.style)
        session.add_map(self.item)
        _add_dependants(session, self.dependants, self.selection, view_state)
        return RemoveMap(self.item.id, self.text, before)


@dataclass(frozen=True, eq=False)
class AddModel:
    """Open a model in a style (the usual one if None), with the composites and fits that were made of it."""

    item: OpenModel
    style: ModelStyle | None = None
    dependants: Dependants = NOTHING
    selection: Selection | None = None

    @property
    def text(self) -> str:
        return f"Open {self.item.name}"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        view_state.add_model(self.item.id, self.style, len(self.item.model.chains))
        session.add_model(self.item)
        _add_dependants(session, self.dependants, self.selection, view_state)
        return RemoveModel(self.item.id, self.text)


@dataclass(frozen=True)
class RemoveMap:
    """Close a map, and what was made of it and in it; choose what was chosen before it, where that is known."""

    id: str
    text: str = "Remove Map"
    selection: Selection | None = None

    @classmethod
    def of(cls, session: Session, identifier: str) -> "RemoveMap":
        return cls(identifier, removal_text(session, identifier))

    def apply(self, session: Session, view_state: ViewState) -> Change:
        item, style, selection = session.maps[self.id], view_state.maps[self.id], Selection.of(session)
        going = _going(session, view_state, self.id)
        session.remove_map(self.id)
        if self.selection is not None:
            self.selection.restore(session)
        return AddMap(item, style, going, selection, self.text)


@dataclass(frozen=True)
class RemoveModel:
    """Close a model, and the composites and fits made of it."""

    id: str
    text: str = "Remove Model"

    @classmethod
    def of(cls, session: Session, identifier: str) -> "RemoveModel":
        return cls(identifier, removal_text(session, identifier))

    def apply(self, session: Session, view_state: ViewState) -> Change:
        item, style, selection = session.models[self.id], view_state.models[self.id], Selection.of(session)
        going = _going(session, view_state, self.id)
        session.remove_model(self.id)
        return AddModel(item, style, going, selection)


@dataclass(frozen=True, eq=False)
class AddFit:
    """Add a fit and select it, or what was selected when it was taken away."""

    fit: OpenFit
    text: str = "Fit"
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before = Selection.of(session)
        _add_dependants(session, Dependants(fits=(self.fit,)), self.selection)
        return RemoveFit(self.fit.id, self.text, before)


@dataclass(frozen=True)
class RemoveFit:
    """Remove a fit with its placements, and choose what was chosen before it, where that is known."""

    id: str
    text: str = "Remove Fit"
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        fit, before = session.fits[self.id], Selection.of(session)
        session.remove_fit(self.id)
        if self.selection is not None:
            self.selection.restore(session)
        return AddFit(fit, self.text, before)


@dataclass(frozen=True, eq=False)
class ReplaceFit:
    """Put another version of a fit, with other placements, in its place."""

    fit: OpenFit
    text: str = "Change Fit"
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before, chosen = session.fits[self.fit.id], Selection.of(session)
        session.replace_fit(self.fit)
        if self.selection is not None:
            self.selection.restore(session)
        return ReplaceFit(before, self.text, chosen)


@dataclass(frozen=True, eq=False)
class AddRefinement:
    """Add a bent model and show it, or what was shown when it was taken away."""

    refinement: OpenRefinement
    text: str = "Refine"
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before = Selection.of(session)
        _add_dependants(session, Dependants(refinements=(self.refinement,)), self.selection)
        return RemoveRefinement(self.refinement.id, self.text, before)


@dataclass(frozen=True)
class RemoveRefinement:
    """Remove a bent model, and show what was shown before it, where that is known."""

    id: str
    text: str = "Remove Refinement"
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        item, before = session.refinements[self.id], Selection.of(session)
        session.remove_refinement(self.id)
        if self.selection is not None:
            self.selection.restore(session)
        return AddRefinement(item, self.text, before)


@dataclass(frozen=True)
class Rename:
    """Give a map or a model another name."""

    id: str
    name: str
    text: str = "Rename"

    @classmethod
    def of(cls, item: OpenMap | OpenModel, name: str) -> "Rename":
        return cls(item.id, name, f"Rename {item.name} to {name}")

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before = (session.maps.get(self.id) or session.models[self.id]).name
        session.rename(self.id, self.name)
        return replace(self, name=before)


@dataclass(frozen=True, eq=False)
class MoveByHand:
    """Take a model from one pose of the hand to another; None is where its placement, or its file, has it."""

    before: HandPose | None
    after: HandPose | None
    text: str = "Move by Hand"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        session.set_hand(self.after)
        session.mark_changed()
        return MoveByHand(self.after, self.before, self.text)


@dataclass(frozen=True, eq=False)
class Bring:
    """Have models that lie in frames of their own stand at a map, by their ids; all others stand where their files have them."""

    brought: Mapping[str, Pose]
    text: str = "Bring to Map"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before = session.brought
        session.set_brought(self.brought)
        session.mark_changed()
        return Bring(before, self.text)


@dataclass(frozen=True, eq=False)
class AddComposite:
    """Add a composite, with the fits that were made in its working maps."""

    composite: CompositeRecord
    text: str = "Composite"
    dependants: Dependants = NOTHING
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        session.add_composite(self.composite)
        _add_dependants(session, self.dependants, self.selection)
        return RemoveComposite(self.composite.id, self.text)


@dataclass(frozen=True)
class RemoveComposite:
    """Remove a composite and the fits made in its working maps."""

    id: str
    text: str = "Remove Composite"

    def apply(self, session: Session, view_state: ViewState) -> Change:
        composite, going, selection = session.composites[self.id], dependants(session, self.id), Selection.of(session)
        session.remove_composite(self.id)
        return AddComposite(composite, self.text, going, selection)


@dataclass(frozen=True, eq=False)
class ReplaceComposite:
    """Put another version of a composite in its place: something was accepted, zeroed out, renamed, a round begun or deleted.

    Fits made in working maps that it has no more go; ``dependants`` come back with it.
    """

    composite: CompositeRecord
    text: str = "Change Composite"
    dependants: Dependants = NOTHING
    selection: Selection | None = None

    def apply(self, session: Session, view_state: ViewState) -> Change:
        before, chosen = session.composites[self.composite.id], Selection.of(session)
        lost = {one.id for one in before.rounds} - {one.id for one in self.composite.rounds}
        going = dependants_of_rounds(session, lost)
        session.replace_composite(self.composite)
        _add_dependants(session, self.dependants, self.selection)
        return ReplaceComposite(before, self.text, going, chosen)


def removal_text(session: Session, identifier: str) -> str:
    """What a removal takes with it, for the menu."""
    item, going = session.maps.get(identifier) or session.models[identifier], dependants(session, identifier)
    return f"Remove {item.name} with {going}" if going.are_precious else f"Remove {item.name}"


def _going(session: Session, view_state: ViewState, identifier: str) -> Dependants:
    """What goes with a map or a model, with the styles of the working maps among it."""
    going = dependants(session, identifier)
    return replace(going, styles={item.id: view_state.maps[item.id] for item in going.maps})


def _add_dependants(session: Session, added: Dependants, selection: Selection | None, view_state: ViewState | None = None) -> None:
    session.absent = session.absent.with_(added.absent)
    for item in added.maps:
        if view_state is not None:
            view_state.add_map(item.id, item.suggestion.level, added.styles.get(item.id))
        session.add_map(item)
    for composite in added.composites:
        session.add_composite(composite)
    for fit in added.fits:
        session.add_fit(fit)
    for refinement in added.refinements:
        session.add_refinement(refinement)
    if selection is not None:
        selection.restore(session)


def _put_in_order(session: Session, order: Sequence[str]) -> None:
    """Have all that is open in the order of its ids in ``order``, and what is not named there after it."""
    place = {identifier: number for number, identifier in enumerate(order)}
    tables: list[MutableMapping[str, Any]] = [session.maps, session.models, session.fits, session.composites, session.refinements]
    for items in tables:
        ordered = sorted(items.items(), key=lambda pair: place.get(pair[0], len(place)))
        items.clear()
        items.update(ordered)
