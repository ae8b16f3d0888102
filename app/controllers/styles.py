"""How maps and models are drawn."""

from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState


class StylesController:
    """Sets styles of what is open; ids that are gone are ignored, since a click may come late."""

    def __init__(self, session: Session, view_state: ViewState) -> None:
        self._session, self._view_state = session, view_state

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

    def change_map(self, identifier: str, **changes: object) -> None:
        if identifier in self._view_state.maps:
            self._view_state.set_map_style(identifier, **changes)
            self._session.mark_changed()

    def change_model(self, identifier: str, **changes: object) -> None:
        if identifier in self._view_state.models:
            self._view_state.set_model_style(identifier, **changes)
            self._session.mark_changed()

    def _within(self, identifier: str, level: float) -> float:
        statistics = self._session.maps[identifier].statistics
        margin = (statistics.high - statistics.low) * 1e-4
        return min(max(level, statistics.low), statistics.high - margin)
