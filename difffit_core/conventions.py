"""The only converters between voxel index and Å, zyx and xyz, quaternion and matrix.

Lengths are in Å and angles in degrees unless a name says otherwise. Map values are indexed ``[z, y, x]``; points, voxel sizes and
origins are ``(x, y, z)``; quaternions are ``(w, x, y, z)``. The *centre* of voxel ``i`` lies at ``origin + i * voxel_size``.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def index_to_position(index: Array, voxel_size: Array, origin: Array) -> Array:
    """Positions (..., 3) in Å of fractional voxel indices (..., 3), both (x, y, z)."""
    return np.asarray(index, np.float64) * voxel_size + origin


def position_to_index(position: Array, voxel_size: Array, origin: Array) -> Array:
    """Fractional voxel indices (..., 3) of positions (..., 3) in Å, both (x, y, z)."""
    return (np.asarray(position, np.float64) - origin) / voxel_size


def reverse_axes(triple: NDArray[np.generic]) -> NDArray[np.generic]:
    """Turn (..., zyx) into (..., xyz) and back; its own inverse."""
    return np.asarray(triple)[..., ::-1]


def quaternion_to_matrix(quaternion: Array) -> Array:
    """Rotation matrices (..., 3, 3) of quaternions (..., 4) given as (w, x, y, z), of any length but zero."""
    q = np.asarray(quaternion, np.float64)
    w, x, y, z = np.moveaxis(q / np.linalg.norm(q, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def matrix_to_quaternion(matrix: Array) -> Array:
    """Unit quaternions (..., 4) as (w, x, y, z) with w >= 0, of rotation matrices (..., 3, 3)."""
    from scipy.spatial.transform import Rotation

    m = np.asarray(matrix, np.float64)
    flat = Rotation.from_matrix(m.reshape(-1, 3, 3)).as_quat(canonical=True, scalar_first=True)
    return np.asarray(flat, np.float64).reshape(*m.shape[:-2], 4)


def rotation_angle(a: Array, b: Array) -> Array:
    """Angle (...) in degrees of the rotation that takes matrices ``a`` (..., 3, 3) onto ``b``."""
    relative = np.einsum("...ji,...jk->...ik", a, b)
    sine = np.stack(
        [relative[..., 2, 1] - relative[..., 1, 2], relative[..., 0, 2] - relative[..., 2, 0], relative[..., 1, 0] - relative[..., 0, 1]],
        -1,
    )
    cosine = np.trace(relative, axis1=-2, axis2=-1) - 1
    return np.asarray(np.degrees(np.arctan2(np.linalg.norm(sine, axis=-1), cosine)), np.float64)
