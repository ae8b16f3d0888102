"""Points with radii, which are drawn as spheres; and fewer of them, for frames that must come quickly."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

_EVERY, _SWOLLEN = 4, 1.5
"""Every so many are left, so much larger."""


def thinned(spheres: vtkPolyData) -> vtkPolyData:
    """Some of the points, each with its colour and a larger ``radius``."""
    points = vtk_to_numpy(spheres.GetPoints().GetData())[::_EVERY]
    radii = vtk_to_numpy(spheres.GetPointData().GetArray("radius"))[::_EVERY]
    made = as_spheres(points, _SWOLLEN * radii)
    colours = spheres.GetPointData().GetScalars()
    if colours is not None:
        made.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(vtk_to_numpy(colours)[::_EVERY]), deep=True))
    return made


def as_spheres(centres: np.ndarray, radii: np.ndarray) -> vtkPolyData:
    """Points (n, 3) in Å, each with its ``radius`` (n,) in Å."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(centres), deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    cells, count = vtkCellArray(), len(centres)
    cells.SetData(
        numpy_to_vtkIdTypeArray(np.arange(count + 1, dtype=np.int64), deep=True),
        numpy_to_vtkIdTypeArray(np.arange(count, dtype=np.int64), deep=True),
    )
    data.SetVerts(cells)
    column = numpy_to_vtk(np.ascontiguousarray(radii), deep=True)
    column.SetName("radius")
    data.GetPointData().AddArray(column)
    return data
