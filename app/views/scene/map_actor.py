"""The isosurface of a map, recomputed whenever its level changes."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import rgb
from difffit_core.density_map import DensityMap
from difffit_core.project.schema import MapStyle

_FULL_WHILE_MOVING = 4_000_000
_LARGEST_FULL = 200_000_000
_GHOST_VOXELS = 250_000
_VOXELS_FOR_BOUNDS = 1_000_000
_SPECKS = 0.7
"""Percent of the voxels above the level that do not count at either end."""


class MapActor:
    """``surface`` is drawn in the fit view; ``ghost``, coarse and all but transparent, among the spheres.

    A large map is contoured on a coarser grid while the level moves, and in full once it rests.
    """

    def __init__(self, density: DensityMap, style: MapStyle) -> None:
        self._density = density
        step = _step_for(density.values.size, _LARGEST_FULL)
        self._full = _image(density, step)
        coarse = _step_for(density.values.size, _FULL_WHILE_MOVING)
        self._coarse = self._full if coarse == step else _image(density, coarse)
        self._contour = _contour_of(self._full)
        self._ghost_contour = _contour_of(_image(_averaged(density, _step_for(density.values.size, _GHOST_VOXELS)), 1))
        self.surface, self.ghost = _actor(self._contour), _actor(self._ghost_contour)
        surface, ghost = self.surface.GetProperty(), self.ghost.GetProperty()
        surface.SetSpecular(0.15)
        surface.SetSpecularPower(20)
        surface.SetAmbient(0.2)
        ghost.SetOpacity(0.1)
        ghost.BackfaceCullingOn()
        ghost.SetAmbient(0.5)
        ghost.SetDiffuse(0.5)
        self.ghost.PickableOff()
        self.apply(style)

    def apply(self, style: MapStyle) -> None:
        """Draw it in full, in that style."""
        self._contour.SetInputData(self._full)
        self._contour.SetValue(0, style.level)
        self._ghost_contour.SetValue(0, style.level)
        colour = rgb(style.colour) / 255
        self.surface.GetProperty().SetColor(*colour)
        self.ghost.GetProperty().SetColor(*colour)
        self.surface.GetProperty().SetOpacity(style.opacity)
        self.surface.GetProperty().SetBackfaceCulling(style.opacity < 1)  # one layer, through which the model is seen
        self.surface.SetVisibility(style.visible and style.opacity > 0)
        self.ghost.SetVisibility(style.visible)

    def show_moving_level(self, level: float) -> None:
        """Contour at a level that is being dragged."""
        self._contour.SetInputData(self._coarse)
        self._contour.SetValue(0, level)
        self._ghost_contour.SetValue(0, level)

    def bounds(self) -> tuple[float, ...]:
        """Of what lies above the level but for specks of noise far out, or of the box where there is nothing."""
        return self._bounds_above(self._contour.GetValue(0))

    def _bounds_above(self, level: float) -> tuple[float, ...]:
        values = self._density.values
        step = _step_for(values.size, _VOXELS_FOR_BOUNDS)
        indices = np.argwhere(values[::step, ::step, ::step] >= level) * step
        if len(indices) == 0:
            return tuple(self._full.GetBounds())
        low, high = np.percentile(self._density.positions(indices), [_SPECKS, 100 - _SPECKS], axis=0)
        margin = 0.02 * (high - low) + self._density.voxel_size
        return tuple(np.stack([low - margin, high + margin], axis=1).ravel().tolist())

    @property
    def triangle_count(self) -> int:
        self._contour.Update()
        return int(self._contour.GetOutput().GetNumberOfPolys())


def _step_for(voxels: int, most: int) -> int:
    step = 1
    while voxels / step**3 > most:
        step += 1
    return step


def _averaged(density: DensityMap, step: int) -> DensityMap:
    """The mean of every block of ``step`` voxels a side; what is left over at the far faces is dropped."""
    if step == 1 or min(density.values.shape) < 2 * step:
        return density
    nz, ny, nx = (n // step for n in density.values.shape)
    blocks = density.values[: nz * step, : ny * step, : nx * step].reshape(nz, step, ny, step, nx, step)
    middle = density.origin + (step - 1) / 2 * density.voxel_size
    return DensityMap(blocks.mean(axis=(1, 3, 5)), density.voxel_size * step, middle)


def _contour_of(image: vtkImageData) -> vtkFlyingEdges3D:
    contour = vtkFlyingEdges3D()
    contour.ComputeNormalsOn()
    contour.ComputeGradientsOff()
    contour.ComputeScalarsOff()
    contour.SetInputData(image)
    return contour


def _actor(contour: vtkFlyingEdges3D) -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(contour.GetOutputPort())
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor


def _image(density: DensityMap, step: int) -> vtkImageData:
    values: NDArray[np.float32] = density.values if step == 1 else np.ascontiguousarray(density.values[::step, ::step, ::step])
    image = vtkImageData()
    image.SetDimensions(*values.shape[::-1])
    image.SetSpacing(*(density.voxel_size * step))
    image.SetOrigin(*density.origin)
    scalars = numpy_to_vtk(values.reshape(-1))
    scalars.SetName("density")
    image.GetPointData().SetScalars(scalars)
    return image
