"""What goes when a map, a model, a composite or a round is removed, also of what is not shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from difffit_app.state.items import OpenFit, OpenMap, OpenModel, OpenRefinement
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.errors import UserError
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import InputFile
from difffit_core.project.working_maps import WorkingMapRecord


class _Named(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, eq=False)
class Absent:
    """What a project holds but cannot be shown, because a map or a model was not found; it is saved again as it was.

    The paths of ``inputs`` are absolute; ``maps`` and ``models`` are the styles of inputs by their ids.
    """

    inputs: tuple[InputFile, ...] = ()
    composites: tuple[CompositeRecord, ...] = ()
    fits: tuple[OpenFit, ...] = ()
    refinements: tuple[OpenRefinement, ...] = ()
    maps: Mapping[str, MapStyle] = field(default_factory=dict)
    models: Mapping[str, ModelStyle] = field(default_factory=dict)
    working_maps: tuple[WorkingMapRecord, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inputs or self.working_maps or self.composites or self.fits or self.refinements)

    @property
    def ids(self) -> set[str]:
        """Of everything in it, and of the rounds of its composites."""
        rounds = (one for composite in self.composites for one in composite.rounds)
        parts: tuple[Iterable[_Named], ...] = (self.inputs, self.working_maps, self.composites, self.fits, self.refinements, rounds)
        return {one.id for part in parts for one in part}

    def with_(self, other: "Absent") -> "Absent":
        return replace(
            self,
            inputs=self.inputs + other.inputs,
            working_maps=self.working_maps + other.working_maps,
            composites=self.composites + other.composites,
            fits=self.fits + other.fits,
            refinements=self.refinements + other.refinements,
        )

    def without(self, other: "Absent") -> "Absent":
        return replace(
            self,
            inputs=tuple(one for one in self.inputs if one not in other.inputs),
            working_maps=tuple(one for one in self.working_maps if one not in other.working_maps),
            composites=tuple(one for one in self.composites if one not in other.composites),
            fits=tuple(one for one in self.fits if one not in other.fits),
            refinements=tuple(one for one in self.refinements if one not in other.refinements),
        )


@dataclass(frozen=True, eq=False)
class Dependants:
    """Working maps, composites, fits and refinements in the order in which they can be added again: a fit may need a round of a composite.

    ``styles`` of the working maps are by their ids; only who removes them knows these.
    """

    composites: tuple[CompositeRecord, ...] = ()
    fits: tuple[OpenFit, ...] = ()
    refinements: tuple[OpenRefinement, ...] = ()
    absent: Absent = field(default_factory=Absent)
    maps: tuple[OpenMap, ...] = ()
    styles: Mapping[str, MapStyle] = field(default_factory=dict)

    @property
    def are_precious(self) -> bool:
        """Whether more goes than fits that are shown."""
        return bool(self.maps or self.composites or self.refinements or self.absent)

    def __str__(self) -> str:
        names = [item.name for item in self.maps] + [one.name for one in self.absent.working_maps]
        names += [composite.name for composite in (*self.composites, *self.absent.composites)]
        count = len(self.fits) + len(self.absent.fits)
        if count:
            names.append("1 fit" if count == 1 else f"{count} fits")
        bent = len(self.refinements) + len(self.absent.refinements)
        if bent:
            names.append("1 refinement" if bent == 1 else f"{bent} refinements")
        return ", ".join(names[:-1]) + (" and " if names[:-1] else "") + names[-1] if names else ""


NOTHING = Dependants()


class Holder(Protocol):
    """What holds the things that depend on one another: the session."""

    @property
    def maps(self) -> Mapping[str, OpenMap]: ...
    @property
    def models(self) -> Mapping[str, OpenModel]: ...
    @property
    def composites(self) -> Mapping[str, CompositeRecord]: ...
    @property
    def fits(self) -> Mapping[str, OpenFit]: ...
    @property
    def refinements(self) -> Mapping[str, OpenRefinement]: ...
    @property
    def absent(self) -> Absent: ...


def is_of(item: OpenRefinement, session: Holder) -> bool:
    """Whether a bent model has the atoms of the model that is open."""
    try:
        return item.fits(session.models[item.record.model].model.select_chains(item.record.recipe.chains))
    except UserError:
        return False


def dependants(session: Holder, identifier: str) -> Dependants:
    """What needs a map, model or composite: working maps, composites, fits made with it or in what is left of its map, and refinements."""
    maps = tuple(one for one in session.maps.values() if one.made is not None and identifier in _inputs(one))
    maps_away = tuple(one for one in session.absent.working_maps if identifier in one.inputs)
    going = {identifier, *(one.id for one in maps), *(one.id for one in maps_away)}

    def needs(one: CompositeRecord) -> bool:
        return not going.isdisjoint((one.id, one.map, *one.models()))

    needing = [one for one in (*session.composites.values(), *session.absent.composites) if needs(one)]
    rounds = {one.id for composite in needing for one in composite.rounds}
    found = _with_fits(session, rounds, going)
    composites = tuple(one for one in session.composites.values() if one in needing and one.id != identifier)
    absent = tuple(one for one in session.absent.composites if one in needing)
    away = replace(found.absent, composites=absent, working_maps=maps_away)
    return replace(found, maps=maps, composites=composites, absent=away)


def dependants_of_rounds(session: Holder, rounds: set[str]) -> Dependants:
    """Fits made in the working maps of these rounds."""
    return _with_fits(session, rounds, set())


def _inputs(item: OpenMap) -> tuple[str, ...]:
    return () if item.made is None else (item.made.map, *(model for model, _ in item.made.models()))


def _with_fits(session: Holder, rounds: set[str], going: set[str]) -> Dependants:
    def needs(fit: OpenFit) -> bool:
        record = fit.record
        return not going.isdisjoint((record.map, record.model)) or (record.round is not None and record.round in rounds)

    def bends(one: OpenRefinement) -> bool:
        return not going.isdisjoint((one.record.map, one.record.model))

    absent = session.absent
    away = Absent(fits=tuple(filter(needs, absent.fits)), refinements=tuple(filter(bends, absent.refinements)))
    bent = tuple(filter(bends, session.refinements.values()))
    return Dependants(fits=tuple(filter(needs, session.fits.values())), refinements=bent, absent=away)
