"""Cartoons of proteins: bands for helices, arrows for strands, tubes between, by a spline through the CA atoms."""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from difffit_app.geometry.mesh import Mesh, join
from difffit_app.geometry.polymer import Stretch
from difffit_app.geometry.secondary_structure import Structure, runs
from difffit_app.geometry.sweep import BAND, BOX, TUBE, Path, perpendicular, sweep
from difffit_core.atomic_model import AtomicModel

Array = NDArray[np.float64]

POINTS_PER_RESIDUE = 8
COIL_RADIUS = 0.32
HELIX = (1.45, 0.26)
STRAND = (1.15, 0.26)
ARROW_WIDTH = 2.0
ARROW_RESIDUES = 1.4


def protein_cartoon(model: AtomicModel, stretch: Stretch, structure: NDArray[np.int8]) -> Mesh:
    """The cartoon of one stretch; ``structure`` (n,) holds a `Structure` for each of its residues."""
    path = _path(model, stretch, structure)
    return join(_section(path, kind, first, last, len(stretch.trace)) for kind, first, last in runs(structure))


def _path(model: AtomicModel, stretch: Stretch, structure: NDArray[np.int8]) -> Path:
    trace = model.coordinates[stretch.trace].copy()
    n = len(trace)
    strand = structure == Structure.STRAND
    smooth = trace.copy()
    smooth[1:-1] = (trace[:-2] + 2 * trace[1:-1] + trace[2:]) / 4
    trace[strand] = smooth[strand]

    where, place = np.arange(n), np.linspace(0, n - 1, (n - 1) * POINTS_PER_RESIDUE + 1)
    curve = CubicSpline(where, trace) if n > 2 else _line(trace)
    points, tangents = curve(place), curve(place, 1)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-9)

    sides = _sides(model, stretch, trace)
    sides = CubicSpline(where, sides)(place) if n > 2 else np.repeat(sides[:1], len(place), axis=0)
    nearest = np.minimum(np.floor(place + 0.5).astype(int), n - 1)
    return Path(points, tangents, perpendicular(sides, tangents), stretch.trace[nearest])


def _line(trace: Array) -> CubicSpline:
    middle = trace.mean(axis=0)
    return CubicSpline([0, 0.5, 1], np.array([trace[0], middle, trace[1]]))


def _sides(model: AtomicModel, stretch: Stretch, trace: Array) -> Array:
    """Direction (n, 3) in which the band is wide: that of the carbonyls, turned alike along the chain and smoothed."""
    n = len(trace)
    tangents = np.gradient(trace, axis=0)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-9)
    if stretch.complete and stretch.backbone is not None:
        wide = model.coordinates[stretch.backbone[:, 3]] - model.coordinates[stretch.backbone[:, 2]]
    else:
        wide = np.gradient(tangents, axis=0)
        wide = np.cross(tangents, wide)
    wide = perpendicular(wide, tangents)
    turn = np.sign(np.einsum("ij,ij->i", wide[1:], wide[:-1]))
    wide[1:] *= np.cumprod(np.where(turn == 0, 1, turn))[:, None]
    smooth = wide.copy()
    if n > 2:
        smooth[1:-1] = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    return perpendicular(smooth, tangents)


def _section(path: Path, kind: int, first: int, last: int, count: int) -> Mesh:
    """A run of one kind, from halfway to the residue before to halfway to the one after."""
    half = POINTS_PER_RESIDUE // 2
    low = max(0, first * POINTS_PER_RESIDUE - half)
    high = min((count - 1) * POINTS_PER_RESIDUE, last * POINTS_PER_RESIDUE + half)
    if high <= low:
        return Mesh.empty()
    whole = np.arange(low, high + 1)
    if kind == Structure.HELIX:
        return sweep(path.part(whole), BAND, *HELIX)
    if kind == Structure.COIL:
        return sweep(path.part(whole), TUBE, COIL_RADIUS, COIL_RADIUS)
    neck = max(low, high - round(ARROW_RESIDUES * POINTS_PER_RESIDUE))
    head = np.arange(neck, high + 1)
    arrow = sweep(path.part(head), BOX, np.linspace(ARROW_WIDTH, COIL_RADIUS, len(head)), STRAND[1])
    return join([sweep(path.part(np.arange(low, neck + 1)), BOX, *STRAND), arrow]) if neck > low else arrow
