"""The climbs that every candidate goes through: explore and refine in its own search field, polish in the sharpened map."""

from dataclasses import dataclass

from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit.settings import FitSettings
from difffit_core.ops.grid import Array32, PointSet, Schedule

REFINE_RATES = (0.25, 1 / 3)
"""Step sizes of the refinement, of the quaternion and the translation, as shares of the search's."""
POLISH_RATES = (1 / 16, 1 / 12)
"""The same of the polish."""


@dataclass(frozen=True, eq=False)
class Stage:
    """What climbs, and how: the mean over ``points`` or, with ``weight``, the correlation with it."""

    name: str
    points: PointSet
    weight: Array32 | None
    schedule: Schedule

    @property
    def work(self) -> float:
        """Samples that one pose takes."""
        return len(self.points) * self.schedule.steps


@dataclass(frozen=True, eq=False)
class Stages:
    """The stages of a search; one that the settings leave out is None."""

    explore: Stage
    refine: Stage | None
    polish: Stage | None


def stages_of(model: ModelSide, density: MapSide, settings: FitSettings) -> Stages:
    """The stages that the settings ask for."""
    voxel = float(density.density.voxel_size.mean())
    shift_rate = settings.shift_rate * voxel if settings.shift_rate else 0.01 * density.mean_side

    def schedule(rates: tuple[float, float], decay: float, steps: int) -> Schedule:
        return Schedule(settings.turn_rate * rates[0], shift_rate * rates[1], decay, steps)

    explore = Stage("searching", model.search_atoms, None, schedule((1.0, 1.0), settings.decay, settings.steps))
    refine = Stage("refining", model.refine_atoms, None, schedule(REFINE_RATES, 1.0, settings.refine_steps))
    polish = Stage("polishing", *model.halo, schedule(POLISH_RATES, 1.0, settings.polish_steps))
    return Stages(explore, refine if settings.refine_steps else None, polish if settings.polish_steps else None)
