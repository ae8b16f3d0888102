"""Models and maps that lie far from one another, as files in different frames do: how far, and how they are seen together all the same."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.pose import Pose

Array = NDArray[np.float64]
FAR = 1.0
"""Of a map's largest side: what is farther from its box leaves both too small to be seen in one view."""
_GAP = 0.1
_VOXELS = 200_000


def box_of(thing: DensityMap | AtomicModel) -> Array:
    """The lowest and the highest corner, (2, 3) in Å, of a map's box or of the fitted atoms where the file has them."""
    if isinstance(thing, DensityMap):
        return np.stack([thing.origin, thing.origin + thing.box])
    return np.stack([thing.fit_coordinates.min(axis=0), thing.fit_coordinates.max(axis=0)])


def gap(one: Array, other: Array) -> float:
    """Å between two boxes (2, 3); 0 where they touch."""
    return float(np.linalg.norm(np.maximum(0, np.maximum(one[0] - other[1], other[0] - one[1]))))


def far_from(thing: DensityMap | AtomicModel, maps: Sequence[DensityMap]) -> tuple[int, float] | None:
    """The nearest of some maps, by its place among them, and how many Å away it is, if that is far; None where one is near, or none is."""
    box = box_of(thing)
    gaps = [gap(box, box_of(one)) for one in maps]
    if not gaps:
        return None
    nearest = int(np.argmin(gaps))
    return (nearest, gaps[nearest]) if gaps[nearest] > FAR * float(maps[nearest].box.max()) else None


def are_far(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes, as lowest and highest x, y and z in turn, lie so far apart that both would be small in one view."""
    first, second = (np.array(box, float).reshape(3, 2).T for box in (one, other))
    return gap(first, second) > FAR * float(max(np.ptp(first, axis=0).max(), np.ptp(second, axis=0).max()))


def stood_beside(models: Mapping[str, AtomicModel], maps: Sequence[DensityMap]) -> dict[str, Pose]:
    """Where models that lie far from every map are drawn: to the right of the nearest, one after another."""
    found: dict[str, Pose] = {}
    edges = [box_of(one)[1, 0] + _GAP * float(one.box.max()) for one in maps]
    for identifier, model in models.items():
        far = far_from(model, maps)
        if far is not None:
            nearest, box = far[0], box_of(model)
            shift = maps[nearest].middle - box.mean(axis=0)
            shift[0] = edges[nearest] - box[0, 0]
            edges[nearest] += float(box[1, 0] - box[0, 0]) + _GAP * float(maps[nearest].box.max())
            found[identifier] = Pose(np.eye(3), shift)
    return found


def brought(models: Mapping[str, AtomicModel], density: DensityMap, level: float) -> dict[str, Pose]:
    """Poses that shift models into the middle of what lies above a map's level; those that lie together stay so."""
    step = max(1, round((density.values.size / _VOXELS) ** (1 / 3)))
    above = np.argwhere(density.values[::step, ::step, ::step] >= level) * step
    target = density.positions(above).mean(axis=0) if len(above) else density.middle
    poses: dict[str, Pose] = {}
    for names in _together({name: box_of(model) for name, model in models.items()}, FAR * float(density.box.max())):
        middle = np.concatenate([models[name].fit_coordinates for name in names]).mean(axis=0)
        poses |= dict.fromkeys(names, Pose(np.eye(3), target - middle))
    return poses


def _together(boxes: Mapping[str, Array], most: float) -> list[list[str]]:
    """Names whose boxes (2, 3) lie no farther than ``most`` Å from one another, or from some that lie between."""
    groups: list[list[str]] = []
    for name, box in boxes.items():
        near = [group for group in groups if any(gap(box, boxes[other]) <= most for other in group)]
        groups = [group for group in groups if group not in near] + [[*(one for group in near for one in group), name]]
    return groups


def chains_to_fit(model: AtomicModel) -> tuple[str, ...]:
    """Those that have atoms to fit, in the order of the file."""
    here = set(model.chain_names[model.in_fit].tolist())
    return tuple(chain for chain in model.chains if chain in here)
