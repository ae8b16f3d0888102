"""What is known of the selected placement's residues, and which of them is marked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from difffit_core.placement import Placement

if TYPE_CHECKING:  # they bring scipy and numba, which the window does not need to come up
    from difffit_core.quality.difference import Difference
    from difffit_core.quality.explained import Explained
    from difffit_core.quality.score import ResidueScores
    from difffit_core.residues import Residues


@dataclass(frozen=True)
class ResidueMetric:
    """Something told of each residue: what it is called, what it means, how to read it, and the ends of its scale.

    Colours run from ``low`` and below to ``high`` and above; ``high`` is None where the scale is open and nothing is good or bad.
    """

    title: str
    meaning: str
    reading: str
    low: float
    high: float | None
    unit: str = ""


RESIDUE_METRICS: dict[str, ResidueMetric] = {
    "local_correlation": ResidueMetric(
        "Local correlation",
        "Correlation about the mean of map and simulated map, over the voxels near the residue. 1 is a perfect match, 0 is none.",
        "Higher is better: red fits badly, blue well.",
        0.0,
        0.8,
    ),
    "q_score": ResidueMetric(
        "Q-score",
        "How much the map round each atom looks like that of a well-resolved atom, and the mean of that over the residue's atoms. "
        "1 is an atom resolved as at 1.3 Å, 0 is none. It falls with the map's resolution, and beyond about 5 Å says little.",
        "Higher is better: red is not resolved, blue well.",
        0.0,
        0.8,
    ),
    "displacement": ResidueMetric(
        "Displacement",
        "How far the residue lies from itself in the other placement.",
        "In Å, from one placement to the other.",
        0.0,
        None,
        "Å",
    ),
}
"""In the order in which they are offered; the last only between two placements."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The ``other`` placement beside the selected one, its residues' scores, and what takes the selected one onto it."""

    other: Placement
    scores: "ResidueScores"
    difference: "Difference"


@dataclass(frozen=True, eq=False)
class Judgement:
    """The residues of one placement, scored; ``explained`` at the contour ``level`` is None where nothing is above that."""

    fit_id: str
    model_id: str
    placement: Placement
    scores: "ResidueScores"
    level: float
    explained: "Explained | None" = None
    comparison: Comparison | None = None

    @property
    def residues(self) -> "Residues":
        return self.scores.residues

    def values(self, metric: str) -> NDArray[np.float64]:
        """What a metric of `RESIDUE_METRICS` says of each residue (n,); NaN where it says nothing."""
        if metric == "displacement":
            return np.full(len(self.residues), np.nan) if self.comparison is None else self.comparison.difference.displacement
        values: NDArray[np.float64] = getattr(self.scores, metric)
        return values

    def position_of(self, residue_index: int) -> int | None:
        """Where among the residues the one of that `AtomicModel.residue_index` is."""
        found = np.flatnonzero(self.residues.index == residue_index)
        return int(found[0]) if len(found) else None

    def poor(self, metric: str) -> NDArray[np.int64]:
        """Positions of the residues below the middle of the metric's scale, in file order."""
        chosen = RESIDUE_METRICS[metric]
        if chosen.high is None:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.values(metric) < (chosen.low + chosen.high) / 2)


MOST_CUT_AWAY = 50.0


class JudgingState:
    """``judgement`` is None where no placement is selected or it is not scored yet; ``marked`` is a position among its residues.

    ``other`` is the placement that is to be compared with the selected one, be it known already or not. What of it lies within
    ``cut_away`` Å of that is not drawn; 0 leaves it whole.
    """

    changed = Signal(object)
    metric_changed = Signal(str)
    marked_changed = Signal(object)
    busy_changed = Signal(bool)
    cut_away_changed = Signal(float)
    other_changed = Signal(object)

    def __init__(self) -> None:
        self.judgement: Judgement | None = None
        self.other: Placement | None = None
        self.metric = "local_correlation"
        self.marked: int | None = None
        self.busy = False
        self.cut_away = 0.0

    def copy(self) -> "JudgingState":
        """What is known and compared now, to which nobody listens."""
        copy = JudgingState()
        copy.judgement, copy.other, copy.metric, copy.cut_away = self.judgement, self.other, self.metric, self.cut_away
        return copy

    def show(self, judgement: Judgement | None) -> None:
        """Take over what is known now; a mark is kept as long as it is the same model's."""
        before, marked, metric = self.judgement, self.marked, self.metric
        same = before is not None and judgement is not None and before.model_id == judgement.model_id
        if not (same and np.array_equal(before.residues.index, judgement.residues.index)):  # type: ignore[union-attr]
            self.marked = None
        if metric == "displacement" and (judgement is None or judgement.comparison is None):
            self.metric = "local_correlation"
        self.judgement = judgement  # all of it is changed before any of it is told
        if self.metric != metric:
            self.metric_changed.emit(self.metric)
        self.changed.emit(judgement)
        if self.marked != marked:
            self.marked_changed.emit(self.marked)

    def set_metric(self, name: str) -> None:
        """Choose what the plot and the colours tell."""
        if name not in RESIDUE_METRICS:
            raise ValueError(f"metric must be one of {', '.join(RESIDUE_METRICS)}, got {name}")
        if name != self.metric:
            self.metric = name
            self.metric_changed.emit(name)

    def mark(self, position: int | None) -> None:
        """Mark a residue, by its position, or none."""
        if position is not None and (self.judgement is None or not 0 <= position < len(self.judgement.residues)):
            raise ValueError(f"position must be that of a residue that is judged, got {position}")
        if position != self.marked:
            self.marked = position
            self.marked_changed.emit(position)

    def set_busy(self, busy: bool) -> None:
        """Whether residues are being scored."""
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    def set_other(self, other: Placement | None) -> None:
        """Want a placement compared with the selected one; None for none."""
        if other is not self.other:
            self.other = other
            self.other_changed.emit(other)

    def set_cut_away(self, within: float) -> None:
        """Leave out of the other placement what lies within so many Å of the selected one; 0 for nothing."""
        if not 0 <= within <= MOST_CUT_AWAY:
            raise ValueError(f"within must be from 0 to {MOST_CUT_AWAY:g} Å, got {within:g}")
        if within != self.cut_away:
            self.cut_away = within
            self.cut_away_changed.emit(within)

    def told(self, position: int) -> str:
        """What the metric says of a residue: ``0.71``."""
        value = float("nan") if self.judgement is None else float(self.judgement.values(self.metric)[position])
        return f"{value:.2f} {RESIDUE_METRICS[self.metric].unit}".rstrip() if np.isfinite(value) else "not known"

    def label(self, position: int) -> str:
        """A residue with what the metric says of it: ``D 45 LEU  ·  Local correlation 0.71``."""
        if self.judgement is None:
            return ""
        return f"{self.judgement.residues.label(position)}  ·  {RESIDUE_METRICS[self.metric].title} {self.told(position)}"
