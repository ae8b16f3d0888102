"""What is cut off of the views, because it is too near or too far."""

import math
from dataclasses import dataclass, replace

Triple = tuple[float, float, float]
THINNEST, _UNIT = 1.0, 1e-3
"""Å between the planes, at least."""


@dataclass(frozen=True)
class Fixed:
    """What planes stay with as the view is turned: a point in Å, and the unit direction in which one looked when they were fixed."""

    point: Triple
    direction: Triple

    def __post_init__(self) -> None:
        if abs(self.towards(self.direction) - 1) > _UNIT:
            raise ValueError(f"the direction must be of length 1, got {self.direction}")

    def towards(self, direction: Triple) -> float:
        """The cosine of the angle between that direction and another one."""
        return sum(a * b for a, b in zip(direction, self.direction, strict=True))


@dataclass(frozen=True)
class Clip:
    """Two planes across the line of sight, ``front`` Å before the point looked at and ``back`` Å behind it; None cuts nothing off.

    They go with the camera, unless they are ``fixed``.
    """

    front: float | None = None
    back: float | None = None
    fixed: Fixed | None = None

    def __post_init__(self) -> None:
        if self.front is not None and self.back is not None and self.front + self.back < THINNEST:
            raise ValueError(f"there must be at least {THINNEST:g} Å between the planes, got {self.front + self.back:g}")

    @property
    def planes(self) -> tuple[tuple[Triple, Triple], ...]:
        """Of planes that are fixed a point and a unit normal each, which points to what is left."""
        if self.fixed is None:
            return ()
        (x, y, z), (dx, dy, dz) = self.fixed.point, self.fixed.direction
        sides = [(-self.front, 1)] if self.front is not None else []
        sides += [(self.back, -1)] if self.back is not None else []
        return tuple(((x + far * dx, y + far * dy, z + far * dz), (side * dx, side * dy, side * dz)) for far, side in sides)

    def standing(self, point: Triple, direction: Triple) -> "Clip":
        """The planes where they stand now, as one looks at a point in a unit direction."""
        return self if self.fixed is not None else replace(self, fixed=Fixed(point, direction))

    def passes(self, start: Triple, direction: Triple) -> tuple[float, float]:
        """From how many Å on a ray from ``start`` is in what fixed planes leave, and up to how many; fewer where it never is."""
        enter, leave = 0.0, math.inf
        for point, normal in self.planes:
            slope = sum(a * b for a, b in zip(direction, normal, strict=True))
            short = sum((a - b) * c for a, b, c in zip(point, start, normal, strict=True))
            if slope > 0:
                enter = max(enter, short / slope)
            elif slope < 0:
                leave = min(leave, short / slope)
            elif short > 0:
                leave = -math.inf
        return enter, leave

    def moved(self, front: float = 0.0, back: float = 0.0) -> "Clip":
        """The planes moved by so many Å away from the middle, and kept apart."""
        first = None if self.front is None else self.front + front
        last = None if self.back is None else self.back + back
        if first is not None and last is not None and first + last < THINNEST:
            short = THINNEST - first - last
            first, last = (first + short, last) if back == 0 else (first, last + short)
        return replace(self, front=first, back=last)
