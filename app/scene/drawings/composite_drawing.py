"""The accepted copies of the chosen composite, each in a colour of its own: that which scripts for other programs give it."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import glowing, rgb
from difffit_app.scene.actors.isosurface import polydata
from difffit_app.scene.actors.model_actor import pose_matrix
from difffit_app.scene.stage import Surface
from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.colours import copy_colour
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.pose import Pose
from difffit_core.project.composites import AcceptedRecord

_SAME, _ENOUGH = 1.5, 300
"""Å on average between the atoms of what covers each other, and atoms that are enough to tell."""
_Kind = tuple[str, tuple[str, ...]]
"""A model, and which of its chains."""


class CompositeDrawing:
    """Follows the session on a stage, ``shift`` (3,) in Å away from the map.

    Where the selected placement is drawn too (``beside_selected``), the copy that stands there is left out: of two that are drawn into each
    other one sees patches of either.
    """

    def __init__(self, session: Session, view_state: ViewState, stage: Surface, *, beside_selected: bool) -> None:
        self._session, self._view_state, self._stage, self._beside_selected = session, view_state, stage, beside_selected
        self._shift = np.zeros(3)
        self._meshes: dict[_Kind, tuple[vtkPolyData, NDArray[np.int32]]] = {}
        self._drawn: list[AcceptedRecord] = []
        self.actors: list[vtkActor] = []
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.composite_selected, self._show),
            (session.events.model_added, self._show),
            (session.events.model_removed, self._forget),
            (session.events.placement_selected, self._show_or_hide),
            (session.events.hand_moved, self._show_or_hide),
            (view_state.accepted_shown_changed, self._show_or_hide),
            (view_state.selection_changed, self._highlight),
        ):
            self._subscriptions.add(signal, slot)
        self._show()

    @property
    def models(self) -> set[str]:
        """Ids of the models of which a copy is accepted."""
        return {copy.model for copy in self._drawn}

    def shown(self) -> list[AcceptedRecord]:
        """The copies that are drawn now."""
        return [copy for copy, actor in zip(self._drawn, self.actors, strict=True) if actor.GetVisibility()]

    def coloured(self) -> list[tuple[AcceptedRecord, str]]:
        """The copies, each with its colour."""
        return [(copy, copy_colour(number)) for number, copy in enumerate(self._drawn)]

    def told(self) -> list[tuple[AcceptedRecord, str]]:
        """The same of those that are drawn now."""
        return [one for one, actor in zip(self.coloured(), self.actors, strict=True) if actor.GetVisibility()]

    def end(self) -> None:
        self._subscriptions.end()

    def move(self, stage: Surface, shift: NDArray[np.float64]) -> None:
        """Draw on another stage, that far beside the map."""
        for actor in self.actors:
            self._stage.remove(actor)
        self._stage, self._shift = stage, shift
        for actor, copy in zip(self.actors, self._drawn, strict=True):
            actor.SetUserMatrix(pose_matrix(self._place(copy)))
            stage.add(actor)

    def _show(self, *_: object) -> None:
        """Draw what is accepted where one stands now."""
        composite = self._session.composite
        copies = [] if composite is None else accepted_copies(composite, composite.current)
        copies = [copy for copy in copies if copy.model in self._session.models]
        if copies != self._drawn:
            for actor in self.actors:
                self._stage.remove(actor)
            self.actors = [self._actor(copy, number) for number, copy in enumerate(copies)]
            self._drawn = copies
            for actor in self.actors:
                self._stage.add(actor)
        self._show_or_hide()

    def _show_or_hide(self, *_: object) -> None:
        fit, placement = self._session.fit, self._session.placement
        drawn = self._beside_selected and fit is not None and placement is not None and self._session.hand is None
        for copy, actor in zip(self._drawn, self.actors, strict=True):
            is_there = drawn and fit is not None and placement is not None and self._is_there(fit, placement.pose, copy)
            actor.SetVisibility(self._view_state.accepted_shown and not is_there)
        self._stage.draw()

    def _is_there(self, fit: OpenFit, pose: Pose, copy: AcceptedRecord) -> bool:
        """Whether a pose of what was fitted is that of the copy, or so near that it covers it: composing moves copies a little."""
        if copy.model != fit.record.model or set(copy.chains) != set(fit.record.chains):
            return False
        model = self._session.models[copy.model].model
        points = model.coordinates[np.isin(model.chain_names, tuple(copy.chains))]
        points = points[:: max(1, len(points) // _ENOUGH)]
        return bool(np.linalg.norm(pose.apply(points) - copy.pose.pose().apply(points), axis=1).mean() <= _SAME)

    def _forget(self, model: str) -> None:
        self._meshes = {kind: mesh for kind, mesh in self._meshes.items() if kind[0] != model}
        self._show()

    def _place(self, copy: AcceptedRecord) -> Pose:
        pose = copy.pose.pose()
        return Pose(pose.rotation, pose.translation + self._shift)

    def _actor(self, copy: AcceptedRecord, number: int) -> vtkActor:
        actor = vtkActor()
        actor.SetMapper(vtkPolyDataMapper())
        actor.PickableOff()
        actor.SetUserMatrix(pose_matrix(self._place(copy)))
        look = actor.GetProperty()
        look.SetColor(*(rgb(copy_colour(number)) / 255))
        look.SetInterpolationToPhong()
        look.SetAmbient(0.16)
        look.SetDiffuse(0.92)
        self._paint(actor, copy, copy_colour(number))
        return actor

    def _highlight(self, *_: object) -> None:
        """Have what is selected of a model stand out in every copy of it."""
        for (copy, colour), actor in zip(self.coloured(), self.actors, strict=True):
            self._paint(actor, copy, colour)
        self._stage.draw()

    def _paint(self, actor: vtkActor, copy: AcceptedRecord, colour: str) -> None:
        """Copies share a mesh; one of which something is selected has colours of its own on it."""
        mesh, residues = self._mesh(copy)
        marked = np.isin(residues, self._view_state.selection.of_model(copy.model))
        mapper = actor.GetMapper()
        if not marked.any():
            mapper.SetInputData(mesh)
            mapper.ScalarVisibilityOff()
            return
        colours = np.tile(rgb(colour), (len(residues), 1))
        colours[marked] = glowing(colours[marked])
        painted = vtkPolyData()
        painted.ShallowCopy(mesh)
        painted.GetPointData().SetScalars(numpy_to_vtk(colours, deep=True))
        mapper.SetInputData(painted)
        mapper.ScalarVisibilityOn()

    def _mesh(self, copy: AcceptedRecord) -> tuple[vtkPolyData, NDArray[np.int32]]:
        """The surface, and the `AtomicModel.residue_index` (V,) of each of its vertices."""
        kind = (copy.model, tuple(copy.chains))
        if kind not in self._meshes:
            item = self._session.models[copy.model]
            mesh = item.mesh.drawn_as("cartoon", item.model).subset(np.isin(item.model.chain_names, kind[1]))
            self._meshes[kind] = polydata(mesh.vertices, mesh.normals, mesh.faces), item.model.residue_index[mesh.atoms]
        return self._meshes[kind]
