"""Surfaces that bring along what is drawn in their place while things move, where that is at hand anyhow."""

from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkPolyData


def bring_along(surface: vtkPolyData, stand_in: vtkPolyData) -> vtkPolyData:
    """The surface, which has that drawn in its place from now on; copies of it do, too."""
    surface.GetInformation().Set(vtkDataObject.DATA_OBJECT(), stand_in)
    return surface


def stand_in_of(surface: vtkPolyData) -> vtkPolyData | None:
    """What is to be drawn in place of a surface; None if it brings nothing."""
    found = surface.GetInformation().Get(vtkDataObject.DATA_OBJECT())
    return found if isinstance(found, vtkPolyData) else None


def for_a_moment(surface: vtkPolyData) -> vtkPolyData:
    """The surface, in whose place nothing is to be drawn: another is shown before that would be made, or it is a plain one itself."""
    surface.GetInformation().Set(vtkDataObject.DATA_OBJECT(), vtkDataObject())
    return surface


def is_for_a_moment(surface: vtkPolyData) -> bool:
    """Whether it was given to `for_a_moment`."""
    found = surface.GetInformation().Get(vtkDataObject.DATA_OBJECT())
    return found is not None and not isinstance(found, vtkPolyData)
