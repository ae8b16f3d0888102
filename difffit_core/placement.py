"""A placement: one clustered pose of a model in a map, with everything that speaks for or against it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from difffit_core.pose import Pose


class Verdict(StrEnum):
    """What the scores say about a placement."""

    UNIQUE = "unique"
    AMBIGUOUS = "ambiguous"
    WEAKER = "weaker"
    SYMMETRIC_COPY = "symmetric copy"
    SAME_PLACE = "same place"
    NOT_SIGNIFICANT = "not significant"
    CANNOT_BE_JUDGED = "cannot be judged"

    @property
    def is_chance(self) -> bool:
        """Whether the placement may be chance, for all that is known."""
        return self in (Verdict.NOT_SIGNIFICANT, Verdict.CANNOT_BE_JUDGED)


@dataclass(frozen=True)
class FitMetrics:
    """Scores of one pose, all from the same pose (paper, section 4.3; `local_correlation` goes beyond it).

    Attributes
    ----------
    density : mean of the map at the atoms, in the map's own units
    overlap : mean of map times simulated map at the atoms
    correlation : of map and simulated map at the atoms
    correlation_about_mean : the same after subtracting each mean
    inside : share of the atoms where the map is above the contour level, 0 to 1
    local_correlation : about the mean, over the voxels the model covers; the default ranking
    """

    density: float
    overlap: float
    correlation: float
    correlation_about_mean: float
    inside: float
    local_correlation: float


@dataclass(frozen=True)
class Placement:
    """A cluster of poses, represented by its best.

    Attributes
    ----------
    rank : 1 is best
    pose : the move of the model file's coordinates into the map's frame
    hits : how many starting poses ended in this cluster
    metrics : the representative's scores
    z_score : height above the wrong poses of the same search, in standard deviations of Fisher's z
    p_value : chance that the best of as many wrong poses scores this high
    verdict : what that means
    copy_of : rank of the placement of which this is a symmetric equivalent, or None
    """

    rank: int
    pose: Pose
    hits: int
    metrics: FitMetrics
    z_score: float
    p_value: float
    verdict: Verdict
    copy_of: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, as `placements.json` holds them."""
        return {
            "rank": self.rank,
            "rotation": self.pose.rotation.tolist(),
            "translation": self.pose.translation.tolist(),
            "hits": self.hits,
            **asdict(self.metrics),
            "z_score": self.z_score,
            "p_value": self.p_value,
            "verdict": str(self.verdict),
            "symmetric_copy_of": self.copy_of,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Placement":
        """The inverse of `to_dict`."""
        metrics = FitMetrics(**{name: float(data[name]) for name in FitMetrics.__dataclass_fields__})
        return cls(
            rank=int(data["rank"]),
            pose=Pose(data["rotation"], data["translation"]),
            hits=int(data["hits"]),
            metrics=metrics,
            z_score=float(data["z_score"]),
            p_value=float(data["p_value"]),
            verdict=Verdict(data["verdict"]),
            copy_of=data["symmetric_copy_of"],
        )
