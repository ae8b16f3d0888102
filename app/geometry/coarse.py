"""Coarser versions of surfaces, with a few of their own vertices, for frames that must come quickly."""

import numpy as np
from numpy.typing import NDArray

WANTED, _GROWTH, _TRIES = 0.35, 1.4, 5
"""Of the triangles that are to be left; by how much cells grow until that is reached, and how often."""
_SMOOTH = -0.3
"""Least cosine between the normals of what is one piece of a surface."""


def coarser(
    vertices: NDArray[np.float32], normals: NDArray[np.float32], faces: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Merge what lies close together and looks the same way, until about a third of the triangles is left.

    Parameters
    ----------
    vertices, normals : (V, 3)
    faces : (F, 3)

    Returns
    -------
    kept : (W,) indices of the vertices, one of each that were merged, whose colours these may have
    vertices, normals : (W, 3), the means of what was merged
    faces : (G, 3) triangles of these
    """
    edges = vertices[faces[:, 1]] - vertices[faces[:, 0]]
    cell = max(2 * float(np.median(np.linalg.norm(edges, axis=1))), 1e-6)
    for _ in range(_TRIES):
        kept, number = _cells(vertices, normals, cell)
        merged = number[faces]
        left = merged[(merged[:, 0] != merged[:, 1]) & (merged[:, 1] != merged[:, 2]) & (merged[:, 2] != merged[:, 0])]
        if len(left) <= WANTED * len(faces):
            break
        cell *= _GROWTH
    members = np.bincount(number)[:, None]
    turned = _sums(normals, number)
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    return kept, (_sums(vertices, number) / members).astype(np.float32), turned.astype(np.float32), left


def _cells(vertices: NDArray[np.float32], normals: NDArray[np.float32], cell: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first vertex (W,) in each cell of that size, and the cell (V,) of all.

    Where a surface has an edge or is thin, what looks into each eighth of all directions has a cell of its own.
    """
    place = np.floor((vertices - vertices.min(axis=0)) / cell).astype(np.int64)
    size = place.max(axis=0) + 1
    _, first, number = np.unique((place[:, 0] * size[1] + place[:, 1]) * size[2] + place[:, 2], return_index=True, return_inverse=True)
    bent = np.einsum("vi,vi->v", normals, normals[first][number]) < _SMOOTH
    edged = np.bincount(number, bent) > 0
    eighth = (normals > 0) @ np.array([1, 2, 4])
    _, kept, number = np.unique(8 * number + np.where(edged[number], eighth, 0), return_index=True, return_inverse=True)
    return kept, number


def _sums(values: NDArray[np.float32], number: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of values (V, 3), by their cells (V,)."""
    return np.stack([np.bincount(number, values[:, axis]) for axis in range(3)], axis=1)
