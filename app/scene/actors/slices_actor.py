"""Slices through a map: its values in grey, and a line where they have the contour level."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkMarchingSquares
from vtkmodules.vtkRenderingCore import vtkActor, vtkImageSlice, vtkImageSliceMapper, vtkPolyDataMapper, vtkProp3D

from difffit_app.geometry.colours import rgb
from difffit_app.geometry.pick import slice_numbers
from difffit_app.scene.lines import LinesActor
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

AXES = "xyz"
_LINE_WIDTH = 2.0


class SlicesActor:
    """One slice along each axis, black to white between two values; which of them are seen is a matter of the style."""

    def __init__(self, density: DensityMap, image: vtkImageData, shades: tuple[float, float]) -> None:
        self._density = density
        self._mappers = [vtkImageSliceMapper() for _ in AXES]
        self._lines = [vtkMarchingSquares() for _ in AXES]
        self.slices: list[vtkImageSlice] = []
        self.outlines: list[vtkActor] = []
        low, high = shades
        for axis, (mapper, lines) in enumerate(zip(self._mappers, self._lines, strict=True)):
            mapper.SetInputData(image)
            mapper.SetOrientation(axis)
            actor = vtkImageSlice()
            actor.SetMapper(mapper)
            look = actor.GetProperty()
            look.SetInterpolationTypeToLinear()
            look.SetColorWindow(high - low)
            look.SetColorLevel((high + low) / 2)
            self.slices.append(actor)
            drawn = vtkPolyDataMapper()
            drawn.SetInputConnection(lines.GetOutputPort())
            drawn.ScalarVisibilityOff()
            drawn.SetRelativeCoincidentTopologyLineOffsetParameters(-2, -8)
            outline = LinesActor()
            outline.SetMapper(drawn)
            outline.GetProperty().LightingOff()
            outline.set_thickness(_LINE_WIDTH)
            self.outlines.append(outline)

    def take(self, density: DensityMap, image: vtkImageData) -> None:
        """Cut another map on the same grid from now on."""
        self._density = density
        for mapper in self._mappers:
            mapper.SetInputData(image)

    @property
    def props(self) -> list[vtkProp3D]:
        return [*self.slices, *self.outlines]

    def show(self, style: MapStyle, level: float) -> None:
        """Put the slices where the style has them, or hide them."""
        numbers = slice_numbers(style, self._density)
        for axis in range(3):
            seen = style.visible and style.mode == "slice" and (style.all_slices or style.slice_axis == AXES[axis])
            for actor in (self.slices[axis], self.outlines[axis]):
                actor.SetVisibility(seen)
            if seen:
                self._mappers[axis].SetSliceNumber(numbers[axis])
                self.slices[axis].GetProperty().SetOpacity(1.0)
                self._lines[axis].SetInputData(_plane(self._density, axis, numbers[axis]))
                self._lines[axis].SetValue(0, level)
                self.outlines[axis].GetProperty().SetColor(*(rgb(style.colour) / 255))


def _plane(density: DensityMap, axis: int, number: int) -> vtkImageData:
    """One slice as an image of its own, at its place."""
    values: NDArray[np.float32] = np.take(density.values, number, axis=2 - axis)
    size, origin = density.shape_xyz.copy(), density.origin.copy()
    size[axis] = 1
    origin[axis] += number * density.voxel_size[axis]
    image = vtkImageData()
    image.SetDimensions(*size)
    image.SetSpacing(*density.voxel_size)
    image.SetOrigin(*origin)
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(values).reshape(-1), deep=True))
    return image
