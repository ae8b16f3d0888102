"""Distances and angles between atoms: lines, and what they measure."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkPolyDataMapper, vtkTextActor

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.overlay import TEXT_POINTS, set_font
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.scene.lines import LinesActor
from difffit_app.scene.stage import Stage
from difffit_app.state.measuring import Measurement, angle, distance
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState

_COLOUR, _WORDS, _GROUND = "#d81b60", "#ffffff", "#5a0a2a"
_WIDTH, _POINT = 2.0, 9.0


class MeasuringDrawing:
    """Follows the view state on a stage; what is measured goes with the models from placement to placement. ``words`` say it, too."""

    def __init__(self, session: Session, view_state: ViewState, drawing: FitDrawing, stage: Stage) -> None:
        self._session, self._view_state, self._drawing, self._stage = session, view_state, drawing, stage
        self._labels: list[vtkTextActor] = []
        self._scale = 1.0
        self.words: tuple[str, ...] = ()
        self.lines = LinesActor()
        self.lines.SetMapper(vtkPolyDataMapper())
        self.lines.GetMapper().SetInputData(vtkPolyData())
        self.lines.PickableOff()
        look = self.lines.GetProperty()
        look.SetColor(*(rgb(_COLOUR) / 255))
        self.lines.set_thickness(_WIDTH, _POINT)
        look.SetRenderPointsAsSpheres(True)
        look.LightingOff()
        self.lines.SetVisibility(False)
        stage.add(self.lines)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal in (
            view_state.measured_changed, view_state.frame_changed, events.placement_selected, events.fit_selected, events.hand_moved,
            events.brought_changed,
            events.model_removed, events.composite_selected,
        ):  # fmt: skip
            self._subscriptions.add(signal, self.show)
        self.show()

    def end(self) -> None:
        self._subscriptions.end()

    def set_scale(self, scale: float) -> None:
        """How many pixels a point has."""
        self._scale = scale
        self.show()

    def show(self, *_: object) -> None:
        """Draw everything where its atoms are now."""
        for label in self._labels:
            self._stage.remove_label(label)
        self._labels = []
        points: list[NDArray[np.float64]] = []
        pairs: list[tuple[int, int]] = []
        words: list[str] = []
        for measurement in self._view_state.measured:
            places = self._places(measurement)
            if places is None:
                continue
            first = len(points)
            points += places
            for number in range(1, len(places)):
                pairs.append((first + number - 1, first + number))
                words.append(f"{distance(places[number - 1], places[number]):.2f} Å")
                self._write(words[-1], (places[number - 1] + places[number]) / 2)
            turned = angle(*places) if len(places) == 3 else None
            if turned is not None:
                words.append(f"{turned:.1f}°")
                self._write(words[-1], places[1])
        self.words = tuple(words)
        self.lines.GetMapper().SetInputData(_lines(points, pairs))
        self.lines.SetVisibility(bool(points))
        self._stage.draw()

    def _places(self, measurement: Measurement) -> list[NDArray[np.float64]] | None:
        """(3,) in Å each; None where a model is not drawn any more."""
        places = []
        for one in measurement:
            if one.model not in self._session.models:
                return None
            actor = self._drawing.models.get(one.model)
            pose = one.pose or (actor.pose if actor is not None else None)
            coordinates = self._session.models[one.model].model.coordinates[[one.atom]].astype(np.float64)
            places.append((coordinates if pose is None else pose.apply(coordinates))[0])
        return places

    def _write(self, words: str, place: NDArray[np.float64]) -> None:
        label = vtkTextActor()
        label.PickableOff()
        label.SetInput(words)
        label.GetPositionCoordinate().SetCoordinateSystemToWorld()
        x, y, z = place.tolist()
        label.GetPositionCoordinate().SetValue(x, y, z)
        look = label.GetTextProperty()
        set_font(look, bold=True)
        look.SetFontSize(round(TEXT_POINTS * self._scale))
        look.SetColor(*(rgb(_WORDS) / 255))
        look.SetBackgroundColor(*(rgb(_GROUND) / 255))
        look.SetBackgroundOpacity(0.7)
        look.SetJustificationToCentered()
        look.SetVerticalJustificationToCentered()
        self._labels.append(label)
        self._stage.add_label(label)


def _lines(points: list[NDArray[np.float64]], pairs: list[tuple[int, int]]) -> vtkPolyData:
    data, places, lines, dots = vtkPolyData(), vtkPoints(), vtkCellArray(), vtkCellArray()
    for number, (x, y, z) in enumerate(np.array(points).reshape(-1, 3).tolist()):
        places.InsertNextPoint(x, y, z)
        dots.InsertNextCell(1, (number,))
    for pair in pairs:
        lines.InsertNextCell(2, pair)
    data.SetPoints(places)
    data.SetVerts(dots)
    data.SetLines(lines)
    return data
