"""What is known of the chosen composite as a whole."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they bring scipy and numba, which the window does not need to come up
    from difffit_core.compose.request import ComposeRequest
    from difffit_core.compose.result import ComposeResult


@dataclass(frozen=True)
class Axis:
    """The axis of a symmetry: a point on it and its direction, (x, y, z) in Å, half its length, and what it is called."""

    centre: tuple[float, float, float]
    direction: tuple[float, float, float]
    reach: float
    name: str


@dataclass(frozen=True, eq=False)
class Examined:
    """A round of a composite, examined: what there is to tell, pieces that nothing explains, and where symmetry axes are."""

    composite: str
    round: str
    request: "ComposeRequest"
    result: "ComposeResult"
    lines: tuple[str, ...]
    islands: tuple[str, ...]
    axes: tuple[Axis, ...]
