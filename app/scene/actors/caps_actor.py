"""Caps that close a map's surface where planes, or the ends of its box, cut it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.cap import cap
from difffit_app.scene.single_layer import depth_twin, follow
from difffit_app.state.depth import Triple
from difffit_core.density_map import DensityMap

Array = NDArray[np.float64]
Plane = tuple[Triple, Triple]
"""A point in Å, and a unit normal that points to what is left."""
_Made = tuple[Array, NDArray[np.int64], Array]
"""Points, triangles, and the normal with which they face what was cut off."""

_INSIDE = 0.03
"""Å from the plane, so that it is not cut off itself."""
_MOST_MOVING, _MOST = 96, 400
"""Samples along each side of a cap, while things move and at rest."""


class CapsActor:
    """``actor`` draws the caps of one map, ``front`` their depth, before what they hide. What was made is kept while it is seen."""

    def __init__(self) -> None:
        self.actor, self.front = vtkActor(), depth_twin()
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(vtkPolyData())
        mapper.ScalarVisibilityOff()
        self.actor.SetMapper(mapper)
        self.actor.PickableOff()
        self.actor.SetVisibility(False)
        look = self.actor.GetProperty()
        look.SetAmbient(0.3)
        look.SetDiffuse(0.7)
        self._density: DensityMap | None = None
        self._ends: tuple[tuple[Plane, float], ...] = ()
        self._level = np.nan
        self._made: dict[Plane, tuple[bool, _Made | None]] = {}
        self._drawn: list[Plane] = []

    def show(self, density: DensityMap | None, level: float, planes: Sequence[Plane], sight: Array, moving: bool) -> None:
        """Close the surface of a map, if any, where planes cut it and are seen along a direction (3,); in haste while things move."""
        if density is None:
            self.actor.SetVisibility(False)
        else:
            if density is not self._density:
                self._density, self._ends, self._made = density, ends_of(density), {}
            if level != self._level:
                self._level, self._made = level, {}
            every = (*planes, *(plane for plane, most in self._ends if most >= level))
            seen = [plane for plane in every if np.dot(plane[1], sight) > 0]
            before = self._made
            self._made = {plane: self._cap(density, plane, moving, before.get(plane)) for plane in seen}
            if any(self._made[plane] is not before.get(plane) for plane in seen) or seen != self._drawn:
                self._drawn = seen
                self._draw([made for _, made in self._made.values() if made is not None])
            self.actor.SetVisibility(self.actor.GetMapper().GetInput().GetNumberOfPolys() > 0)
        follow(self.front, self.actor)

    def _cap(self, density: DensityMap, plane: Plane, moving: bool, before: tuple[bool, _Made | None] | None) -> tuple[bool, _Made | None]:
        """Whether it was made in haste, and the cap; the one from before where that will do."""
        if before is not None and (moving or not before[0]):
            return before
        normal = np.array(plane[1])
        made = cap(density, self._level, np.array(plane[0]) + _INSIDE * normal, normal, _MOST_MOVING if moving else _MOST)
        return moving, None if made is None or not len(made[1]) else (*made, -normal)

    def _draw(self, made: Sequence[_Made]) -> None:
        data, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
        count, places, triangles, normals = 0, [np.zeros((0, 3))], [np.zeros((0, 3), np.int64)], [np.zeros((0, 3))]
        for some, corners, normal in made:
            places.append(some)
            triangles.append(corners + count)
            normals.append(np.broadcast_to(normal, some.shape))
            count += len(some)
        points.SetData(numpy_to_vtk(np.concatenate(places).astype(np.float32), deep=True))
        every = np.concatenate(triangles)
        offsets = numpy_to_vtkIdTypeArray(np.arange(0, 3 * len(every) + 1, 3), deep=True)
        cells.SetData(offsets, numpy_to_vtkIdTypeArray(np.ascontiguousarray(every.ravel()), deep=True))
        data.SetPoints(points)
        data.SetPolys(cells)
        data.GetPointData().SetNormals(numpy_to_vtk(np.concatenate(normals).astype(np.float32), deep=True))
        self.actor.GetMapper().SetInputData(data)


def ends_of(density: DensityMap) -> tuple[tuple[Plane, float], ...]:
    """The six ends of a map's box as planes, each with the greatest value that the map has there."""
    low, high = density.origin, density.origin + (density.shape_xyz - 1) * density.voxel_size
    found: list[tuple[Plane, float]] = []
    for axis in range(3):
        for point, side, at in ((low, 1.0, 0), (high, -1.0, -1)):
            normal = [0.0, 0.0, 0.0]
            normal[axis] = side
            x, y, z = point.tolist()
            found.append((((x, y, z), (normal[0], normal[1], normal[2])), float(density.values.take(at, axis=2 - axis).max())))
    return tuple(found)
