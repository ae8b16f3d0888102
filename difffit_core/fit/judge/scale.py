"""What a placed model says of the voxel size: scaled about its middle, it fits best at the scale that the map really has."""

from dataclasses import dataclass

import numpy as np

from difffit_core.conventions import matrix_to_quaternion
from difffit_core.correction import Correction
from difffit_core.fit.judge.significance import independent_elements
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.optimise import climb
from difffit_core.fit.search.stages import stages_of
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit_warning import FitWarning
from difffit_core.ops.grid import PointSet
from difffit_core.pose import Pose

COARSEST = 5.0
"""Resolution in Å beyond which a model does not tell the scale: at 11.5 Å it is off by as much as it is asked for."""
_SCALES = np.linspace(0.94, 1.06, 13)
_LEAST = 0.01
"""Error of the voxel size below which no header is called wrong: models, too, are only so good."""
_CLEARLY = 2.0
_BESIDE = 2
"""Scales on each side of the best through which the parabola goes."""


@dataclass(frozen=True)
class Scale:
    """How much larger the map is than the model, as a factor, and its standard error."""

    factor: float
    error: float

    @property
    def is_off(self) -> bool:
        """Whether the voxel size is wrong by more than chance and a model's own errors explain."""
        return abs(self.factor - 1) > max(_CLEARLY * self.error, _LEAST)


def measure_scale(request: FitRequest, model: ModelSide, density: MapSide, pose: Pose) -> Scale | None:
    """The scale at which the model fits best beside a pose; None where the fit does not tell: no polish, or the best lies beyond 6 %.

    At each of 13 scales the pose is polished anew; a parabola through the best five gives the factor, and its width the error.
    """
    stage = stages_of(model, density, request.settings).polish
    if stage is None:
        return None
    volume = density.sharpened(model.template.laplacian_weight)
    start = matrix_to_quaternion(pose.rotation)[None], pose.apply(model.centre)[None]
    heights = []
    for factor in _SCALES:
        points, full = _scaled(stage.points, factor), _scaled(model.full[0], factor)
        found = climb(volume, points, stage.weight, *start, stage.schedule)
        value = volume.correlation(full, model.full[1], found.quaternions, found.translations)[0]
        heights.append(float(np.arctanh(np.clip(value, -0.999, 0.999))))
    best = int(np.argmax(heights))
    if not _BESIDE <= best < len(_SCALES) - _BESIDE or heights[best] <= 0:
        return None
    near = slice(best - _BESIDE, best + _BESIDE + 1)
    bend, slope, _ = np.polyfit(_SCALES[near] - _SCALES[best], heights[near], 2)
    if bend >= 0:
        return None
    elements = independent_elements(model.template.volume, request.resolution)
    error = 1 / np.sqrt(elements * heights[best] * -2 * bend)
    return Scale(float(_SCALES[best] - slope / (2 * bend)), float(error))


def warnings_of(request: FitRequest, scale: Scale | None) -> tuple[FitWarning, ...]:
    """What a user should know where the header's voxel size is off."""
    if scale is None or not scale.is_off:
        return ()
    size = request.density_map.voxel_size / scale.factor
    should = " × ".join(f"{length:.4g}" for length in dict.fromkeys(size.round(4).tolist()))
    correction = Correction(voxel_scale=round(1 / scale.factor, 4))
    message = (
        f"The voxels look {abs(scale.factor - 1):.1%} too {'wide' if scale.factor > 1 else 'narrow'} (± {scale.error:.1%}): the placed "
        f"model fits best when it is {'enlarged' if scale.factor > 1 else 'shrunk'} by as much. If the model is right, the voxel size is "
        f"{should} Å; difffit map MAP {correction} --out FILE writes a corrected copy."
    )
    return (FitWarning("voxel_size", message, correction),)


def _scaled(points: PointSet, factor: float) -> PointSet:
    return PointSet(*(column * np.float32(factor) for column in points.columns))
