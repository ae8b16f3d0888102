"""What a model that stands in its place tells of the map and of itself."""

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.doctor.finding import Finding
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Verdict
from difffit_core.pose import Pose
from difffit_core.target import Target

_NEAR_PER_RESOLUTION = 0.75
_MOST = 0.5
_TOPICS = {"voxel_size": "voxel size", "broken": "breaks"}


def examine_placed(model: AtomicModel, target: Target, findings: list[Finding]) -> None:
    """Add what a fit from where the model stands says of the voxel size and of stretches that do not fit.

    Nothing is said of a model that does not stand in the density, moves away from where it stood, or fits there no better than by chance.

    Parameters
    ----------
    model, target : the model as it stands, and the map and how it is read
    findings : to be added to
    """
    points = model.fit_coordinates
    if _share_above(target.density_map, points, target.level) < _MOST:
        return
    try:
        result = run_fit(FitRequest(target, model, FitSettings(), device="cpu", start=Pose.identity()))
    except (UserError, FitCancelled):
        return  # what a fit would refuse is among the findings already
    best = result.placements[0]
    moved = float(np.sqrt(((best.pose.apply(points) - points) ** 2).sum(axis=1).mean()))
    if moved > max(_NEAR_PER_RESOLUTION * target.resolution, 2.0):
        return
    findings += [Finding("warning", _TOPICS[one.kind], one.message) for one in result.warnings if one.kind in _TOPICS]
    kinds = {one.kind for one in result.warnings}
    if best.verdict is Verdict.NOT_SIGNIFICANT:
        return
    if "broken" not in kinds:
        findings.append(Finding("ok", "breaks", "No stretch of the model, where it stands, is at the level of noise."))


def _share_above(density: DensityMap, points: Array, level: float) -> float:
    """Share of the points (n, 3) in Å whose nearest voxel is above the level; those outside the box are not."""
    index = np.round(position_to_index(points, density.voxel_size, density.origin)).astype(np.int64)
    x, y, z = index[((index >= 0) & (index < density.shape_xyz)).all(axis=1)].T
    return float(np.count_nonzero(density.values[z, y, x] > level)) / len(points)
