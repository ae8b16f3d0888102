"""Surfaces of fewer triangles: the same place, the same outside, the same colours."""

import numpy as np

from difffit_app.geometry.coarse import WANTED, coarser


def ball(radius: float, n: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices, normals and triangles of a sphere, counter-clockwise from outside."""
    across, along = np.meshgrid(np.linspace(0, np.pi, n), np.linspace(0, 2 * np.pi, 2 * n, endpoint=False), indexing="ij")
    normals = np.stack([np.sin(across) * np.cos(along), np.sin(across) * np.sin(along), np.cos(across)], axis=-1).reshape(-1, 3)
    row, column = np.meshgrid(np.arange(n - 1), np.arange(2 * n), indexing="ij")
    here, right = row * 2 * n + column, row * 2 * n + (column + 1) % (2 * n)
    quads = np.stack([here, here + 2 * n, right + 2 * n, right], axis=-1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return (radius * normals).astype(np.float32), normals.astype(np.float32), faces


def test_a_ball_stays_one() -> None:
    vertices, normals, faces = ball(10.0)
    kept, fewer, turned, left = coarser(vertices, normals, faces)
    assert 100 < len(left) <= WANTED * len(faces)
    assert len(kept) == len(fewer) == len(turned) == left.max() + 1
    assert np.abs(np.linalg.norm(fewer, axis=1) - 10).max() < 0.5
    np.testing.assert_allclose(turned, fewer / np.linalg.norm(fewer, axis=1, keepdims=True), atol=0.1)
    np.testing.assert_allclose(fewer, vertices[kept], atol=2.5, err_msg="colours are those of neighbours")
    corners = fewer[left]
    outwards = np.einsum("fi,fi->f", np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), corners.mean(axis=1))
    assert (outwards > 0).mean() > 0.99


def test_both_sides_of_a_thin_band_stay_apart() -> None:
    x, y = (one.ravel() for one in np.meshgrid(np.arange(40) * 0.3, np.arange(40) * 0.3, indexing="ij"))
    sheet = np.stack([x, y, np.zeros_like(x)], axis=1)
    row, column = (one.ravel() for one in np.meshgrid(np.arange(39), np.arange(39), indexing="ij"))
    here = row * 40 + column
    up = np.concatenate([np.stack([here, here + 40, here + 41], axis=1), np.stack([here, here + 41, here + 1], axis=1)])
    above = np.array([0, 0, 0.05])
    vertices = np.concatenate([sheet + above, sheet]).astype(np.float32)
    normals = np.repeat([[0, 0, 1], [0, 0, -1]], 1600, axis=0).astype(np.float32)
    _, fewer, turned, left = coarser(vertices, normals, np.concatenate([up, up[:, ::-1] + 1600]))
    assert set(np.round(turned[:, 2]).tolist()) == {1.0, -1.0}
    assert all(len({float(np.sign(turned[corner, 2])) for corner in face}) == 1 for face in left)
    assert len(left) < 0.4 * 2 * len(up)
    assert len(fewer) < 1600
