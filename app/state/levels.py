"""The contour level of a computation: what is asked for, or else that at which the map is drawn."""

from difffit_app.state.view_state import ViewState


def level_for(view_state: ViewState, identifier: str, asked: float | None) -> float:
    """Of a map, in its units."""
    return view_state.maps[identifier].level if asked is None else asked
