"""Profiles swept along a curve: the tubes, ribbons and arrows of a cartoon."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.mesh import Mesh, join

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """A closed cross-section in the plane of the curve's side (b) and normal (n), of p points.

    A point lies at ``b = wide * (half_width - half_height) + round_b * half_height`` and ``n = round_n * half_height``. Its normal is
    (``normal_b``, ``normal_n``). Each consecutive pair in ``edges`` (e, 2) is a side.
    """

    wide: Array
    round_b: Array
    round_n: Array
    normal_b: Array
    normal_n: Array
    edges: NDArray[np.int64]


def _round(points: int) -> Profile:
    """A circle, or a flat band with round edges where it is wider than high."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False) + np.pi / points
    b, n = np.cos(angle), np.sin(angle)
    number = np.arange(points)
    return Profile(np.sign(b), b, n, b, n, np.stack([number, (number + 1) % points], axis=1))


def _box() -> Profile:
    """A rectangle with sharp edges: each corner twice, once for either side."""
    corner_b = np.array([1, 1, 1, -1, -1, -1, -1, 1], float)
    corner_n = np.array([-1, 1, 1, 1, 1, -1, -1, -1], float)
    normal_b = np.array([1, 1, 0, 0, -1, -1, 0, 0], float)
    normal_n = np.array([0, 0, 1, 1, 0, 0, -1, -1], float)
    return Profile(corner_b, corner_b, corner_n, normal_b, normal_n, np.array([[0, 1], [2, 3], [4, 5], [6, 7]]))


TUBE = _round(12)
BAND = _round(16)
BOX = _box()


@dataclass(frozen=True, eq=False)
class Path:
    """m points along a curve.

    Attributes
    ----------
    points, tangents, sides : (m, 3); the last two of unit length and at right angles
    atoms : (m,) atom index of each point
    """

    points: Array
    tangents: Array
    sides: Array
    atoms: NDArray[np.int64]

    def part(self, chosen: NDArray[np.int64]) -> "Path":
        return Path(self.points[chosen], self.tangents[chosen], self.sides[chosen], self.atoms[chosen])


def sweep(path: Path, profile: Profile, half_width: Array | float, half_height: Array | float) -> Mesh:
    """Sweep a profile along a path, closed at both ends.

    Parameters
    ----------
    path : m points
    profile : p points
    half_width, half_height : (m,) or one number, Å
    """
    m, p = len(path.points), len(profile.wide)
    width = np.broadcast_to(np.asarray(half_width, float), m)[:, None]
    height = np.broadcast_to(np.asarray(half_height, float), m)[:, None]
    normals_of_band = np.cross(path.tangents, path.sides)
    b = profile.wide * (width - height) + profile.round_b * height
    n = profile.round_n * height
    vertices = path.points[:, None] + b[..., None] * path.sides[:, None] + n[..., None] * normals_of_band[:, None]

    arc = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path.points, axis=0), axis=1))])
    taper = np.gradient(width[:, 0], arc)[:, None] if m > 1 and np.ptp(width) > 0 else np.zeros((m, 1))
    normals = (
        profile.normal_b[:, None] * path.sides[:, None]
        + profile.normal_n[:, None] * normals_of_band[:, None]
        - (np.abs(profile.normal_b) * taper)[..., None] * path.tangents[:, None]
    )
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)

    ring = (np.arange(m - 1) * p)[:, None]
    low, high = profile.edges[:, 0][None], profile.edges[:, 1][None]
    a, b_, c, d = ring + low, ring + high, ring + p + high, ring + p + low
    faces = np.concatenate([np.stack([a, b_, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    side = Mesh.of(vertices, normals, faces, np.repeat(path.atoms, p))
    caps = [_cap(vertices[end], sign * path.tangents[end], path.atoms[end], sign) for end, sign in ((0, -1), (-1, 1))]
    return join([side, *caps])


def _cap(ring: Array, normal: Array, atom: int, sign: int) -> Mesh:
    p = len(ring)
    fan = np.stack([np.zeros(p - 2, int), np.arange(1, p - 1), np.arange(2, p)], axis=1)
    return Mesh.of(ring, np.tile(normal, (p, 1)), fan if sign > 0 else fan[:, ::-1], np.full(p, atom))


def perpendicular(vectors: Array, tangents: Array) -> Array:
    """Unit vectors (m, 3): ``vectors`` without their share along ``tangents``, or anything at right angles where none is left."""
    side = vectors - (vectors * tangents).sum(-1, keepdims=True) * tangents
    length = np.linalg.norm(side, axis=-1)
    lost = length < 1e-6
    if lost.any():
        least = np.eye(3)[np.argmin(np.abs(tangents[lost]), axis=-1)]
        side[lost] = np.cross(tangents[lost], least)
        length = np.linalg.norm(side, axis=-1)
    return side / length[:, None]
