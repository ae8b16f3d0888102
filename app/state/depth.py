"""What is cut off of the views, because it is too near or too far."""

from dataclasses import dataclass, replace

THINNEST = 1.0
"""Å between the planes, at least."""


@dataclass(frozen=True)
class Clip:
    """Two planes across the line of sight, ``front`` Å before the point looked at and ``back`` Å behind it; None cuts nothing off."""

    front: float | None = None
    back: float | None = None

    def __post_init__(self) -> None:
        if self.front is not None and self.back is not None and self.front + self.back < THINNEST:
            raise ValueError(f"there must be at least {THINNEST:g} Å between the planes, got {self.front + self.back:g}")

    def moved(self, front: float = 0.0, back: float = 0.0) -> "Clip":
        """The planes moved by so many Å away from the middle, and kept apart."""
        first = None if self.front is None else self.front + front
        last = None if self.back is None else self.back + back
        if first is not None and last is not None and first + last < THINNEST:
            short = THINNEST - first - last
            first, last = (first + short, last) if back == 0 else (first, last + short)
        return replace(self, front=first, back=last)
