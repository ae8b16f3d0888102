"""The models of an assembly that is not accepted yet, each in the colour that it would have in the composite."""

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.isosurface import polydata
from difffit_app.scene.actors.model_actor import pose_matrix
from difffit_app.scene.stage import Surface
from difffit_app.state.assembling import Candidate, Standing
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.colours import copy_colour

_FAINT = 0.15


class AssemblyDrawing:
    """Follows the view state on a stage."""

    def __init__(self, view_state: ViewState, stage: Surface) -> None:
        self._stage = stage
        self._meshes: dict[int, vtkPolyData] = {}
        self._drawn: dict[int, tuple[Candidate, vtkActor]] = {}
        self._subscriptions = Subscriptions()
        self._subscriptions.add(view_state.assembly_changed, self._show)
        self._show(view_state.assembly)

    @property
    def actors(self) -> list[vtkActor]:
        return [actor for _, actor in self._drawn.values()]

    def end(self) -> None:
        self._subscriptions.end()

    def _show(self, standing: tuple[Standing, ...]) -> None:
        """Actors of what stands where it stood are kept: a choice in the table changes but their look."""
        before, self._drawn = self._drawn, {}
        known, self._meshes = self._meshes, {}
        for one in standing:
            kept = before.pop(one.number, None)
            if kept is None or kept[0] is not one.candidate:
                if kept is not None:
                    self._stage.remove(kept[1])
                kept = (one.candidate, self._actor(one.candidate, known))
                self._stage.add(kept[1])
            else:
                key = id(one.candidate.mesh)
                self._meshes[key] = known[key]
            self._drawn[one.number] = kept
            _dress(kept[1], one)
        for _, actor in before.values():
            self._stage.remove(actor)
        self._stage.draw()

    def _actor(self, candidate: Candidate, known: dict[int, vtkPolyData]) -> vtkActor:
        key = id(candidate.mesh)
        if key not in self._meshes:
            mesh = candidate.mesh.drawn_as("cartoon", candidate.model)
            self._meshes[key] = known.get(key) or polydata(mesh.vertices, mesh.normals, mesh.faces)
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._meshes[key])
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.PickableOff()
        actor.SetUserMatrix(pose_matrix(candidate.pose))
        return actor


def _dress(actor: vtkActor, one: Standing) -> None:
    look = actor.GetProperty()
    look.SetColor(*(rgb(copy_colour(one.number - 1)) / 255))
    look.SetInterpolationToPhong()
    look.SetAmbient(0.45 if one.marked else 0.16)
    look.SetDiffuse(0.92)
    look.SetOpacity(_FAINT if one.faint else 1.0)
