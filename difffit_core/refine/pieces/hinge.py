"""Where a piece of a chain goes, that is still linked to the rest: turned about its hinges into density that nothing else explains.

A hinge is a residue that both bodies put in one place. So starting poses turn the piece about residues near the cut, whose place the rest
of the chain fixes; where they end counts only if the two bodies still agree about some residue near each cut.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.judge.significance import NULL_SCALE, RIVALS, independent_elements, p_value
from difffit_core.fit.region import masked
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.cluster import cluster_poses
from difffit_core.fit.search.optimise import Climbed, Volume, climb
from difffit_core.fit.search.stages import stages_of
from difffit_core.fit.search.subject import ModelSide, prepare_map, prepare_model
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.pose import Pose
from difffit_core.refine.trace import Trace
from difffit_core.target import Target

NEAR_CUT = 12
"""Residues on both sides of a cut in which its hinge may lie."""
_FARTHEST = 8.0
"""Å by which the two bodies may disagree about the best hinge, since a linker of some residues bends."""
_AGREE = 0.5
"""Å within which two bodies agree about a hinge."""
_JITTER = 1.0
_ROOM = 8.0
_POLISHED = 60
_SAME = (2.0, 6.0)
_OTHER_TURN = 20.0
"""Degrees by which a pose at the best place must be turned to be another."""


@dataclass(frozen=True)
class Hung:
    """A pose of a piece, its local correlation in what the rest has left, and how far (Å) it stands from its hinges.

    ``z_score`` is its height above other places of the same search, in standard deviations of Fisher's z, as `fit.significance` has it, and
    ``p_value`` the chance that a piece which belongs nowhere stands as high and as near to its hinges.
    """

    pose: Pose
    correlation: float
    gap: float
    z_score: float
    p_value: float


def hang(
    target: Target,
    model: AtomicModel,
    trace: Trace,
    piece: NDArray[np.bool_],
    anchor: Callable[[int], Pose | None],
    *,
    starts: int,
    seed: int,
    go_on: Callable[[], bool],
) -> Hung | None:
    """The best place of a piece of a chain that is linked to bodies which stand.

    Parameters
    ----------
    target : what the rest of the model has left of the map, and how it is read
    model, trace : the chain, as its file has it
    piece : (n,), the residues that move together
    anchor : the pose of the body that a residue beside the piece belongs to, or None where nothing stands
    starts, seed : random starting poses for each field
    go_on : asked between blocks of work; False ends it

    Returns None where the piece is linked to nothing, nothing of the map lies near, or no pose keeps to the hinges.
    """
    links = _links(trace, piece, anchor)
    if not links:
        return None
    part = model.select_residues(trace.residues.index[piece].tolist(), f"piece of {model.name}")
    settings = FitSettings()
    hinges = _Hinges.of(trace, links)
    reach = float(np.linalg.norm(part.fit_coordinates - trace.places[hinges.residues].mean(axis=0), axis=1).max()) + _ROOM
    middle = hinges.placed.mean(axis=0)
    seen = target.of(masked(target.density_map, Sphere((float(middle[0]), float(middle[1]), float(middle[2])), reach), target.level))
    if float(seen.density_map.values.max()) <= target.level:
        return None
    side = prepare_map(seen, settings, "cpu")
    subject = prepare_model(FitRequest(seen, part, settings, seed, "cpu"))
    stages = stages_of(subject, side, settings)
    begun = hinges.starts(subject, starts, np.random.default_rng([seed, 0x41]))
    ended = [climb(field, stages.explore.points, None, *begun, stages.explore.schedule, lambda *_: go_on()) for _, field in side.fields()]
    sharpened = side.sharpened(subject.template.laplacian_weight)
    everywhere = _joined(ended)
    chosen = _chosen(everywhere.take(np.flatnonzero(hinges.gaps(subject.centre, *_poses(everywhere)) < _FARTHEST)), subject, sharpened)
    polish = stages.polish
    if len(chosen.values) == 0 or polish is None:
        return None
    both = _joined([chosen, _chosen(everywhere, subject, sharpened)])
    found = climb(sharpened, polish.points, polish.weight, *_poses(both), polish.schedule)
    correlation = np.asarray(sharpened.correlation(*subject.full, *_poses(found)), np.float64)
    gap = hinges.gaps(subject.centre, *_poses(found))
    best = int(np.argmax(np.where(gap < _FARTHEST, correlation, -1.0)))
    if gap[best] >= _FARTHEST:
        return None
    z = _height(correlation, best, found, independent_elements(subject.template.volume, target.resolution))
    return Hung(_pose(subject, found, best), float(correlation[best]), float(gap[best]), z, _chance(z, float(gap[best])))


def polish(target: Target, model: AtomicModel, trace: Trace, body: NDArray[np.bool_], pose: Pose) -> Pose:
    """A body's pose moved to the best local correlation beside it, in what the others have left of the map."""
    part = model.select_residues(trace.residues.index[body].tolist(), f"body of {model.name}")
    settings = FitSettings()
    side = prepare_map(target, settings, "cpu")
    subject = prepare_model(FitRequest(target, part, settings, 0, "cpu"))
    stage = stages_of(subject, side, settings).polish
    if stage is None:
        return pose
    start = matrix_to_quaternion(pose.rotation)[None], pose.apply(subject.centre)[None]
    found = climb(side.sharpened(subject.template.laplacian_weight), stage.points, stage.weight, *start, stage.schedule)
    return _pose(subject, found, 0)


