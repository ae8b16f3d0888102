"""The sphere in which a fit is to look."""

from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import rgb
from difffit_app.scene.lines import LinesActor
from difffit_app.scene.stage import Stage
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_core.fit.sphere import Sphere

_COLOUR = "#e8862a"
_HANDLE = 0.05
"""Radius of the ball in the middle, as a share of the sphere's."""


class RegionDrawing:
    """A see-through sphere with a net of lines, and a ball in its middle; it follows the view state."""

    def __init__(self, view_state: ViewState, stage: Stage) -> None:
        self._stage = stage
        self.actors = [
            _actor(resolution, opacity, lines) for resolution, opacity, lines in ((48, 0.09, False), (8, 0.35, True), (16, 1.0, False))
        ]
        for actor in self.actors:
            stage.add(actor)
        self._subscriptions = Subscriptions()
        self._subscriptions.add(view_state.sphere_changed, self._show)
        self._show(view_state.sphere)

    def end(self) -> None:
        self._subscriptions.end()

    def _show(self, sphere: Sphere | None) -> None:
        for actor, share in zip(self.actors, (1.0, 1.0, _HANDLE), strict=True):
            actor.SetVisibility(sphere is not None)
            if sphere is not None:
                actor.SetPosition(*sphere.centre)
                actor.SetScale(sphere.radius * share)
        self._stage.draw()


def _actor(resolution: int, opacity: float, lines: bool) -> vtkActor:
    source = vtkSphereSource()
    source.SetThetaResolution(2 * resolution)
    source.SetPhiResolution(resolution)
    source.SetRadius(1.0)
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(source.GetOutputPort())
    actor = LinesActor()
    actor.SetMapper(mapper)
    actor.SetPickable(False)
    look = actor.GetProperty()
    look.SetColor(*(rgb(_COLOUR) / 255))
    look.SetOpacity(opacity)
    look.LightingOff()
    if lines:
        source.LatLongTessellationOn()
        look.SetRepresentationToWireframe()
        actor.set_thickness(1.0)
    return actor
