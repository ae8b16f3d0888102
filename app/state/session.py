"""The open project: its maps, models and fits, and which of them are selected."""

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from psygnal import SignalInstance

from difffit_app.state.dependants import Absent, Dependants, dependants, dependants_of_rounds
from difffit_app.state.items import OpenFit, OpenMap, OpenModel, OpenRefinement, WorkingMap
from difffit_app.state.numbering import put_new
from difffit_app.state.posed import Posed
from difffit_app.state.telling import at_once
from difffit_core.density_map import DensityMap
from difffit_core.map_resolution import MapResolution
from difffit_core.placement import Placement
from difffit_core.project.composites import CompositeRecord

if TYPE_CHECKING:  # it brings scipy, which the window does not need to come up
    from difffit_core.contour import ContourSuggestion


class Session(Posed):
    """Maps, models and fits by id, in the order in which they were opened.

    A fit goes with its map or model when that is removed, a composite with its map or any of its models, and the fits made in the working
    map of a round go with that round: none is ever left that would search another map when it is repeated. ``map`` and ``model`` are those
    on which menus and panels act, ``fit`` and ``placement`` what both views and the table show. ``composite`` is the one into which
    placements are accepted (its event tells also of its new versions); ``working`` is what its current round has left of its map, once
    that is known, and drawn and fitted into instead of the map unless ``raw`` is set. ``absent`` is what the project holds and cannot be
    shown. ``numbers`` are by which a user calls maps and models (``#1``), as they were opened. What a user can undo is done by the changes
    of `state.changes`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.maps: dict[str, OpenMap] = {}
        self.models: dict[str, OpenModel] = {}
        self.fits: dict[str, OpenFit] = {}
        self.composites: dict[str, CompositeRecord] = {}
        self.resolutions: dict[str, float] = {}
        self.numbers: dict[str, int] = {}
        self.absent = Absent()
        self.composite: CompositeRecord | None = None
        self.working: WorkingMap | None = None
        self.raw = False
        self.map: OpenMap | None = None
        self.model: OpenModel | None = None
        self.fit: OpenFit | None = None
        self.placement: Placement | None = None
        self._numbers: dict[str, int] = {}

    def now(self) -> dict[SignalInstance, tuple[object, ...]]:
        events = self.events
        return {
            events.composite_selected: (self.composite,),
            events.map_selected: (self.map,),
            events.model_selected: (self.model,),
            events.fit_selected: (self.fit,),
            events.placement_selected: (self.placement,),
            events.hand_moved: (self.hand,),
            events.brought_changed: (self.brought,),
            events.refinement_selected: (self.refinement,),
            events.saved_state_changed: (),
        }

    def is_moot(self, signal: SignalInstance, values: tuple[object, ...]) -> bool:
        return signal is self.events.working_changed and values[0] not in self.maps

    @property
    def inputs(self) -> list[OpenMap | OpenModel]:
        """All maps and then all models: what was read from files, and not what was made of that."""
        return [*(item for item in self.maps.values() if item.made is None), *self.models.values()]

    def new_id(self, kind: str) -> str:
        """An id that was never given out in this session: ``map-1``, ``map-2``, ..."""
        taken = {*self.maps, *self.models, *self.fits, *self.composites, *self.rounds, *self.refinements, *self.absent.ids}
        number = self._numbers.get(kind, 0) + 1
        while f"{kind}-{number}" in taken:
            number += 1
        self._numbers[kind] = number
        return f"{kind}-{number}"

    def copy(self) -> Self:
        """The same, to which nobody listens: for work that goes on while this one changes."""
        other = type(self)()
        for name in set(vars(other)) - {"events", "batch", "forgetting"}:
            value = getattr(self, name)
            setattr(other, name, dict(value) if isinstance(value, dict) else value)
        return other

    @property
    def is_empty(self) -> bool:
        return not (self.maps or self.models or self.fits)

    @property
    def rounds(self) -> set[str]:
        """Ids of the rounds of all composites that are shown."""
        return {one.id for composite in self.composites.values() for one in composite.rounds}

    @property
    def has_unsaved_work(self) -> bool:
        """Whether something would be lost that took more than opening files: of a project with a file, whatever that lacks."""
        computed = any(item.made for item in self.maps.values()) or any(item.stamp is None for item in self.inputs)
        moved = self.hand or self.brought
        return self.dirty and bool(self.path or computed or self.fits or self.composites or self.refinements or self.absent or moved)

    @at_once
    def add_map(self, item: OpenMap) -> None:
        put_new(self.maps, item)
        self.numbers.setdefault(item.id, len(self.numbers) + 1)
        self._tell(self.events.map_added, item)
        self.select_map(item.id)
        self.mark_changed()

    @at_once
    def add_model(self, item: OpenModel) -> None:
        put_new(self.models, item)
        self.numbers.setdefault(item.id, len(self.numbers) + 1)
        self._tell(self.events.model_added, item)
        self.select_model(item.id)
        self.mark_changed()

    @at_once
    def add_fit(self, item: OpenFit) -> None:
        """Add a fit and select its best placement."""
        if item.record.map not in self.maps or item.record.model not in self.models:
            raise KeyError(f"fit {item.id} needs its map {item.record.map} and model {item.record.model} to be open")
        if item.record.round is not None and item.record.round not in self.rounds:
            raise KeyError(f"fit {item.id} needs the composite that has its round {item.record.round}")
        put_new(self.fits, item)
        self._tell(self.events.fit_added, item)
        self.select_fit(item.id)
        self.mark_changed()

    @at_once
    def add_composite(self, composite: CompositeRecord) -> None:
        self._check_composite(composite)
        put_new(self.composites, composite)
        self._tell(self.events.composite_added, composite)
        self.select_composite(composite.id)
        self.mark_changed()

    @at_once
    def replace_composite(self, composite: CompositeRecord) -> None:
        """Put another version of a composite in its place; fits made in working maps that it has no more are removed."""
        self._check_composite(composite)
        lost = {one.id for one in self.composites[composite.id].rounds} - {one.id for one in composite.rounds}
        self._remove(dependants_of_rounds(self, lost))
        self.composites[composite.id] = composite
        self._tell(self.events.composite_replaced, composite)
        self.select_composite(composite.id)
        self.mark_changed()

    @at_once
    def remove_composite(self, identifier: str) -> None:
        """Remove a composite, and the fits made in its working maps."""
        self._remove(dependants(self, identifier))
        del self.composites[identifier]
        self._tell(self.events.composite_removed, identifier)
        if self.composite is None or self.composite.id == identifier:
            self.select_composite(next(reversed(self.composites), None))
        else:
            self.select_composite(self.composite.id)
        self.mark_changed()

    @at_once
    def remove_map(self, identifier: str) -> None:
        self._remove(dependants(self, identifier))
        del self.maps[identifier]
        self._forget(identifier)
        if self.map is not None and self.map.id == identifier:
            self.select_map(next(iter(self.maps), None))
        self._tell(self.events.map_removed, identifier)
        self.mark_changed()

    @at_once
    def remove_model(self, identifier: str) -> None:
        self._remove(dependants(self, identifier))
        self._forget_poses(identifier)
        del self.models[identifier]
        self._forget(identifier)
        if self.model is not None and self.model.id == identifier:
            self.select_model(next(iter(self.models), None))
        self._tell(self.events.model_removed, identifier)
        self.mark_changed()

    @at_once
    def remove_fit(self, identifier: str) -> None:
        del self.fits[identifier]
        if self.fit is not None and self.fit.id == identifier:
            self.select_fit(next(reversed(self.fits), None))
        self._tell(self.events.fit_removed, identifier)
        self.mark_changed()

    @at_once
    def add_refinement(self, item: OpenRefinement) -> None:
        """Add a bent model and show it."""
        if item.record.map not in self.maps or item.record.model not in self.models:
            raise KeyError(f"refinement {item.id} needs its map {item.record.map} and model {item.record.model} to be open")
        put_new(self.refinements, item)
        self._tell(self.events.refinement_added, item)
        self.select_refinement(item.id)
        self.mark_changed()

    @at_once
    def remove_refinement(self, identifier: str) -> None:
        del self.refinements[identifier]
        if self.refinement is not None and self.refinement.id == identifier:
            self.select_refinement(None)
        self._tell(self.events.refinement_removed, identifier)
        self.mark_changed()

    @at_once
    def replace_fit(self, item: OpenFit) -> None:
        """Put another version of a fit in its place; the selected rank stays where there is one."""
        rank = None if self.placement is None or self.fit is None or self.fit.id != item.id else self.placement.rank
        selected = self.fit is not None and self.fit.id == item.id
        self.fits[item.id] = item
        self._tell(self.events.fit_replaced, item)
        if selected:
            self.select_fit(item.id)
            if rank is not None and item.index_of_rank(rank) is not None:
                self.select_placement(rank)
        self.mark_changed()

    @at_once
    def rename(self, identifier: str, name: str) -> None:
        """Give a map or a model another name; its file keeps its own."""
        if identifier in self.maps:
            self.maps[identifier] = replace(self.maps[identifier], name=name)
            if self.map is not None and self.map.id == identifier:
                self.map = self.maps[identifier]
        else:
            self.models[identifier] = replace(self.models[identifier], name=name)
            if self.model is not None and self.model.id == identifier:
                self.model = self.models[identifier]
        self._tell(self.events.renamed, identifier, name)
        self.mark_changed()

    def set_density(self, identifier: str, density: DensityMap, suggestion: "ContourSuggestion") -> None:
        """Give a map the same values with other evidence of their noise, and the level that is suggested by it."""
        self.maps[identifier] = replace(self.maps[identifier], density=density, suggestion=suggestion)
        if self.map is not None and self.map.id == identifier:
            self.map = self.maps[identifier]
            self._tell(self.events.map_selected, self.map)
        self.mark_changed()

    def resolution(self, identifier: str) -> MapResolution | None:
        """Of a map: what the user says, or else what is known of it; None where nothing is."""
        said = self.resolutions.get(identifier)
        return self.maps[identifier].density.resolution if said is None else MapResolution(said, "you")

    def set_resolution(self, identifier: str, value: float) -> None:
        """The user says what the resolution of a map is, in Å, for all that asks for it."""
        known = self.resolution(identifier)
        if known is None or known.value != value:
            own = self.maps[identifier].density.resolution
            self.resolutions.pop(identifier, None)
            if own is None or own.value != value:
                self.resolutions[identifier] = value
            self._tell(self.events.resolution_changed, identifier)
            self.mark_changed()

    def density(self, identifier: str) -> DensityMap:
        """What is drawn of a map now, and fitted into: what a composite left of it, or the map itself."""
        working = self.shown_working(identifier)
        return self.maps[identifier].density if working is None else working.density

    def shown_working(self, identifier: str) -> WorkingMap | None:
        """The working map that stands in for a map now, if one does."""
        return None if self.raw or self.working is None or self.working.map != identifier else self.working

    def select_composite(self, identifier: str | None) -> None:
        """Choose the composite that is drawn and accepted into; None for none, so that accepting begins a new one."""
        self.composite = None if identifier is None else self.composites[identifier]
        self._tell(self.events.composite_selected)

    def go_to_round(self, composite: str, round_id: str | None) -> None:
        """Stand at a round of a composite, or at its start."""
        before = self.composites[composite]
        if before.current == round_id:
            self.select_composite(composite)
        else:
            self.replace_composite(before.model_copy(update={"current": round_id}))

    @at_once
    def set_working(self, working: WorkingMap | None) -> None:
        """What the current round has left of its map is known, or not any more."""
        before, self.working = self.working, working
        for identifier in dict.fromkeys(one.map for one in (before, working) if one is not None):
            if identifier in self.maps:
                self._tell(self.events.working_changed, identifier)

    def set_raw(self, raw: bool) -> None:
        """Draw and fit into the maps themselves, or into what composites left of them."""
        if raw != self.raw:
            self.raw = raw
            if self.working is not None:
                self._tell(self.events.working_changed, self.working.map)

    def select_map(self, identifier: str | None) -> None:
        """Choose the map that the map panel shows."""
        self.map = None if identifier is None else self.maps[identifier]
        self._tell(self.events.map_selected)

    def select_model(self, identifier: str | None) -> None:
        """Choose the model on which the Model menu acts."""
        self.model = None if identifier is None else self.models[identifier]
        self._tell(self.events.model_selected)

    @at_once
    def select_fit(self, identifier: str | None) -> None:
        """Choose the fit whose placements are shown, and its best one."""
        self.set_hand(None)
        self._show_rigid(identifier)
        before, self.placement = self.placement, None
        self.fit = None if identifier is None else self.fits[identifier]
        self._tell(self.events.fit_selected)
        if self.fit is not None and self.fit.placements:
            self.select_placement(self.fit.placements[0].rank)
        elif before is not None:
            self._tell(self.events.placement_selected)

    @at_once
    def select_placement(self, rank: int | None) -> None:
        """Choose a placement of the selected fit by its rank; None for none."""
        placement = None
        if rank is not None:
            index = None if self.fit is None else self.fit.index_of_rank(rank)
            if self.fit is None or index is None:
                raise KeyError(f"the selected fit has no placement of rank {rank}")
            placement = self.fit.placements[index]
        self.set_hand(None)
        self._show_rigid(None if self.fit is None else self.fit.id)
        if placement is self.placement:
            return
        self.placement = placement
        self._tell(self.events.placement_selected)

    def _show_rigid(self, fit: str | None) -> None:
        """A placement of the model that is shown bent is looked at instead."""
        if fit is not None and self.refinement is not None and self.refinement.record.model == self.fits[fit].record.model:
            self.select_refinement(None)

    @at_once
    def clear(self) -> None:
        """Close everything."""
        self.raw = False
        for refinement in list(self.refinements):
            self.remove_refinement(refinement)
        self.set_working(None)
        for composite in list(self.composites):
            self.remove_composite(composite)
        for fit in list(self.fits):
            self.remove_fit(fit)
        for model in list(self.models):
            self.remove_model(model)
        for item in list(self.maps):
            if item in self.maps:  # what was made of a map went with it
                self.remove_map(item)
        self.absent, self.steps, self.pack, self.seen = Absent(), (), False, None
        for counted in (self.resolutions, self.numbers, self._numbers):
            counted.clear()
        self.opening += 1
        self.mark_saved(None)
        self._tell(self.events.cleared)

    def _check_composite(self, composite: CompositeRecord) -> None:
        lacking = ({composite.map} - self.maps.keys()) | (set(composite.models()) - self.models.keys())
        if lacking:
            raise KeyError(f"composite {composite.id} needs {', '.join(sorted(lacking))} to be open")

    def _remove(self, going: Dependants) -> None:
        self.absent = self.absent.without(going.absent)
        for refinement in going.refinements:
            self.remove_refinement(refinement.id)
        for fit in going.fits:
            self.remove_fit(fit.id)
        for composite in going.composites:
            self.remove_composite(composite.id)
        for item in going.maps:
            self.remove_map(item.id)
