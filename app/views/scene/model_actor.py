"""A model's cartoon, moved by a matrix."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import colour_atoms
from difffit_app.geometry.mesh import Mesh
from difffit_app.state.items import OpenModel
from difffit_core.pose import Pose
from difffit_core.project.schema import ModelStyle


class ModelActor:
    """Shows all chains or some, where the file has them or in a placement."""

    def __init__(self, item: OpenModel, style: ModelStyle) -> None:
        self._item = item
        self._chains: tuple[str, ...] = item.model.chains
        self._mesh = item.mesh.mesh
        self._mapper = vtkPolyDataMapper()
        self._mapper.SetInputData(_polydata(self._mesh))
        self.actor = vtkActor()
        self.actor.SetMapper(self._mapper)
        look = self.actor.GetProperty()
        look.SetInterpolationToPhong()
        look.SetAmbient(0.16)
        look.SetDiffuse(0.92)
        look.SetSpecular(0.3)
        look.SetSpecularPower(35)
        self._style = style
        self._painted: NDArray[np.uint8] | None = None
        self.apply(style)

    @property
    def chains(self) -> tuple[str, ...]:
        return self._chains

    def apply(self, style: ModelStyle) -> None:
        self._style = style
        self._colour()
        self.actor.SetVisibility(style.visible)

    def paint(self, residue_colours: NDArray[np.uint8] | None) -> None:
        """Colour the residues (residues, 3), by ``residue_index``, whatever the style says; None for the colours of the style."""
        self._painted = residue_colours
        self._colour()

    def _colour(self) -> None:
        model = self._item.model
        if self._painted is None:
            of_atoms = colour_atoms(model, self._item.mesh.structure, self._style.colour_by)
        else:
            of_atoms = self._painted[model.residue_index]
        scalars = numpy_to_vtk(np.ascontiguousarray(of_atoms[self._mesh.atoms], np.uint8), deep=True)
        self._mapper.GetInput().GetPointData().SetScalars(scalars)

    def show_chains(self, chains: Sequence[str]) -> None:
        """Draw only these chains."""
        chains = tuple(chains)
        if chains == self._chains:
            return
        self._chains = chains
        self._mesh = self._item.mesh.mesh.subset(np.isin(self._item.model.chain_names, chains))
        self._mapper.SetInputData(_polydata(self._mesh))
        self._colour()

    def move(self, pose: Pose | None) -> None:
        """Put it into a pose; None for where the file has it."""
        matrix = vtkMatrix4x4()
        if pose is not None:
            for row in range(3):
                for column in range(3):
                    matrix.SetElement(row, column, pose.rotation[row, column])
                matrix.SetElement(row, 3, pose.translation[row])
        self.actor.SetUserMatrix(matrix)

    def bounds(self) -> tuple[float, ...]:
        return tuple(self.actor.GetBounds())


def _polydata(mesh: Mesh) -> vtkPolyData:
    points = vtkPoints()
    points.SetData(numpy_to_vtk(mesh.vertices, deep=True))
    cells = vtkCellArray()
    offsets = np.arange(len(mesh.faces) + 1, dtype=np.int64) * 3
    cells.SetData(numpy_to_vtkIdTypeArray(offsets, deep=True), numpy_to_vtkIdTypeArray(mesh.faces.astype(np.int64).ravel(), deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(cells)
    data.GetPointData().SetNormals(numpy_to_vtk(mesh.normals, deep=True))
    return data
