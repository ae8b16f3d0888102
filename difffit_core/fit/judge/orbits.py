"""Copies of one answer by the symmetry that the map itself has."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.judge.equivalents import COMPARABLE
from difffit_core.fit.judge.places import Places, place_length
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.subject import ModelSide
from difffit_core.fit_warning import FitWarning
from difffit_core.groups.standing import Standing
from difffit_core.ops.grid import Array32
from difffit_core.placement import Placement, Verdict

_MOST_COMPARED = 300


def images_of(standing: Standing, request: FitRequest, quaternion: Array, centre: Array) -> tuple[Array, Array]:
    """Where a symmetry takes a pose: quaternions (G, 4), and where the model's centre is put (G, 3) in Å, inside the map's box."""
    grid = request.density_map
    moves = standing.moves(float(np.linalg.norm(grid.box)))
    centres = moves.apply(centre[None])[:, 0]
    inside = ((centres >= grid.origin) & (centres <= grid.origin + grid.box)).all(axis=1)
    return matrix_to_quaternion(moves.rotations[inside] @ quaternion_to_matrix(quaternion[None])[0]), centres[inside]


def copies_by(standing: Standing, correlation: Array32, places: Places, request: FitRequest) -> NDArray[np.int64]:
    """For each placement, best first, the first one that a move of the symmetry takes to the same place, or -1.

    A copy scores about as well, and neither is it in the place of its original nor does it overlap it.
    """
    copy_of = np.full(len(correlation), -1, np.int64)
    near = place_length(request.resolution, request.settings.cluster_shift)
    compared = min(_MOST_COMPARED, len(correlation))
    for original in range(compared):
        others = original + 1 + np.flatnonzero(copy_of[original + 1 : compared] < 0)
        others = others[correlation[others] >= COMPARABLE * correlation[original]]
        if copy_of[original] >= 0 or len(others) == 0:
            continue
        images = images_of(standing, request, places.quaternions[original], places.centres[original])
        if len(images[0]) == 0:
            continue
        both = Places(
            np.concatenate([images[0], places.quaternions[others]]), np.concatenate([images[1], places.centres[others]]), places.atoms
        )
        where = len(images[0]) + np.arange(len(others))
        away = np.min([both.rmsd(image, where) for image in range(len(images[0]))], axis=0)
        there = others[away < near]
        copy_of[there[~places.overlaps(original, there)]] = original
    return copy_of


def warnings_of_orbits(request: FitRequest, model: ModelSide, placements: Sequence[Placement]) -> list[FitWarning]:
    """What does not go with a symmetry that was asked for: that there is none, or that copies of the best placement are not there."""
    if request.of_map is None or not placements or placements[0].verdict.is_chance:
        return []
    standing = request.of_map.standing
    if standing is None:
        return [FitWarning("symmetry", request.of_map.sentence)]
    best = placements[0]
    centre = best.pose.apply(model.centre)
    wanted = len(images_of(standing, request, matrix_to_quaternion(best.pose.rotation), centre)[0])
    found = sum(one.verdict is Verdict.SYMMETRIC_COPY and one.copy_of == best.rank for one in placements)
    if found >= wanted or standing.group.kind == "helix":
        return []
    return [
        FitWarning(
            "symmetry",
            f"Of the {wanted} copies of the best placement that {standing.group} asks for {found} were found: the others do not fit, or "
            "overlap it, as where the model lies on an axis or holds several of the copies itself.",
        )
    ]
