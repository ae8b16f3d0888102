"""Random starting poses."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, index_to_position, reverse_axes


def random_starts(
    inside: NDArray[np.bool_], voxel_size: Array, origin: Array, count: int, positions: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Uniform rotations at positions drawn from the voxels that are ``inside`` [z, y, x], jittered within them (paper, section 4.1).

    With ``positions`` below ``count`` (and not 0), each of that many positions is given the same rotations, count / positions of them;
    otherwise every start has a position and a rotation of its own.

    Returns quaternions (count, 4), (w, x, y, z), and the positions of the model's centre (count, 3) in Å.
    """
    if 0 < positions < count:
        turns, places = random_starts(inside, voxel_size, origin, max(-(-count // positions), positions), 0, rng)
        position, turn = np.divmod(np.arange(count), -(-count // positions))
        return turns[turn], places[position]
    quaternions = rng.normal(size=(count, 4))
    quaternions /= np.linalg.norm(quaternions, axis=1, keepdims=True)
    voxels = np.flatnonzero(inside)
    chosen = np.stack(np.unravel_index(voxels[rng.integers(len(voxels), size=count)], inside.shape), axis=1)
    index = reverse_axes(chosen).astype(np.float64) + rng.uniform(-0.5, 0.5, (count, 3))
    return quaternions, index_to_position(index, voxel_size, origin)
