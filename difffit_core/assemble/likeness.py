"""Whether a placed model explains its place as well as the others explain theirs, or is only of the same fold as what stands there.

Right models of one map fit it alike: what differs from place to place is how sharp the map is. So each is held against what the others
leave of the map at several sharpnesses, from 0.8 to 2.5 times the map's resolution, and its best correlation counts. Measured in five maps
of 4 to 13.5 Å: right models reach 0.73 to 1 of the best-supported one's, homologues at 4 Å 0.52 to 0.54 of it.
"""

import numpy as np

from difffit_core.compose.body import Body
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.solve.together import COVERED, Together, put_together
from difffit_core.compose.workshop import CLEARLY_BELOW
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.significance import independent_elements
from difffit_core.pose import Pose

_BLURS = (0.8, 1.0, 1.25, 1.6, 2.0, 2.5)


def unlike_the_others(request: ComposeRequest, result: ComposeResult, share: float) -> dict[int, str]:
    """Placed models, by index in the request, that fit clearly worse than the best-supported one, each with the reason.

    A model is judged by its best copy. What is clearly worse lies below ``share`` (0 to 1) of that one's correlation, and below it by three
    standard errors of the difference of two of Fisher's z.
    """
    if len({copy.body for copy in result.copies}) < 2:
        return {}
    bodies = [Body(wanted.model) for wanted in request.wanted]
    together = put_together(request.density_map, request.resolution, bodies, [(copy.body, copy.pose) for copy in result.copies])
    reached: dict[int, float] = {}
    elements: dict[int, float] = {}
    for number, copy in enumerate(result.copies):
        found = _best(request.density_map, request.resolution, bodies[copy.body], copy.pose, together, number)
        reached[copy.body] = max(found, reached.get(copy.body, -1.0))
        covered = float((together.parts[number].values > COVERED * together.parts[number].values.max()).sum())
        elements[copy.body] = independent_elements(covered * request.density_map.voxel_volume, request.resolution)
    leader = max(result.copies, key=lambda copy: copy.z_score).body
    worse = {}
    for body, value in reached.items():
        heights = np.arctanh(np.clip([reached[leader], value], -0.999, 0.999))
        error = float(np.sqrt(1 / max(elements[leader] - 3, 1.0) + 1 / max(elements[body] - 3, 1.0)))
        if value < share * reached[leader] and float(heights[0] - heights[1]) > CLEARLY_BELOW * error:
            worse[body] = (
                f"resembles what stands there rather than being it: at its best sharpness it correlates to {value:.2f} with what "
                f"the others leave of the map, where {request.wanted[leader].model.name} reaches {reached[leader]:.2f}"
            )
    return worse


def _best(density_map: DensityMap, resolution: float, body: Body, pose: Pose, together: Together, number: int) -> float:
    part = together.parts[number]
    if not part.values.size or part.values.max() <= 0:
        return -1.0
    covered = part.values > COVERED * part.values.max()
    left = together.without(number, density_map.values, part.box)[covered]
    return max(_correlation(_blurred(density_map, resolution * blur, body, pose, part.box)[covered], left) for blur in _BLURS)


def _blurred(density_map: DensityMap, resolution: float, body: Body, pose: Pose, box: tuple[slice, slice, slice]) -> Array:
    whole = np.zeros_like(density_map.values)
    body.density(pose, density_map, resolution).add_to(whole)
    return np.asarray(whole[box])


def _correlation(first: Array, second: Array) -> float:
    spread = float(first.std() * second.std())
    return float(((first - first.mean()) * (second - second.mean())).mean()) / spread if spread > 0 else -1.0
