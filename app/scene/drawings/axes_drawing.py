"""The symmetry axes of a composite, and of a map, as lines through the map."""

import numpy as np
from vtkmodules.vtkFiltersSources import vtkLineSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from difffit_app.geometry.colours import rgb
from difffit_app.scene.lines import LinesActor
from difffit_app.scene.stage import Surface
from difffit_app.state.composing import Axis
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState

_COLOUR, _OF_MAP = "#d63c6b", "#8a4fd0"
_WIDTH = 3.0


class AxesDrawing:
    """Follows the view state on a stage."""

    def __init__(self, view_state: ViewState, stage: Surface) -> None:
        self._stage, self._view_state = stage, view_state
        self.actors: list[vtkActor] = []
        self._subscriptions = Subscriptions()
        for changed in (view_state.axes_changed, view_state.map_axes_changed):
            self._subscriptions.add(changed, self._show)
        self._show()

    def end(self) -> None:
        self._subscriptions.end()

    def _show(self, *_: object) -> None:
        for actor in self.actors:
            self._stage.remove(actor)
        self.actors = [_rod(axis, _COLOUR) for axis in self._view_state.axes]
        self.actors += [_rod(axis, _OF_MAP) for axis in self._view_state.map_axes]
        for actor in self.actors:
            self._stage.add(actor)
        self._stage.draw()


def _rod(axis: Axis, colour: str) -> vtkActor:
    centre, along = np.array(axis.centre), axis.reach * np.array(axis.direction)
    line = vtkLineSource()
    line.SetPoint1(*(centre - along))
    line.SetPoint2(*(centre + along))
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(line.GetOutputPort())
    actor = LinesActor()
    actor.SetMapper(mapper)
    actor.PickableOff()
    look = actor.GetProperty()
    look.SetColor(*(rgb(colour) / 255))
    actor.set_thickness(_WIDTH)
    look.LightingOff()
    return actor
