"""Where a map's header puts its voxels, and what had to be decided on the way (method.md, section 1).

Voxel size is cell / sampling (not cell / size: real files differ in the two). Position is the header's origin in Å or, where that is all
zero, nstart x voxel size. Words that cannot be right are taken as ChimeraX takes them where it makes sense of them, so that a map lies in
both programs at one place.
"""

from dataclasses import dataclass

import numpy as np

from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.grid_rotation import turn_of
from difffit_core.io.map_header import MapHeader, Triple
from difffit_core.io.map_note import MapNote

SMALLEST_VOXEL, LARGEST_VOXEL = 0.01, 1000.0
FARTHEST_ORIGIN = 5e5
_FARTHEST_START = 10
"""Box or cell lengths beyond which nstart is a placeholder; ChimeraX draws the line there too."""
_NEAREST_ORIGIN = 1e-3
"""Å below which an origin is none: whole numbers read as floats lie there."""
_ANGLE_TOLERANCE = 0.01
_SAME_VOXEL = 0.01


@dataclass(frozen=True, eq=False)
class MapGeometry:
    """Grid of a map as stored.

    Attributes
    ----------
    axes : which of x (1), y (2), z (3) runs along columns, rows, sections
    step : (3,) in Å along the cell's own axes: the voxel size where these are orthogonal
    angles : (3,) cell angles in degrees
    origin : (3,) (x, y, z) in Å of the centre of the first voxel
    rotation : (3, 3) by which the grid's frame is turned about ``origin``; the identity for nearly all maps
    covers_cell : whether the box holds the whole cell, so that it repeats beyond its faces
    notes : what had to be decided
    """

    axes: Triple
    step: Array
    angles: Array
    origin: Array
    rotation: Array
    covers_cell: bool
    notes: tuple[MapNote, ...]

    @property
    def is_orthogonal(self) -> bool:
        """Whether the three axes are at right angles."""
        return bool(np.all(np.abs(self.angles - 90) < _ANGLE_TOLERANCE))

    @property
    def is_upright(self) -> bool:
        """Whether the three axes are x, y and z."""
        return self.is_orthogonal and bool(np.array_equal(self.rotation, np.eye(3)))


def place(header: MapHeader) -> MapGeometry:
    """Decide voxel size, origin and axes.

    Raises
    ------
    FileFormatError
        If the voxel size is beyond 0.01 to 1000 Å.
    """
    notes: list[MapNote] = []
    if header.is_old:
        notes.append(MapNote("old file", _old(header)))
    if header.other_sign:
        sign = "without a sign" if header.mode == 1 else "with a sign"
        sentence = f"The header's extremes ({header.minimum:g} to {header.maximum:g}) say that mode {header.mode} is numbers {sign} here."
        notes.append(MapNote("values", sentence))
    axes = _axes(header, notes)
    step, angles = _step(header, notes), _angles(header, notes)
    origin = _origin(header, step, angles, notes)
    covers = all(0 < m <= n for n, m in zip(header.shape_xyz, header.sampling, strict=True))
    if not header.stamp_agrees and not header.is_old:
        order = "little" if header.byte_order == "<" else "big"
        stamp = header.machine_stamp.hex(" ")
        sentence = f"The machine stamp {stamp} does not name the byte order in which the header makes sense; read as {order}-endian."
        notes.append(MapNote("machine stamp", sentence))
    turn = turn_of(header, notes)
    rotation = np.eye(3)
    if turn is not None:
        rotation, origin = turn.rotation, turn.moved(origin)
    geometry = MapGeometry(axes, step, angles, origin, rotation, covers, ())
    if not geometry.is_orthogonal:
        given = ", ".join(f"{angle:g}" for angle in angles)
        notes.append(MapNote("cell angles", f"The cell angles are {given}°; resampled to an orthogonal grid.", "note"))
    return MapGeometry(axes, step, angles, origin, rotation, covers, tuple(notes))


def _old(header: MapHeader) -> str:
    sentence = "The word MAP is missing, as in files from before 2000, whose header has no origin in Å; the position is taken from nstart"
    given = _numbers(header.origin)
    plausible = all(abs(x) <= FARTHEST_ORIGIN for x in header.origin) and any(abs(x) > _NEAREST_ORIGIN for x in header.origin)
    return f"{sentence}{f' (where newer files have the origin stands {given})' if plausible else ''}."


def _axes(header: MapHeader, notes: list[MapNote]) -> Triple:
    if not header.axes_known:
        given = "no axis order" if header.axes == (0, 0, 0) else f"an impossible axis order ({', '.join(map(str, header.axes))})"
        notes.append(MapNote("axis order", f"The header gives {given}; took columns, rows, sections as x, y, z."))
        return 1, 2, 3
    if header.axes != (1, 2, 3):
        names = "".join(" xyz"[axis] for axis in header.axes)
        sentence = f"Columns, rows and sections run along {names[0]}, {names[1]}, {names[2]}; turned to x, y, z."
        notes.append(MapNote("axis order", sentence))
    return header.axes


