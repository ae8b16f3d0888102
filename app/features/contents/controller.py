"""How maps and models are drawn."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from difffit_app.commands.looks import restyling
from difffit_app.desk import Desk
from difffit_app.geometry.pick import slice_numbers
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.conventions import position_to_index


class StylesController:
    """Sets styles of what is open, each as a step that can be undone; ids that are gone are ignored, since a click may come late."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state, self._history = desk.session, desk.view_state, desk.history
        self._commands = desk.commands

    def move_level(self, identifier: str, level: float) -> None:
        """The level is being dragged: draw it, and set nothing yet."""
        if identifier in self._session.maps:
            self._view_state.moving_level_changed.emit(identifier, self._within(identifier, level))

    def set_level(self, identifier: str, level: float) -> None:
        """Set the contour level, kept within the map's values."""
        if identifier in self._session.maps:
            level = self._within(identifier, level)
            if level == self._view_state.maps[identifier].level:
                self._view_state.map_style_changed.emit(identifier, self._view_state.maps[identifier])
            self.change_map(identifier, level=level)

    def suggest_level(self, identifier: str) -> None:
        """Go back to the level that was suggested when the map was read."""
        if identifier in self._session.maps:
            self.set_level(identifier, self._session.maps[identifier].suggestion.level)

    def step_level(self, by: int) -> None:
        """Raise or lower the selected map's level by hundredths of its range."""
        if self._session.map is not None:
            item = self._session.map
            step = (item.statistics.high - item.statistics.low) / 100
            self.set_level(item.id, self._view_state.maps[item.id].level + by * step)

    def step_slice(self, by: int) -> None:
        """Move the selected map's slice along its axis by so many voxels."""
        if self._session.map is not None:
            style = self._view_state.maps[self._session.map.id]
            numbers = list(slice_numbers(style, self._session.map.density))
            numbers["xyz".index(style.slice_axis)] += by
            self._set_slices(self._session.map.id, numbers)

    def centre_slices(self, identifier: str, point: Sequence[float]) -> None:
        """Have a map's slices go through a point in Å."""
        if identifier in self._session.maps:
            density = self._session.maps[identifier].density
            numbers = position_to_index(np.asarray(point, float), density.voxel_size, density.origin)
            self._set_slices(identifier, np.rint(numbers).astype(int).tolist())

    def next_slice_axis(self, identifier: str) -> None:
        """Cut along the axis after the one of now: x, y, z, x."""
        style = self._view_state.maps.get(identifier)
        if style is not None:
            self.change_map(identifier, slice_axis="xyz"[("xyz".index(style.slice_axis) + 1) % 3])

    def change_fineness(self, identifier: str, by: int) -> None:
        """Contour every 1st, 2nd, 4th or 8th voxel: ``by`` 1 for the next coarser, -1 for the next finer; automatic counts as every one."""
        style = self._view_state.maps.get(identifier)
        if style is not None:
            steps = [1, 2, 4, 8]
            place = bisect_left(steps, style.step or 1) + by
            self.change_map(identifier, step=steps[min(max(place, 0), len(steps) - 1)])

    def change_opacity(self, identifier: str, by: float) -> None:
        """Make a map or a model more opaque, or less; it never vanishes."""
        style = self._view_state.maps.get(identifier) or self._view_state.models.get(identifier)
        if style is not None:
            opacity = round(min(max(style.opacity + by, 0.05), 1.0), 2)
            self.change_map(identifier, opacity=opacity)
            self.change_model(identifier, opacity=opacity)

    def _set_slices(self, identifier: str, numbers: Sequence[int]) -> None:
        last = self._session.maps[identifier].density.shape_xyz - 1
        self.change_map(identifier, slices=tuple(np.clip(numbers, 0, last).tolist()))

    def change_map(self, identifier: str, **changes: object) -> None:
        if identifier in self._view_state.maps:
            self._change(identifier, self._view_state.maps[identifier], changes)

    def change_model(self, identifier: str, **changes: object) -> None:
        if identifier in self._view_state.models:
            self._change(identifier, self._view_state.models[identifier], changes)

    def _change(self, identifier: str, style: MapStyle | ModelStyle, changes: dict[str, object]) -> None:
        if any(getattr(style, name) != value for name, value in changes.items()):
            change = ChangeStyle.of(self._session, identifier, changes)
            with restyling(self._commands, identifier, changes, change.kind):
                self._history.do(change, change.kind)

    def _within(self, identifier: str, level: float) -> float:
        statistics = self._session.maps[identifier].statistics
        margin = (statistics.high - statistics.low) * 1e-4
        return min(max(level, statistics.low), statistics.high - margin)
