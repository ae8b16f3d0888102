"""Copies that a search missed: what takes one found copy to another takes all copies to copies."""

import numpy as np

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.search.cluster import cluster_poses

MOST_COPIES = 60
"""As many as an icosahedron has; the moves between more are not tried."""


def implied_copies(quaternions: Array, translations: Array, known: int, shift: float, angle: float) -> tuple[Array, Array]:
    """Poses that the moves among the first ``known`` poses imply, further from all poses given than ``shift`` (Å) and ``angle`` (degrees).

    Quaternions (P, 4) and translations (P, 3) turn the model about its centre and say where that comes to lie. The move from the first
    copy to another, and its inverse, is applied to every copy: if the copies stand in a point group, a helix or any other group, what comes
    out does so too.
    """
    copies = min(known, MOST_COPIES)
    if copies < 2:
        return np.empty((0, 4)), np.empty((0, 3))
    turns, places = quaternion_to_matrix(quaternions[:copies]), translations[:copies]
    away = turns[1:] @ turns[0].T
    shifts = places[1:] - np.einsum("kij,j->ki", away, places[0])
    back = np.swapaxes(away, 1, 2)
    moves = np.concatenate([away, back])
    steps = np.concatenate([shifts, -np.einsum("kij,kj->ki", back, shifts)])
    implied_turns = np.einsum("kij,ljm->klim", moves, turns).reshape(-1, 3, 3)
    implied_places = (np.einsum("kij,lj->kli", moves, places) + steps[:, None]).reshape(-1, 3)
    every = np.concatenate([quaternions, matrix_to_quaternion(implied_turns)]), np.concatenate([translations, implied_places])
    known_first = -np.arange(len(every[0]), dtype=np.float64)
    leaders = cluster_poses(*every, known_first, shift, angle).leaders
    new = leaders[leaders >= len(quaternions)]
    return every[0][new], every[1][new]
