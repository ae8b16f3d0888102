"""What is marked in a view: the atoms of a residue, or a place, with its name."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTextActor

from difffit_app.geometry.colours import ELEMENT_COLOURS, rgb
from difffit_app.geometry.mesh import Mesh
from difffit_app.geometry.sticks import sticks_of
from difffit_app.scene.actors.isosurface import polydata
from difffit_app.scene.lines import LinesActor
from difffit_app.scene.stage import Stage
from difffit_core.atomic_model import AtomicModel
from difffit_core.pose import Pose

_RIM = 0.14
_FONT_SIZE = 14


class Mark:
    """Sticks with a rim for a residue, a ring of wire for a place; one at a time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.atoms, self.rim, self.place = vtkActor(), vtkActor(), LinesActor()
        for actor in (self.atoms, self.rim, self.place):
            actor.SetMapper(vtkPolyDataMapper())
            actor.PickableOff()
            actor.SetVisibility(False)
            stage.add(actor)
        self.atoms.GetProperty().SetInterpolationToPhong()
        self.atoms.GetProperty().SetAmbient(0.25)
        self.rim.GetProperty().FrontfaceCullingOn()
        self.rim.GetProperty().LightingOff()
        self._sphere = vtkSphereSource()
        self._sphere.SetThetaResolution(18)
        self._sphere.SetPhiResolution(12)
        self.place.GetMapper().SetInputConnection(self._sphere.GetOutputPort())
        self.place.GetProperty().SetRepresentationToWireframe()
        self.place.set_thickness(1.0)
        self.place.GetProperty().LightingOff()
        self.place.GetProperty().SetOpacity(0.55)
        self.label = vtkTextActor()
        self.label.SetVisibility(False)
        self.label.GetPositionCoordinate().SetCoordinateSystemToWorld()
        style = self.label.GetTextProperty()
        style.SetFontFamilyToArial()
        style.SetFontSize(_FONT_SIZE)
        style.BoldOn()
        style.SetVerticalJustificationToBottom()
        stage.add(self.label)

    def set_colours(self, accent: str, text: str, ground: str) -> None:
        """Of the rim and the wire; of the name and its shadow."""
        for actor in (self.rim, self.place):
            actor.GetProperty().SetColor(*(rgb(accent) / 255))
        style = self.label.GetTextProperty()
        style.SetColor(*(rgb(text) / 255))
        style.SetBackgroundColor(*(rgb(ground) / 255))
        style.SetBackgroundOpacity(0.7)
        self._stage.draw()

    def scale_text(self, ratio: float) -> None:
        """Text as large as elsewhere on a screen with ``ratio`` pixels to one of Qt's."""
        self.label.GetTextProperty().SetFontSize(round(_FONT_SIZE * ratio))

    def show_residue(self, model: AtomicModel, residue_index: int, pose: Pose, name: str) -> None:
        """Draw a residue's atoms in a pose."""
        atoms = np.flatnonzero(model.in_fit & (model.residue_index == residue_index))
        mesh = sticks_of(model, atoms)
        mesh = Mesh.of(pose.apply(mesh.vertices.astype(np.float64)), mesh.normals @ pose.rotation.T, mesh.faces, mesh.atoms)
        data = polydata(mesh.vertices, mesh.normals, mesh.faces)
        colours = np.array([rgb(ELEMENT_COLOURS.get(int(number), "#c060c0")) for number in model.atomic_numbers[mesh.atoms]], np.uint8)
        data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(colours), deep=True))
        self.atoms.GetMapper().SetInputData(data)
        self.rim.GetMapper().SetInputData(polydata(mesh.vertices + _RIM * mesh.normals, mesh.normals, mesh.faces))
        self._show(residue=True)
        self._name(pose.apply(model.coordinates[atoms]).mean(axis=0), name)

    def show_place(self, centre: tuple[float, float, float], radius: float, name: str) -> None:
        """Draw a ball of wire."""
        self._sphere.SetRadius(radius)
        self.place.SetPosition(*centre)
        self._show(residue=False)
        self._name(np.array(centre), name)

    def hide(self) -> None:
        for actor in (self.atoms, self.rim, self.place, self.label):
            actor.SetVisibility(False)
        self._stage.draw()

    @property
    def shown(self) -> bool:
        return bool(self.label.GetVisibility())

    def _show(self, *, residue: bool) -> None:
        self.atoms.SetVisibility(residue)
        self.rim.SetVisibility(residue)
        self.place.SetVisibility(not residue)

    def _name(self, where: np.ndarray, name: str) -> None:
        self.label.SetInput(f"   {name} ")
        self.label.GetPositionCoordinate().SetValue(*where)
        self.label.SetVisibility(True)
        self._stage.draw()
