"""How maps and models are drawn, as steps that can be undone."""

from dataclasses import dataclass, replace
from typing import Any

from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle, ModelStyle

_NOUNS = {
    "level": "Change Level of",
    "opacity": "Change Opacity of",
    "colour": "Change Colour of",
    "first_colour": "Change Colours of",
    "slices": "Move Slice of",
    "slice_axis": "Change Slice of",
    "all_slices": "Change Slices of",
    "step": "Change Step of",
    "smallest_island": "Hide Islands of",
    "painted": "Colour Part of",
}
MERGING = {"level", "opacity", "slices", "smallest_island"}
"""Fields that are dragged or stepped: what follows at once belongs to the same step."""


@dataclass(frozen=True)
class ChangeStyle:
    """Set fields of the style of a map or model that is open."""

    id: str
    changes: tuple[tuple[str, Any], ...]
    text: str = "Change Style"

    @classmethod
    def of(cls, session: Session, identifier: str, changes: dict[str, Any]) -> "ChangeStyle":
        name = (session.maps.get(identifier) or session.models[identifier]).name
        return cls(identifier, tuple(changes.items()), _text(changes, name))

    @property
    def kind(self) -> tuple[str, ...] | None:
        """For the history: of dragged fields, which these are; None for all else."""
        fields = [name for name, _ in self.changes]
        return (self.id, *fields) if MERGING.issuperset(fields) else None

    def apply(self, session: Session, view_state: ViewState) -> "ChangeStyle":
        before: MapStyle | ModelStyle
        if self.id in view_state.maps:
            before, change = view_state.maps[self.id], view_state.set_map_style
        else:
            before, change = view_state.models[self.id], view_state.set_model_style
        change(self.id, **dict(self.changes))
        session.mark_changed()
        return replace(self, changes=tuple((name, getattr(before, name)) for name, _ in self.changes))


def _text(changes: dict[str, Any], name: str) -> str:
    field, value = next(iter(changes.items()))
    if field == "visible":
        return f"{'Show' if value else 'Hide'} {name}"
    if field == "hidden":
        return f"{'Hide Part of' if value else 'Show All of'} {name}"
    if field == "box":
        return f"{'Show' if value else 'Hide'} Box of {name}"
    if field in ("mode", "representation"):
        return f"Show {name} as {value.title()}"
    if field == "colour_by":
        return f"Colour {name} {'Plainly' if value == 'plain' else 'by ' + value.replace('_', ' ').title()}"
    return f"{_NOUNS[field]} {name}"
