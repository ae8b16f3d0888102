"""Showing a working map in place of the map that it was made of."""

from dataclasses import replace

from difffit_app.state.changes.of_session import AddMap, Change, Together
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.items import OpenMap
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState


def show_instead(session: Session, view_state: ViewState, source: OpenMap, made: OpenMap, text: str) -> Change:
    """One step that shows a working map, under an id of its own, in the look of the map ``source``, which stays, hidden."""
    style = view_state.maps[source.id]
    low, high = made.statistics.low, made.statistics.high
    level = min(max(style.level, low), high - 1e-4 * (high - low))
    look = style.model_copy(update={"level": level, "slices": None, "visible": True})
    changes: list[Change] = [AddMap(replace(made, id=session.new_id("map")), look, done=text)]
    if style.visible:
        changes.append(ChangeStyle.of(session, source.id, {"visible": False}))
    return Together(tuple(changes), text)
