"""How the placements of one fit are kin: which are one place, which overlap, which see like density, which copies of which."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.fit.judge.equivalents import symmetric_copies
from difffit_core.fit.judge.orbits import copies_by
from difffit_core.fit.judge.places import Places, place_length
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.subject import MapSide, ModelSide

Overlaps = Callable[[int, NDArray[np.integer]], NDArray[np.bool_]]
Alike = Callable[[int, NDArray[np.integer]], Array]


def _apart(_: int, others: NDArray[np.integer]) -> NDArray[np.bool_]:
    return np.zeros(len(others), bool)


def _unlike(_: int, others: NDArray[np.integer]) -> Array:
    return np.zeros(len(others))


@dataclass(frozen=True, eq=False)
class Kin:
    """Of C placements, best first.

    Attributes
    ----------
    copy_of : (C,), index of the placement of which each is a symmetric copy, or -1
    distinct : bool (C,), no nearer to a better one than a resolution-bound length
    inside : (C,), share of the model that lies within the map's box, 0 to 1
    overlaps : which of others overlap one
    alike : correlation of the map under one with the map under others
    """

    copy_of: NDArray[np.int64]
    distinct: NDArray[np.bool_]
    inside: Array
    overlaps: Overlaps = _apart
    alike: Alike = _unlike

    @classmethod
    def of(cls, copy_of: NDArray[np.int64]) -> "Kin":
        """Placements that are all apart and in the box, with these copies among them."""
        return cls(copy_of, np.ones(len(copy_of), bool), np.ones(len(copy_of)))


def copies(found: Candidates, density: MapSide, model: ModelSide, most: int | None = None) -> NDArray[np.int64]:
    """`symmetric_copies` among candidates, best first."""
    places = Places(found.quaternions, found.translations, model.atoms)
    limit = {} if most is None else {"most": most}
    return symmetric_copies(density.raw, density.box, model.quick[0], found.correlation, places, **limit)


def copies_asked(found: Candidates, density: MapSide, model: ModelSide, request: FitRequest, most: int | None = None) -> NDArray[np.int64]:
    """The same by what the request says of symmetry: by that of the map itself, or none, or else as `copies`."""
    known = request.of_map
    if request.symmetry == "none" or (known is not None and known.standing is None):
        return np.full(len(found), -1, np.int64)
    if known is not None and known.standing is not None:
        places = Places(found.quaternions, found.translations, model.atoms)
        return copies_by(known.standing, found.correlation, places, request)
    return copies(found, density, model, most)


def kin_of(found: Candidates, copy_of: NDArray[np.int64], density: MapSide, model: ModelSide, request: FitRequest) -> Kin:
    """How candidates, best first, are kin."""
    places = Places(found.quaternions, found.translations, model.atoms)
    distinct = np.zeros(len(found), bool)
    if len(found):
        distinct[places.distinct(place_length(request.resolution, request.settings.cluster_shift))] = True

    def alike(one: int, others: NDArray[np.integer]) -> Array:
        poses = np.concatenate([[one], others])
        seen = density.raw.samples(model.quick[0], found.quaternions[poses], found.translations[poses]).astype(np.float64)
        seen -= seen.mean(axis=1, keepdims=True)
        seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-12)
        return np.asarray(seen[1:] @ seen[0])

    return Kin(copy_of, distinct, share_inside(found, model, request), places.overlaps, alike)


def share_inside(found: Candidates, model: ModelSide, request: FitRequest) -> Array:
    """Share (C,) of the model that lies within the map's box at each candidate."""
    grid = request.density_map
    low, high = grid.origin - grid.voxel_size / 2, grid.origin + grid.box - grid.voxel_size / 2
    points = np.stack(model.quick[0].columns, axis=1)[::10]
    shares = np.empty(len(found))
    for i, rotation in enumerate(quaternion_to_matrix(found.quaternions)):
        where = points @ rotation.T + found.translations[i]
        shares[i] = ((where >= low) & (where <= high)).all(axis=1).mean()
    return shares
