"""Whether a placed model explains its place as well as the others explain theirs, or is only of the same fold as what stands there.

Right models of one map fit it alike: what differs from place to place is how sharp the map is. So each is held against what the others
leave of the map at several sharpnesses, from 0.8 to 2.5 times the map's resolution, and its best correlation counts. Measured in five maps
of 4 to 13.5 Å: right models reach 0.73 to 1 of the best-supported one's, homologues at 4 Å 0.52 to 0.54 of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.compose.body import Body
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.solve.together import COVERED, Together, put_together
from difffit_core.compose.workshop import CLEARLY_BELOW
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.significance import independent_elements
from difffit_core.ops.simulate import LocalDensity
from difffit_core.pose import Pose
from difffit_core.split.parts import Part

_LEAST_OF_IT = 0.25
"""Share of a model that a domain must be to speak for it."""
_BLURS = (0.8, 1.0, 1.25, 1.6, 2.0, 2.5)


@dataclass(frozen=True)
class Likeness:
    """Placed models, by index in the request, each with a sentence without its subject.

    ``worse`` ones fit clearly worse than the best-supported one; ``partly`` do so as wholes, but not in one of their domains.
    """

    worse: Mapping[int, str]
    partly: Mapping[int, str]


def likeness(
    request: ComposeRequest, result: ComposeResult, share: float, domains: Callable[[int], Sequence[Part]] = lambda _: ()
) -> Likeness:
    """Which placed models fit clearly worse than the best-supported one.

    A model is judged by its best copy. What is clearly worse lies below ``share`` (0 to 1) of that one's correlation, and below it by three
    standard errors of the difference of two of Fisher's z. A model of several domains, which may lie otherwise than it has them, is no kin
    of what stands there if one of them, of at least a quarter of it, fits as the best-supported model does.

    Parameters
    ----------
    domains : gives those of a model, by index in the request
    """
    if len({copy.body for copy in result.copies}) < 2:
        return Likeness({}, {})
    bodies = [Body(wanted.model) for wanted in request.wanted]
    together = put_together(request.density_map, request.resolution, bodies, [(copy.body, copy.pose) for copy in result.copies])
    reached: dict[int, float] = {}
    elements: dict[int, float] = {}
    for number, copy in enumerate(result.copies):
        found = _best(request.density_map, request.resolution, bodies[copy.body], copy.pose, together, number, together.parts[number])
        reached[copy.body] = max(found, reached.get(copy.body, -1.0))
        elements[copy.body] = _elements(request, together.parts[number])
    leader = max(result.copies, key=lambda copy: copy.z_score).body
    name = request.wanted[leader].model.name
    worse, partly = {}, {}
    for body, value in reached.items():
        heights = np.arctanh(np.clip([reached[leader], value], -0.999, 0.999))
        error = float(np.sqrt(1 / max(elements[leader] - 3, 1.0) + 1 / max(elements[body] - 3, 1.0)))
        if value >= share * reached[leader] or float(heights[0] - heights[1]) <= CLEARLY_BELOW * error:
            continue
        best = max(
            (
                (_best(request.density_map, request.resolution, Body(part.model), copy.pose, together, number, density), part.ranges())
                for number, copy in enumerate(result.copies)
                if copy.body == body
                for part in domains(body)
                if _elements(request, density := Body(part.model).density(copy.pose, request.density_map, request.resolution))
                >= _LEAST_OF_IT * elements[body]
            ),
            default=(-1.0, ""),
        )
        if best[0] >= share * reached[leader]:
            partly[body] = (
                f"fits by its residues {best[1]} (correlation {best[0]:.2f} with what the others leave), the rest of it lies otherwise in "
                f"the map ({value:.2f} in all)"
            )
            continue
        worse[body] = (
            f"resembles what stands there rather than being it: at its best sharpness it correlates to {value:.2f} with what "
            f"the others leave of the map, where {name} reaches {reached[leader]:.2f}"
        )
    return Likeness(worse, partly)


def _elements(request: ComposeRequest, part: LocalDensity) -> float:
    """Independent resolution elements that a model's density covers."""
    covered = float((part.values > COVERED * part.values.max(initial=0.0)).sum())
    return independent_elements(covered * request.density_map.voxel_volume, request.resolution)


def _best(density_map: DensityMap, resolution: float, body: Body, pose: Pose, together: Together, number: int, part: LocalDensity) -> float:
    """The best correlation of a body, whose density is ``part``, with what all but the placed model of that ``number`` leave."""
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
