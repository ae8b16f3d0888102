"""A rim around a tile."""

from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCoordinate, vtkPolyDataMapper2D

from difffit_app.geometry.colours import rgb

_INSET = 0.004


class FrameActor:
    """Lies just inside the renderer that it is added to."""

    def __init__(self) -> None:
        data, points, line = vtkPolyData(), vtkPoints(), vtkCellArray()
        low, high = _INSET, 1 - _INSET
        for corner in ((low, low), (high, low), (high, high), (low, high)):
            points.InsertNextPoint(*corner, 0)
        line.InsertNextCell(5, (0, 1, 2, 3, 0))
        data.SetPoints(points)
        data.SetLines(line)
        place = vtkCoordinate()
        place.SetCoordinateSystemToNormalizedViewport()
        mapper = vtkPolyDataMapper2D()
        mapper.SetInputData(data)
        mapper.SetTransformCoordinate(place)
        self.actor = vtkActor2D()
        self.actor.SetMapper(mapper)
        self.actor.PickableOff()

    def paint(self, colour: str, width: float) -> None:
        """Width in pixels."""
        self.actor.GetProperty().SetColor(*(rgb(colour) / 255))
        self.actor.GetProperty().SetLineWidth(width)
