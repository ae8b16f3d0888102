"""Where the pointer is in the map, and what the density is there."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.geometry.pick import density_at, on_slice, on_surface, slice_numbers
from difffit_app.state.items import OpenMap
from difffit_app.state.subjects import MapSubject, Subject, describe, is_open
from difffit_core.density_map import DensityMap

Array = NDArray[np.float64]


class CursorController:
    """Looks from a ray at the selected map: its surface or slices where they are shown, else the plane through the camera's focal point."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state = desk.session, desk.view_state

    def describe(self, start: Array, direction: Array, focal_point: Array) -> str:
        """Position in Å and the value of the selected map there; nothing where nothing is open."""
        if self._session.is_empty:
            return ""
        distance = self.distance_to_map(start, direction)
        if distance is None:
            distance = float((focal_point - start) @ direction)
        point = start + distance * direction
        text = "  ".join(f"{axis} {value:.1f}" for axis, value in zip("xyz", point, strict=True)) + " Å"
        item = self._session.map
        return text if item is None else f"{text}   ·   {_value(item, self._session.density(item.id), point)}"

    def name(self, subject: Subject | None) -> str:
        """What is under the pointer, in words, with the level of a map; nothing for nothing, or for what is closed since."""
        if subject is None or not is_open(subject, self._session):
            return ""
        words = describe(subject, self._session)
        if not isinstance(subject, MapSubject):
            return words
        level = self._view_state.maps[subject.id].level
        return f"{words}, level {level:.4g} ({self._session.maps[subject.id].statistics.in_sigma(level):.1f} σ)"

    def slice_under(self, start: Array, direction: Array) -> Array | None:
        """The point (3,) at which a ray meets the first of the selected map's slices."""
        item = self._session.map
        if item is None or self._view_state.maps[item.id].mode != "slice":
            return None
        distance = self.distance_to_map(start, direction)
        return None if distance is None else start + distance * direction

    def distance_to_map(self, start: Array, direction: Array) -> float | None:
        """Å along a ray to what is drawn of the selected map."""
        item = self._session.map
        if item is None or not self._view_state.maps[item.id].visible:
            return None
        style = self._view_state.maps[item.id]
        if style.mode != "slice":
            return on_surface(self._session.density(item.id), style.level, start, direction)
        numbers = slice_numbers(style, item.density)
        axes = range(3) if style.all_slices else ["xyz".index(style.slice_axis)]
        met = [on_slice(item.density, axis, numbers[axis], start, direction) for axis in axes]
        return min((distance for distance in met if distance is not None), default=None)


def _value(item: OpenMap, density: DensityMap, point: Array) -> str:
    value = float(density_at(density, point[None])[0])
    if np.isnan(value):
        return f"outside {item.name}"
    return f"density {value:.4g} ({item.statistics.in_sigma(value):.1f} σ)"
