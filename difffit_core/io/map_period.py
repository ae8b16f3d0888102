"""Whether a map is the whole cell of a crystal, so that its density goes on across the faces of the box.

The header does not tell: single particles bear space group 1, or any, and a cell that is the box. The density does. A particle ends inside
its box, and where it is cut it ends at the face; a crystal's density is strong at the faces, and the first plane follows the last one as
well as any plane follows another.
"""

import numpy as np
from numpy.typing import NDArray

from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.io.map_geometry import MapGeometry, orthogonalisation
from difffit_core.io.map_header import MapHeader
from difffit_core.io.map_note import MapNote
from difffit_core.io.map_sign import inverted
from difffit_core.lattice import Lattice

_FEWEST_PLANES = 8
_LEAST = 0.4
_AS_WELL = 0.9
_LOOKED_AT = 200_000
_SHARE = 0.2
"""Of the share of voxels above the level in the whole box; faces with less hold no density worth the name."""


def lattice_of(header: MapHeader, geometry: MapGeometry, values: NDArray[np.float32], origin: NDArray[np.float64]) -> Lattice | None:
    """The lattice on which a map repeats, from its ``values`` [z, y, x] as stored; None where it does not.

    ``origin`` (3,) in Å is that of the stored grid.
    """
    sampling = np.array(header.sampling)
    if not geometry.covers_cell or not np.array_equal(geometry.rotation, np.eye(3)) or sampling.min() < _FEWEST_PLANES:
        return None
    cell = values[: sampling[2], : sampling[1], : sampling[0]]
    faces = [_follows(cell, axis) for axis in range(3)]
    if max(faces) < _LEAST:
        return None
    every = int(np.ceil((cell.size / _LOOKED_AT) ** (1 / 3)))
    part = np.ascontiguousarray(cell[::every, ::every, ::every])
    if part.min() == part.max() or inverted(part):  # solvent of an inverted map goes on across every face
        return None
    level = suggest_level(DensityMap(part, np.ones(3), np.zeros(3))).level
    whole = np.count_nonzero(part >= level) / part.size
    dense = [min(float(np.mean(np.take(cell, end, axis) >= level)) for end in (0, -1)) for axis in range(3)]
    strong = [axis for axis in range(3) if dense[axis] > _SHARE * whole]
    if not strong or min(faces[axis] for axis in strong) < _LEAST:
        return None
    return Lattice((orthogonalisation(geometry.step, geometry.angles) * sampling).T, origin)


def note_of(lattice: Lattice) -> MapNote:
    """What to say of a map that repeats."""
    lengths = ", ".join(f"{length:.1f}" for length in np.linalg.norm(lattice.vectors, axis=1))
    return MapNote(
        "crystal",
        f"The box holds the whole cell of a crystal ({lengths} Å), whose density goes on across its faces: a fit and a screen "
        "look across them, a composite does not.",
        "note",
    )


def _follows(cell: NDArray[np.float32], axis: int) -> float:
    """Correlation of the last plane across an axis with the first, where it is nearly that of planes side by side; else 0."""
    planes = [np.take(cell, index, axis=axis).ravel().astype(np.float64) for index in (0, 1, -2, -1)]
    if min(float(plane.std()) for plane in planes) == 0:
        return 0.0
    across = float(np.corrcoef(planes[0], planes[3])[0, 1])
    within = min(float(np.corrcoef(planes[0], planes[1])[0, 1]), float(np.corrcoef(planes[2], planes[3])[0, 1]))
    return across if across > _AS_WELL * within else 0.0
