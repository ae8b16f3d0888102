"""What a line of sight meets first: a residue of a model, of a bent one or of an accepted copy, or a map."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.pick import on_slice, on_surface, slice_numbers
from difffit_app.geometry.pick_residue import ResiduePicker
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.drawings.bent_drawing import BentDrawing
from difffit_app.scene.drawings.composite_drawing import CompositeDrawing
from difffit_app.scene.stage import Ray
from difffit_app.state.depth import Clip
from difffit_app.state.items import OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subjects import CopySubject, MapSubject, ResidueSubject, Subject
from difffit_app.state.view_state import ViewState
from difffit_core.pose import Pose


class Drawn(Protocol):
    """What is drawn of maps, models, accepted copies and a bent model."""

    maps: dict[str, MapActor]
    models: dict[str, ModelActor]
    composite: CompositeDrawing
    bent: BentDrawing


@dataclass(frozen=True, eq=False)
class Under:
    """What was met, where, (3,) in Å, and the maps that the line of sight meets before or behind it."""

    subject: Subject
    point: NDArray[np.float64]
    maps: tuple[MapSubject, ...] = ()


_TOUCHING = 1e-3
"""Å behind a plane that count as on it."""
_Met = tuple[float, Subject]


class Picking:
    """Looks along rays through what is drawn and what ``clip`` leaves.

    What is inside a map that lets something through is met, not the map before it.
    """

    def __init__(self, session: Session, view_state: ViewState, drawing: Drawn) -> None:
        self._session, self._view_state, self._drawing = session, view_state, drawing
        self.clip: Callable[[], Clip | None] = lambda: None
        """The planes where they stand, if anything is cut off."""
        self._pickers: WeakKeyDictionary[OpenModel, ResiduePicker] = WeakKeyDictionary()
        """Of what was met last, as long as it is open: a model that is closed is not to wait for the next ray."""

    def under(self, ray: Ray) -> Under | None:
        """What a ray meets first, or None."""
        clip = self.clip()
        end = math.inf if clip is None else clip.passes(tuple(ray[0].tolist()), tuple(ray[1].tolist()))[1] + _TOUCHING
        atom = min((met for met in self._atoms(ray) if met[0] <= end), key=lambda met: met[0], default=None)
        maps = sorted((met for met in self._maps(ray) if met[0] <= end), key=lambda met: met[0])
        hidden = atom is not None and any(distance < atom[0] and self._is_opaque(one) for distance, one in maps)
        met: _Met | None = maps[0] if maps and (atom is None or hidden) else atom
        if met is None:
            return None
        others = dict.fromkeys(one for _, one in maps if one != met[1])
        return Under(met[1], ray[0] + met[0] * ray[1], tuple(others))

    def residue(self, ray: Ray) -> tuple[str, int] | None:
        """The model and the `AtomicModel.residue_index` that a ray meets first; None where it meets something else first."""
        found = self.under(ray)
        return (found.subject.model, found.subject.residue) if found is not None and isinstance(found.subject, ResidueSubject) else None

    def _is_opaque(self, subject: MapSubject) -> bool:
        style = self._view_state.maps[subject.id]
        return style.mode == "slice" or (style.mode == "surface" and style.opacity >= 1)

    def _atoms(self, ray: Ray) -> Iterator[_Met]:
        kept: set[OpenModel] = set()
        for identifier, actor in self._drawn_models():
            if actor.actor.GetVisibility():
                kept.add(actor.item)
                found = self._picker(actor.item).residue(
                    actor.chains, self._view_state.models[identifier].representation, actor.pose or Pose.identity(), *ray, actor.hidden
                )
                if found is not None:
                    yield found[1], ResidueSubject(identifier, found[0])
        for copy in self._drawing.composite.shown():
            item = self._session.models[copy.model]
            kept.add(item)
            found = self._picker(item).residue(tuple(copy.chains), "cartoon", copy.pose.pose(), *ray)
            if found is not None:
                yield found[1], CopySubject(copy, found[0])
        for gone in [one for one in self._pickers if one not in kept]:
            del self._pickers[gone]

    def _drawn_models(self) -> Iterator[tuple[str, ModelActor]]:
        yield from self._drawing.models.items()
        bent = self._drawing.bent
        if bent.model is not None and bent.actor is not None:
            yield bent.model, bent.actor

    def _picker(self, item: OpenModel) -> ResiduePicker:
        if item not in self._pickers:
            self._pickers[item] = ResiduePicker(item.model)
        return self._pickers[item]

    def _maps(self, ray: Ray) -> Iterator[tuple[float, MapSubject]]:
        for identifier, actor in self._drawing.maps.items():
            style = self._view_state.maps.get(identifier)
            if style is None or not style.visible:
                continue
            density = actor.density
            if style.mode == "slice":
                numbers = slice_numbers(style, density)
                axes = range(3) if style.all_slices else ["xyz".index(style.slice_axis)]
                met = [on_slice(density, axis, numbers[axis], *ray) for axis in axes]
            else:
                met = [on_surface(density, style.level, *ray)]
            yield from ((distance, MapSubject(identifier)) for distance in met if distance is not None)