@dataclass(frozen=True, eq=False)
class _Hinges:
    """Residues that may be hinges, where the standing bodies put them, and which belong to one cut.

    ``residues`` (H,), ``own`` (H, 3) and ``placed`` (H, 3) in Å, ``cuts`` (H,).
    """

    residues: NDArray[np.int64]
    own: Array
    placed: Array
    cuts: NDArray[np.int64]

    @classmethod
    def of(cls, trace: Trace, links: list[tuple[int, Pose]]) -> "_Hinges":
        chains = trace.residues.chains
        rows = [
            (at, pose.apply(trace.places[at]), cut)
            for cut, (edge, pose) in enumerate(links)
            for at in range(max(edge - NEAR_CUT, 0), min(edge + NEAR_CUT + 1, len(trace)))
            if chains[at] == chains[edge]
        ]
        residues = np.array([row[0] for row in rows])
        return cls(residues, trace.places[residues], np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))

    def starts(self, subject: ModelSide, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Uniform rotations about hinges drawn at random: quaternions (count, 4) and where the piece's centre comes to lie (count, 3)."""
        quaternions = rng.normal(size=(count, 4))
        quaternions /= np.linalg.norm(quaternions, axis=1, keepdims=True)
        drawn = rng.integers(len(self.residues), size=count)
        arms = np.einsum("nij,nj->ni", quaternion_to_matrix(quaternions), subject.centre - self.own[drawn])
        return quaternions, self.placed[drawn] + arms + rng.normal(scale=_JITTER, size=(count, 3))

    def gaps(self, centre: Array, quaternions: Array, translations: Array) -> Array:
        """How far (P,) in Å the best hinge of the worst cut is from where the standing body has it."""
        turned = np.einsum("pij,hj->phi", quaternion_to_matrix(quaternions), self.own - centre) + translations[:, None]
        distance = np.linalg.norm(turned - self.placed, axis=2)
        gaps: Array = np.max([distance[:, self.cuts == cut].min(axis=1) for cut in np.unique(self.cuts)], axis=0)
        return gaps


def _links(trace: Trace, piece: NDArray[np.bool_], anchor: Callable[[int], Pose | None]) -> list[tuple[int, Pose]]:
    """The residues of the piece at its cuts, each with the pose of the body beside it."""
    links = []
    for first, end in trace.runs(piece):
        for edge, beside, linked in ((first, first - 1, trace.linked[first]), (end - 1, end, end < len(trace) and trace.linked[end])):
            pose = anchor(beside) if linked else None
            if pose is not None:
                links.append((edge, pose))
    return links


def _joined(parts: list[Climbed]) -> Climbed:
    columns = zip(*((part.quaternions, part.translations, part.values) for part in parts), strict=True)
    return Climbed(*(np.concatenate(column) for column in columns))


def _chosen(ended: Climbed, subject: ModelSide, sharpened: Volume) -> Climbed:
    """The best distinct poses."""
    if len(ended.values) == 0:
        return ended
    scores = sharpened.correlation(*subject.quick, *_poses(ended))
    return ended.take(cluster_poses(*_poses(ended), scores, *_SAME, most=_POLISHED).leaders)


def _height(correlation: Array, best: int, found: Climbed, elements: float) -> float:
    """How far the ``best`` of the correlations (P,) stands above the median of those at other places, in standard deviations."""
    places = cluster_poses(*_poses(found), correlation, *_SAME, most=len(correlation)).leaders
    apart = np.linalg.norm(found.translations[places] - found.translations[best], axis=1) > _SAME[0]
    turn = np.abs(found.quaternions[places] @ found.quaternions[best])
    others = places[apart | (turn < np.cos(np.radians(_OTHER_TURN) / 2))]
    height = np.arctanh(np.clip(correlation, -0.999999, 0.999999))
    rest = np.sort(height[others])[-RIVALS:]
    return float((height[best] - np.median(rest)) * np.sqrt(elements - 3)) if len(rest) else 0.0


def _chance(z: float, gap: float) -> float:
    """The chance of such a height among as many wrong poses as stand that near to the hinges: a share of all by volume.

    The best of fewer is lower: an extreme-value distribution moves by its scale times the logarithm of their number.
    """
    fewer = 3 * np.log(_FARTHEST / np.clip(gap, _AGREE, _FARTHEST))
    return float(p_value(z + NULL_SCALE * fewer))


def _poses(found: Climbed) -> tuple[Array, Array]:
    return found.quaternions, found.translations


def _pose(subject: ModelSide, found: Climbed, index: int) -> Pose:
    rotation = quaternion_to_matrix(found.quaternions[index])
    return Pose(rotation, found.translations[index] - rotation @ subject.centre)
