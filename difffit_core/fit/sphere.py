"""A sphere in a map, inside which a fit may look."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from difffit_core.errors import UserError, shown
from difffit_core.number_bounds import FARTHEST

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

    from difffit_core.conventions import Array


@dataclass(frozen=True)
class Sphere:
    """``centre`` (x, y, z) and ``radius``, both in Å.

    Raises
    ------
    UserError
        If the centre is not three lengths within 1e9 Å, or the radius is not a length.
    """

    centre: tuple[float, float, float]
    radius: float

    def __post_init__(self) -> None:
        try:
            x, y, z = (float(value) for value in self.centre)
        except (TypeError, ValueError, OverflowError):
            x = y = z = math.nan
        if not all(abs(value) <= FARTHEST for value in (x, y, z)):
            raise UserError(f"the centre of a sphere must be three finite lengths within {FARTHEST:g} Å, got {shown(self.centre)}")
        radius: Any = self.radius
        if not (isinstance(radius, int | float) and 0 < radius <= 1e5):
            raise UserError(f"the radius of a sphere must lie between 0 and 100 000 Å, got {shown(self.radius)}")

    def holds(self, points: "Array") -> "NDArray[bool_]":
        """Which points (N, 3) in Å lie inside, (N,)."""
        import numpy as np  # here, since recipes should be made without it

        inside: NDArray[bool_] = np.linalg.norm(np.asarray(points) - np.array(self.centre), axis=-1) <= self.radius
        return inside

    def __str__(self) -> str:
        x, y, z = self.centre
        return f"the sphere of {self.radius:.4g} Å around ({x:.4g}, {y:.4g}, {z:.4g})"