def _step(header: MapHeader, notes: list[MapNote]) -> Array:
    cell, sampling = np.array(header.cell), np.array(header.sampling)
    given = _numbers(header.cell)
    if (sampling <= 0).any():
        sentence = f"The header gives no sampling (mx, my, mz = {', '.join(map(str, header.sampling))}); took the cell to be the box."
        notes.append(MapNote("cell", sentence))
        sampling = np.array(header.shape_xyz)
    if np.isfinite(cell).all() and (cell != 0).all() and (cell < 0).any():
        notes.append(MapNote("cell", f"The header gives a cell with negative lengths ({given} Å); took them as positive."))
        cell = np.abs(cell)
    with np.errstate(invalid="ignore"):
        step = cell / sampling
    good = np.isfinite(cell) & (cell > 0) & (step >= SMALLEST_VOXEL) & (step <= LARGEST_VOXEL)
    if not (np.isfinite(cell) & (cell > 0)).all():
        if good.any() and np.ptp(step[good]) <= _SAME_VOXEL * step[good].max():
            side = float(step[good].mean())
            sentence = f"The header gives only a part of the cell ({given} Å); took cubic voxels of {side:.4g} Å after what it gives."
            notes.append(MapNote("cell", sentence))
            return np.full(3, side)
        images = " With space group 0 it may be a stack of images, too." if header.space_group == 0 else ""
        sentence = f"The header gives no cell ({given} Å); took voxels of 1 Å, which only the map's author can confirm.{images}"
        notes.append(MapNote("cell", sentence))
        return np.ones(3)
    if not good.all():
        got = ", ".join(f"{length:.4g}" for length in step)
        raise FileFormatError(f"{header.path}: voxel size (cell / sampling) must be {SMALLEST_VOXEL:g} to {LARGEST_VOXEL:g} Å, got {got} Å")
    return np.asarray(step, np.float64)


def _angles(header: MapHeader, notes: list[MapNote]) -> Array:
    angles = np.array(header.angles)
    if not angles.any():
        notes.append(MapNote("cell angles", "The header gives no cell angles; took 90°."))
        return np.full(3, 90.0)
    possible = np.isfinite(angles).all() and (angles > 20).all() and (angles < 160).all()
    if possible:
        cosines = np.cos(np.radians(angles))
        possible = 1 + 2 * np.prod(cosines) - np.sum(cosines**2) > 0.01
    if not possible:
        got = ", ".join(f"{angle:.4g}" for angle in header.angles)
        notes.append(MapNote("cell angles", f"The header gives cell angles of no cell that has a volume ({got}); took 90°."))
        return np.full(3, 90.0)
    return angles


def _origin(header: MapHeader, step: Array, angles: Array, notes: list[MapNote]) -> Array:
    start = _start(header, notes)
    from_start = orthogonalisation(step, angles) @ start
    origin = np.zeros(3) if header.is_old else np.array(header.origin)
    if not (np.abs(origin) <= FARTHEST_ORIGIN).all():
        sentence = f"The header's origin ({', '.join(f'{x:.4g}' for x in header.origin)}) cannot be a position; took nstart instead."
        notes.append(MapNote("origin", sentence))
        origin = np.zeros(3)
    if (np.abs(origin) > _NEAREST_ORIGIN).any():
        apart = bool(start.any()) and np.abs(origin - from_start).max() > 0.5 * step.max()
        if apart and not header.has_map_word:
            sentence = (
                f"The word MAP is missing, and nstart ({_triple(from_start)} Å) is not where the header's origin ({_triple(origin)} Å) is; "
                "took nstart, as in files from before 2000."
            )
            notes.append(MapNote("origin", sentence))
            return from_start
        if apart:
            sentence = f"The header's origin ({_triple(origin)} Å) and nstart ({_triple(from_start)} Å) disagree; took the origin."
            notes.append(MapNote("origin", sentence))
        return origin
    return from_start


def _start(header: MapHeader, notes: list[MapNote]) -> Array:
    """nstart (x, y, z) in voxels, or 0 where it holds what no map has there."""
    start = np.array(header.start_xyz, np.float64)
    reach = _FARTHEST_START * max(*header.shape, *header.sampling)
    if (np.abs(start) > reach).any():
        sentence = f"The header's nstart ({', '.join(map(str, header.start))}) lies far beyond the box and cannot be a position; left out."
        notes.append(MapNote("nstart", sentence))
        return np.zeros(3)
    return start


def _triple(values: Array) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def orthogonalisation(step: Array, angles: Array) -> Array:
    """Matrix (3, 3) taking voxel indices (x, y, z) to Å, for steps (3,) in Å along axes at ``angles`` (3,) in degrees (PDB convention)."""
    import gemmi

    return np.array(gemmi.UnitCell(*step, *angles).orth.mat.tolist(), np.float64)
