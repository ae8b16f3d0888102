"""What goes into an alignment, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from difffit_core.align.compare import Comparison
from difffit_core.align.hand import Hand, HandChoice
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import Placement
from difffit_core.target import Target


@dataclass(frozen=True, eq=False)
class AlignRequest:
    """One alignment, complete: which map is laid onto which, and how.

    Attributes
    ----------
    onto, moved : the fixed map and the moving one, read at the same resolution, each at a level of its own
    hand : of the moving map to try, or ``both``
    points : drawn from a map's density, which lead the search
    evidence : what speaks for the levels, one sentence each
    """

    onto: Target
    moved: Target
    hand: HandChoice = "both"
    points: int = 4000
    settings: FitSettings = field(default_factory=FitSettings)
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    evidence: tuple[str, ...] = ()

    @classmethod
    def make(
        cls, fixed: DensityMap, moving: DensityMap, resolution: float, level: float | None, moving_level: float | None, **others: Any
    ) -> "AlignRequest":
        """With a suggested level where one is None; ``others`` are the other fields."""
        evidence: list[str] = []
        targets = []
        for density_map, wanted in ((fixed, level), (moving, moving_level)):
            suggestion = suggest_level(density_map) if wanted is None else None
            found = suggestion.level if suggestion else float(wanted or 0.0)
            said = suggestion.lines()[0] if suggestion else f"level {found:g} was given"
            evidence.append(f"{density_map.name}: {said}")
            targets.append(Target(density_map, resolution, found))
            targets[-1].check()
        return cls(targets[0], targets[1], evidence=tuple(evidence), **others)

    @property
    def fixed(self) -> DensityMap:
        """The map that stays."""
        return self.onto.density_map

    @property
    def moving(self) -> DensityMap:
        """The map that is moved."""
        return self.moved.density_map

    @property
    def resolution(self) -> float:
        """Of both, in Å."""
        return self.onto.resolution

    def how(self) -> dict[str, Any]:
        """What it depends on besides the two maps, as plain values."""
        plain = ("hand", "points", "seed", "device", "threads")
        read = {"resolution": self.resolution, "level": self.onto.level, "moving_level": self.moved.level}
        return {**read, **{name: getattr(self, name) for name in plain}, "settings": self.settings.model_dump(mode="json")}

    def moved_of(self, hand: Hand) -> Target:
        """The moving map, mirrored (x axis reversed in its box) where ``hand`` says so."""
        return self.moved if hand == "same" else self.moved.of(self.moving.mirrored())


@dataclass(frozen=True)
class HandFound:
    """The best placement of one hand: its local correlation, z-score and p-value."""

    hand: Hand
    local_correlation: float
    z_score: float
    p_value: float


@dataclass(frozen=True)
class Precision:
    """How exactly a placement stands: standard errors in Å and degrees, and the voxels' correlation after refinement."""

    shift_error: float
    angle_error: float
    correlation: float
    inside: float


@dataclass(frozen=True, eq=False)
class AlignResult:
    """What an alignment found.

    Attributes
    ----------
    hand : of the moving map that fits better
    hand_known : whether the other hand is clearly worse
    hands : what each tried hand reached
    placements : of the moving map (of that hand) in the fixed map's frame, best first
    precision : of each placement that was refined by voxels; None for those that may be chance
    comparison : of the two maps at the best placement
    warnings : what the user should know before trusting it
    swapped : whether the fixed map, the smaller one, was searched in the moving map
    device, timing, cancelled : as of a fit
    """

    hand: Hand
    hand_known: bool
    hands: tuple[HandFound, ...]
    placements: tuple[Placement, ...]
    precision: tuple[Precision | None, ...]
    comparison: Comparison
    warnings: tuple[FitWarning, ...]
    swapped: bool
    device: str
    timing: Mapping[str, float]
    cancelled: bool = False

    @property
    def best(self) -> Placement:
        """The first placement."""
        return self.placements[0]

    def to_dict(self, request: AlignRequest) -> dict[str, Any]:
        """Plain numbers, as `alignment.json` holds them."""
        best = self.best
        about = request.moving.origin[0] + (request.moving.shape_xyz[0] - 1) / 2 * request.moving.voxel_size[0]
        rows = []
        for placement, precision in zip(self.placements, self.precision, strict=True):
            row = placement.to_dict()
            if precision is not None:
                row |= {
                    "shift_error": precision.shift_error,
                    "angle_error": precision.angle_error,
                    "voxel_correlation": precision.correlation,
                }
            rows.append(row)
        first = self.precision[0]
        return {
            "schema": 1,
            "fixed": str(request.fixed.path),
            "moving": str(request.moving.path),
            "settings": request.how(),
            "device": self.device,
            "timing": {name: round(seconds, 4) for name, seconds in self.timing.items()},
            "rotation": best.pose.rotation.tolist(),
            "translation": best.pose.translation.tolist(),
            "hand": self.hand,
            "hand_known": self.hand_known,
            "hands": {
                one.hand: {"local_correlation": one.local_correlation, "z_score": one.z_score, "p_value": one.p_value} for one in self.hands
            },
            "mirrored_about_x": float(about) if self.hand == "mirrored" else None,
            "z_score": best.z_score,
            "p_value": best.p_value,
            "verdict": str(best.verdict),
            "shift_error": first.shift_error if first else None,
            "angle_error": first.angle_error if first else None,
            **self.comparison.to_dict(),
            "warnings": [{"kind": one.kind, "message": one.message} for one in self.warnings],
            "notes": [*request.fixed.notes, *request.moving.notes],
            "placements": rows,
        }
