"""Sticks and spheres, for what is no polymer."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.mesh import Mesh, join
from difffit_app.geometry.sweep import perpendicular
from difffit_core.atomic_model import AtomicModel

STICK_RADIUS = 0.24
ION_RADIUS = 0.9
TRACE_RADIUS = 0.4
_FINE, _MEDIUM, _ROUGH = (10, 2), (8, 1), (5, None)
"""Sides of a stick, and how often the icosahedron of its ends is divided (None: open ends)."""
_MANY, _VERY_MANY = 6_000, 30_000
"""Sticks beyond which they are drawn less finely."""
_BOND_SLACK = 0.45


def joined_sticks(xyz: NDArray[np.float64], pairs: NDArray[np.int64], radius: float = STICK_RADIUS) -> Mesh:
    """Sticks with round ends, less finely drawn where there are many."""
    sides, divisions = _FINE if len(pairs) <= _MANY else _MEDIUM if len(pairs) <= _VERY_MANY else _ROUGH
    bars = sticks(xyz, pairs, radius, sides)
    if divisions is None:
        return bars
    joints = np.unique(pairs)
    return join([bars, spheres(xyz[joints], radius, joints, divisions)])


def sticks(xyz: NDArray[np.float64], pairs: NDArray[np.int64], radius: float = STICK_RADIUS, sides: int = _FINE[0]) -> Mesh:
    """Two half cylinders a bond, each belonging to its own atom, so that it takes that atom's colour."""
    if len(pairs) == 0:
        return Mesh.empty()
    start, end = xyz[pairs[:, 0]], xyz[pairs[:, 1]]
    middle = (start + end) / 2
    begins, finishes = np.concatenate([start, end]), np.concatenate([middle, middle])
    axis = finishes - begins
    axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
    side = perpendicular(np.tile([0.31, 0.57, 0.76], (len(axis), 1)), axis)
    other = np.cross(axis, side)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    normal = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * other[:, None]
    vertices = np.stack([begins[:, None] + radius * normal, finishes[:, None] + radius * normal], axis=1)
    number = np.arange(sides)
    after = np.roll(number, -1)
    faces = np.concatenate([np.stack([number, after, after + sides], 1), np.stack([number, after + sides, number + sides], 1)])
    faces = (np.arange(len(axis)) * 2 * sides)[:, None, None] + faces[None]
    atoms = np.repeat(np.concatenate([pairs[:, 0], pairs[:, 1]]), 2 * sides)
    return Mesh.of(vertices, np.repeat(normal[:, None], 2, axis=1), faces, atoms)


@lru_cache(maxsize=4)
def _unit_sphere(divisions: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices (v, 3) and triangles (f, 3) of a sphere: an icosahedron divided so often."""
    golden = (1 + 5**0.5) / 2
    points = [p for a in (-1, 1) for b in (-golden, golden) for p in ((0, a, b), (a, b, 0), (b, 0, a))]
    vertices = np.array(points, float)
    from scipy.spatial import ConvexHull

    vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
    for _ in range(divisions):
        faces = ConvexHull(vertices).simplices
        edges = np.unique(np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
        vertices = np.concatenate([vertices, vertices[edges].mean(axis=1)])
        vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
    faces = ConvexHull(vertices).simplices
    corners = vertices[faces]
    inward = np.einsum("fi,fi->f", np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), corners.mean(axis=1)) < 0
    faces[inward] = faces[inward][:, ::-1]
    return vertices, faces.astype(np.int64)


def spheres(centres: NDArray[np.float64], radius: float, atoms: NDArray[np.int64], divisions: int = 2) -> Mesh:
    """A sphere around each centre (n, 3)."""
    unit, faces = _unit_sphere(divisions)
    vertices = centres[:, None] + radius * unit[None]
    all_faces = (np.arange(len(centres)) * len(unit))[:, None, None] + faces[None]
    return Mesh.of(vertices, np.broadcast_to(unit, vertices.shape), all_faces, np.repeat(atoms, len(unit)))


def sticks_of(model: AtomicModel, chosen: NDArray[np.int64]) -> Mesh:
    """Sticks with round ends for the chosen atoms, spheres for those without a bond (ions)."""
    if len(chosen) == 0:
        return Mesh.empty()
    pairs = chosen[_bonds(model.coordinates[chosen], model.atomic_numbers[chosen])]
    alone = np.setdiff1d(chosen, pairs)
    return join([joined_sticks(model.coordinates, pairs), spheres(model.coordinates[alone], ION_RADIUS, alone)])


def _bonds(xyz: NDArray[np.float64], atomic_numbers: NDArray[np.int16]) -> NDArray[np.int64]:
    """Pairs (b, 2) of atoms closer than the sum of their covalent radii, with some slack."""
    import gemmi
    from scipy.spatial import cKDTree

    radii = np.array([gemmi.Element(int(number)).covalent_r for number in atomic_numbers])
    near = cKDTree(xyz).query_pairs(2 * radii.max() + _BOND_SLACK, output_type="ndarray")
    length = np.linalg.norm(xyz[near[:, 0]] - xyz[near[:, 1]], axis=1)
    return near[length < radii[near].sum(axis=1) + _BOND_SLACK]
