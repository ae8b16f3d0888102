"""Having a map go by its half maps, or not."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_core.density_map import DensityMap

if TYPE_CHECKING:
    from difffit_core.contour import ContourSuggestion


@dataclass(frozen=True, eq=False)
class SetDensity:
    """Let a map go with other evidence: the same values on the same grid, and the level that is suggested by them."""

    id: str
    density: DensityMap
    suggestion: "ContourSuggestion"
    text: str

    def apply(self, session: Session, view_state: ViewState) -> "SetDensity":  # noqa: ARG002 - how it looks stays
        before = session.maps[self.id]
        session.set_density(self.id, self.density, self.suggestion)
        return replace(self, density=before.density, suggestion=before.suggestion)
