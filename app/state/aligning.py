"""Maps that were laid onto a map, to be looked at before anything is kept of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.density_map import DensityMap
from difffit_core.placement import Placement

if TYPE_CHECKING:  # they bring scipy and numba, which the window does not need to come up
    from difffit_core.align.recipe import AlignRecipe
    from difffit_core.align.request import AlignRequest, AlignResult


@dataclass(frozen=True, eq=False)
class Aligned:
    """One map laid onto another.

    Attributes
    ----------
    recipe : of the two maps by their files, with the levels that were taken
    fixed, moving : ids of the maps
    request, result : as the core has them
    command : the command line that repeats it
    lines : what there is to tell, a sentence each
    """

    recipe: "AlignRecipe"
    fixed: str
    moving: str
    request: "AlignRequest"
    result: "AlignResult"
    command: str
    lines: tuple[str, ...]

    def matrix(self, placement: Placement) -> NDArray[np.float64]:
        """The move (4, 4) of the moving map as it was opened: mirrored first, in its box, where it is of the other hand."""
        found = np.eye(4)
        found[:3, :3], found[:3, 3] = placement.pose.rotation, placement.pose.translation
        if self.result.hand == "mirrored":
            density = self.request.moving
            mirror = np.eye(4)
            mirror[0, 0], mirror[0, 3] = -1, 2 * density.origin[0] + (density.shape_xyz[0] - 1) * density.voxel_size[0]
            found = found @ mirror
        return found


@dataclass(frozen=True, eq=False)
class MapMove:
    """A map that is drawn elsewhere than it stands: ``matrix`` (4, 4) in Å."""

    map: str
    matrix: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Difference:
    """Where two maps differ: density that only the fixed one has, above ``level``, and that only the moving one has, below minus that."""

    density: DensityMap
    level: float
