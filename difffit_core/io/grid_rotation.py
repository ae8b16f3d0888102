"""Grids that are turned in space: Chimera keeps a rotation in a label, CCP4 a skew transformation in the header."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array
from difffit_core.io.map_header import MapHeader
from difffit_core.io.map_note import MapNote

_NO_TURN = 1e-6
_ORTHOGONAL = 1e-3


@dataclass(frozen=True, eq=False)
class Turn:
    """The grid's frame is turned by ``rotation`` (3, 3), about its own first voxel unless ``shift`` (3,) is given.

    With a shift, all of space is moved with it: x' = rotation · x + shift, the first voxel too.
    """

    rotation: Array
    shift: Array | None = None

    def moved(self, origin: Array) -> Array:
        """Where the first voxel of a grid at ``origin`` comes to lie."""
        return origin if self.shift is None else self.rotation @ origin + self.shift


def turn_of(header: MapHeader, notes: list[MapNote]) -> Turn | None:
    """How the grid is turned, and what to say of it; None where it is not.

    Chimera's label ``Chimera rotation: x y z angle`` turns by an angle in degrees about an axis through the first voxel. CCP4's skew
    transformation takes atoms into the frame of the map, x(map) = S (x(atoms) - t); where S is no rotation, other programs keep
    other things in those words.
    """
    if header.rotation_label is not None:
        return _chimera(header.rotation_label, notes)
    if header.skew is not None:
        return _skew(np.array(header.skew), notes)
    return None


def _chimera(label: str, notes: list[MapNote]) -> Turn | None:
    try:
        *axis, angle = (float(word) for word in label.split()[2:])
        length = float(np.linalg.norm(axis))
        usable = len(axis) == 3 and np.isfinite([length, angle]).all() and length > 1e-6
    except ValueError:
        usable = False
    if not usable:
        notes.append(MapNote("rotation", f"The label '{label}' names no rotation that can be read; the grid is taken as upright."))
        return None
    matrix = Rotation.from_rotvec(np.radians(angle) * np.array(axis) / length).as_matrix()
    if np.abs(matrix - np.eye(3)).max() < _NO_TURN:
        return None
    notes.append(
        MapNote("rotation", f"The grid is turned by {angle:.4g}° about its first voxel, as a label of Chimera says; resampled upright.")
    )
    return Turn(matrix)


def _skew(skew: Array, notes: list[MapNote]) -> Turn | None:
    matrix, shift = skew[:, :3], skew[:, 3]
    good = np.isfinite(skew).all() and np.abs(shift).max() < 1e6 and np.abs(matrix).max() < 2
    if not (good and np.abs(matrix @ matrix.T - np.eye(3)).max() < _ORTHOGONAL and np.linalg.det(matrix) > 0):
        if good and matrix.any():
            notes.append(
                MapNote("skew", "The words of CCP4's skew transformation hold no rotation; they are ignored, as most programs do.", "note")
            )
        return None
    u, _, vt = np.linalg.svd(matrix.T)
    rotation = u @ vt
    still = np.abs(rotation - np.eye(3)).max() < _NO_TURN
    if still and not shift.any():
        return None
    angle = np.degrees(Rotation.from_matrix(rotation).magnitude())
    how = "" if still else f" turns it by {angle:.4g}° and"
    sentence = (
        f"The map has a skew transformation (CCP4), which{how} moves it by {', '.join(f'{x:.2f}' for x in shift)} Å; "
        "it is applied, while most viewers ignore it."
    )
    notes.append(MapNote("skew", sentence))
    return Turn(np.eye(3) if still else rotation, shift)
