"""Where the spheres go when both views share one scene."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkCamera

_ROOM = 1.05


def beside(camera: vtkCamera, box: NDArray[np.float64]) -> NDArray[np.float64]:
    """A shift (3,) by the width of a box (3,) in Å, along whichever of the map's axes points most to the right as seen now."""
    forward = np.array(camera.GetDirectionOfProjection())
    right = np.cross(forward, np.array(camera.GetViewUp()))
    axis = int(np.argmax(np.abs(right)))
    shift = np.zeros(3)
    shift[axis] = _ROOM * box[axis] * (1 if right[axis] >= 0 else -1)
    return shift
