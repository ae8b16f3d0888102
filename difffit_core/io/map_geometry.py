"""Where a map's header puts its voxels, and what had to be decided on the way (method.md, section 1).

Voxel size is cell / sampling (not cell / size: real files differ in the two). Position is the header's origin in Å or, where that is all
zero, nstart x voxel size.
"""

from dataclasses import dataclass

import numpy as np

from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.map_header import MapHeader, Triple

SMALLEST_VOXEL, LARGEST_VOXEL = 0.01, 1000.0
FARTHEST_ORIGIN = 1e6
_ANGLE_TOLERANCE = 0.01


@dataclass(frozen=True, eq=False)
class MapGeometry:
    """Grid of a map as stored.

    Attributes
    ----------
    axes : which of x (1), y (2), z (3) runs along columns, rows, sections
    step : (3,) in Å along the cell's own axes: the voxel size where these are orthogonal
    angles : (3,) cell angles in degrees
    origin : (3,) (x, y, z) in Å of the centre of the first voxel
    covers_cell : whether the box holds the whole cell, so that it repeats beyond its faces
    notes : what had to be decided, one sentence each
    """

    axes: Triple
    step: Array
    angles: Array
    origin: Array
    covers_cell: bool
    notes: tuple[str, ...]

    @property
    def orthogonal(self) -> bool:
        """Whether the three axes are at right angles."""
        return bool(np.all(np.abs(self.angles - 90) < _ANGLE_TOLERANCE))


def place(header: MapHeader) -> MapGeometry:
    """Decide voxel size, origin and axes.

    Raises
    ------
    FileFormatError
        If the axes are no permutation, the cell angles are impossible, or the voxel size is beyond 0.01 to 1000 Å.
    """
    notes: list[str] = []
    axes = _axes(header, notes)
    step, angles = _step(header, notes), _angles(header, notes)
    origin = _origin(header, step, angles, notes)
    covers = all(0 < m <= n for n, m in zip(header.shape_xyz, header.sampling, strict=True))
    if not header.stamp_agrees:
        order = "little" if header.byte_order == "<" else "big"
        stamp = header.machine_stamp.hex(" ")
        notes.append(f"The machine stamp {stamp} does not name the byte order in which the header makes sense; read as {order}-endian.")
    if header.unsigned_bytes:
        notes.append("Mode 0 holds values above 127 by its own statistics; read as unsigned bytes.")
    return MapGeometry(axes, step, angles, origin, covers, tuple(notes))


def _axes(header: MapHeader, notes: list[str]) -> Triple:
    if header.axes == (0, 0, 0):
        notes.append("The header gives no axis order; took columns, rows, sections as x, y, z.")
        return 1, 2, 3
    if sorted(header.axes) != [1, 2, 3]:
        raise FileFormatError(
            f"{header.path}: axis order (mapc, mapr, maps) must be a permutation of 1, 2, 3, got {', '.join(map(str, header.axes))}"
        )
    if header.axes != (1, 2, 3):
        names = "".join(" xyz"[axis] for axis in header.axes)
        notes.append(f"Columns, rows and sections run along {names[0]}, {names[1]}, {names[2]}; turned to x, y, z.")
    return header.axes


def _step(header: MapHeader, notes: list[str]) -> Array:
    cell = np.array(header.cell)
    if not (np.isfinite(cell).all() and (cell > 0).all()):
        given = ", ".join(f"{length:g}" for length in header.cell)
        notes.append(f"The header gives no cell ({given} Å); took voxels of 1 Å, which only the map's author can confirm.")
        return np.ones(3)
    sampling = np.array(header.sampling)
    if (sampling <= 0).any():
        notes.append(f"The header gives no sampling (mx, my, mz = {', '.join(map(str, header.sampling))}); took the cell to be the box.")
        sampling = np.array(header.shape_xyz)
    step = cell / sampling
    if (step < SMALLEST_VOXEL).any() or (step > LARGEST_VOXEL).any():
        got = ", ".join(f"{length:.4g}" for length in step)
        raise FileFormatError(f"{header.path}: voxel size (cell / sampling) must be {SMALLEST_VOXEL:g} to {LARGEST_VOXEL:g} Å, got {got} Å")
    return np.asarray(step, np.float64)


def _angles(header: MapHeader, notes: list[str]) -> Array:
    angles = np.array(header.angles)
    if not angles.any():
        notes.append("The header gives no cell angles; took 90°.")
        return np.full(3, 90.0)
    possible = np.isfinite(angles).all() and (angles > 20).all() and (angles < 160).all()
    if possible:
        cosines = np.cos(np.radians(angles))
        possible = 1 + 2 * np.prod(cosines) - np.sum(cosines**2) > 0.01
    if not possible:
        got = ", ".join(f"{angle:.4g}" for angle in header.angles)
        raise FileFormatError(f"{header.path}: cell angles must be those of a cell with a volume, each 20° to 160°, got {got}")
    return angles


def _origin(header: MapHeader, step: Array, angles: Array, notes: list[str]) -> Array:
    origin, start = np.array(header.origin), np.array(header.start_xyz, np.float64)
    from_start = orthogonalisation(step, angles) @ start
    if not np.isfinite(origin).all() or (np.abs(origin) > FARTHEST_ORIGIN).any():
        notes.append(f"The header's origin ({', '.join(f'{x:.4g}' for x in header.origin)}) cannot be a position; took nstart instead.")
        origin = np.zeros(3)
    if origin.any():
        if start.any() and np.abs(origin - from_start).max() > 0.5 * step.max():
            notes.append(f"The header's origin ({_triple(origin)} Å) and nstart ({_triple(from_start)} Å) disagree; took the origin.")
        return origin
    if (np.abs(from_start) > FARTHEST_ORIGIN).any():
        notes.append(f"The header's nstart ({', '.join(map(str, header.start))}) cannot be a position; took 0, 0, 0.")
        return np.zeros(3)
    return from_start


def _triple(values: Array) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


def orthogonalisation(step: Array, angles: Array) -> Array:
    """Matrix (3, 3) taking voxel indices (x, y, z) to Å, for steps (3,) in Å along axes at ``angles`` (3,) in degrees (PDB convention)."""
    import gemmi

    return np.array(gemmi.UnitCell(*step, *angles).orth.mat.tolist(), np.float64)
