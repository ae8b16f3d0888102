"""Which placements are shown: in the table, among the spheres, and in the gallery."""

from dataclasses import dataclass

from difffit_app.state.metrics import FILTERED, metric_of
from difffit_core.number_bounds import LARGEST_FLOAT
from difffit_core.placement import Placement


@dataclass(frozen=True)
class Condition:
    """A metric of `FILTERED` at least, or at most, as large as a value."""

    metric: str
    at_least: bool
    value: float

    def __post_init__(self) -> None:
        if self.metric not in FILTERED:
            raise ValueError(f"metric must be one of {', '.join(FILTERED)}, got {self.metric}")
        if not abs(self.value) <= LARGEST_FLOAT:
            raise ValueError(f"what a metric is held against must be a finite number, got {self.value}")

    def __str__(self) -> str:
        return f"{FILTERED[self.metric]} {'≥' if self.at_least else '≤'} {self.value:g}"

    def passes(self, placement: Placement) -> bool:
        found = metric_of(placement, self.metric)
        return found >= self.value if self.at_least else found <= self.value


@dataclass(frozen=True)
class PlacementFilter:
    """Lets through what meets every condition."""

    significant_only: bool = False
    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        return self.significant_only or bool(self.conditions)

    def __str__(self) -> str:
        return ", ".join((["significant"] if self.significant_only else []) + [str(condition) for condition in self.conditions])

    def passes(self, placement: Placement) -> bool:
        if self.significant_only and placement.verdict.is_chance:
            return False
        return all(condition.passes(placement) for condition in self.conditions)
