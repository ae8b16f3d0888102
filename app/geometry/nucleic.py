"""Nucleic acids: a tube along the sugars, and a plate for every base."""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from difffit_app.geometry.mesh import Mesh, join
from difffit_app.geometry.polymer import Stretch, find_atoms
from difffit_app.geometry.sticks import sticks
from difffit_app.geometry.sweep import TUBE, Path, perpendicular, sweep
from difffit_core.atomic_model import AtomicModel

_TUBE_RADIUS = 0.75
_RUNG_RADIUS = 0.28
_PLATE_HALF_HEIGHT = 0.22
_POINTS_PER_RESIDUE = 8
_PYRIMIDINE = ("N1", "C2", "N3", "C4", "C5", "C6")
_IMIDAZOLE = ("C4", "C5", "N7", "C8", "N9")


def nucleic_cartoon(model: AtomicModel, stretch: Stretch) -> Mesh:
    """The tube and the bases of one stretch."""
    residues = model.residue_index[stretch.trace]
    return join([_tube(model, stretch), _rungs(model, residues), *_plates(model, residues)])


def _tube(model: AtomicModel, stretch: Stretch) -> Mesh:
    trace = model.coordinates[stretch.trace]
    n = len(trace)
    place = np.linspace(0, n - 1, (n - 1) * _POINTS_PER_RESIDUE + 1)
    knots, values = (np.arange(n), trace) if n > 2 else (np.array([0, 0.5, 1]), np.array([trace[0], trace.mean(axis=0), trace[1]]))
    curve = CubicSpline(knots, values)
    tangents = curve(place, 1)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-9)
    side = perpendicular(np.tile([0.31, 0.57, 0.76], (len(place), 1)), tangents)
    for i in range(1, len(side)):
        side[i] = perpendicular(side[i - 1 : i], tangents[i : i + 1])[0]
    nearest = np.minimum(np.floor(place + 0.5).astype(int), n - 1)
    return sweep(Path(curve(place), tangents, side, stretch.trace[nearest]), TUBE, _TUBE_RADIUS, _TUBE_RADIUS)


def _rungs(model: AtomicModel, residues: NDArray[np.int32]) -> Mesh:
    """Sticks from C4' over C1' to the base."""
    sugar, anomeric = find_atoms(model, "C4'")[residues], find_atoms(model, "C1'")[residues]
    purine, pyrimidine = find_atoms(model, "N9")[residues], find_atoms(model, "N1")[residues]
    base = np.where(purine >= 0, purine, pyrimidine)
    pairs = np.concatenate([np.stack([sugar, anomeric], 1), np.stack([anomeric, base], 1)])
    return sticks(model.coordinates, pairs[(pairs >= 0).all(axis=1)], _RUNG_RADIUS)


def _plates(model: AtomicModel, residues: NDArray[np.int32]) -> list[Mesh]:
    meshes = []
    for names in (_PYRIMIDINE, _IMIDAZOLE):
        rings = np.stack([find_atoms(model, name)[residues] for name in names], axis=1)
        meshes += [_plate(model.coordinates[ring], ring) for ring in rings if (ring >= 0).all()]
    return meshes


def _plate(ring: NDArray[np.float64], atoms: NDArray[np.int64]) -> Mesh:
    """A ring (k, 3) as a plate with sharp edges."""
    k = len(ring)
    normal = np.linalg.svd(ring - ring.mean(axis=0))[2][2]
    if np.cross(ring[1] - ring[0], ring[2] - ring[1]) @ normal < 0:
        normal = -normal
    top, bottom = ring + normal * _PLATE_HALF_HEIGHT, ring - normal * _PLATE_HALF_HEIGHT
    fan = np.stack([np.zeros(k - 2, int), np.arange(1, k - 1), np.arange(2, k)], axis=1)
    after = np.roll(np.arange(k), -1)
    outward = np.cross(ring[after] - ring, normal)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    wall = np.stack([bottom, bottom[after], top[after], top], axis=1)
    corner = np.arange(k)[:, None] * 4
    wall_faces = np.concatenate([corner + np.array([0, 1, 2]), corner + np.array([0, 2, 3])])
    wall_atoms = np.stack([atoms, atoms[after], atoms[after], atoms], axis=1)
    return join(
        [
            Mesh.of(top, np.tile(normal, (k, 1)), fan, atoms),
            Mesh.of(bottom, np.tile(-normal, (k, 1)), fan[:, ::-1], atoms),
            Mesh.of(wall, np.repeat(outward[:, None], 4, axis=1), wall_faces, wall_atoms),
        ]
    )
