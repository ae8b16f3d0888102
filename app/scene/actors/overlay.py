"""Flat things over a view: words, lines and discs, in points from a corner."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import VTK_FONT_FILE, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCoordinate, vtkPolyDataMapper2D, vtkTextActor, vtkTextProperty, vtkTextRenderer

import vtkmodules.vtkRenderingFreeType  # noqa: F401, isort: skip - VTK has no letters without it

from difffit_app.geometry.colours import rgb

TEXT_POINTS = 12
DOTS_PER_INCH = 72
"""At which VTK's points are pixels: words over a view are sized for dense screens where they are placed."""
_DISC_CORNERS = 48
_VEIL = 0.6
_MEASURED_PIXELS = 36

Corner = tuple[float, float]
"""Of the view, (0, 0) at the lower left to (1, 1) at the upper right."""


class Text:
    """Words beside a corner of a view; ``scale`` is the number of pixels in a point."""

    def __init__(self, corner: Corner, right: bool = False, bold: bool = False, points: float = TEXT_POINTS) -> None:
        self.actor = vtkTextActor()
        self.actor.SetTextScaleModeToNone()
        self.actor.PickableOff()
        self._points = points
        look = self.actor.GetTextProperty()
        set_font(look, bold=bold)
        look.SetJustification(2 if right else 0)
        look.SetVerticalJustification(2 if corner[1] == 1 else 0)
        self._anchor = _anchored(self.actor.GetPositionCoordinate(), corner)

    def place(self, x: float, y: float, scale: float) -> None:
        """Put it that many points off its corner."""
        self.actor.GetPositionCoordinate().SetValue(x * scale, y * scale, 0)
        self.actor.GetTextProperty().SetFontSize(max(round(self._points * scale), 4))

    def write(self, text: str, colour: str, ground: str | None = None) -> None:
        """Write in a colour; with a ``ground``, on a veil of that colour, which what lies behind shines through."""
        self.actor.SetInput(text)
        look = self.actor.GetTextProperty()
        look.SetColor(*(rgb(colour) / 255))
        look.SetBackgroundOpacity(0.0 if ground is None or not text else _VEIL)
        if ground is not None:
            look.SetBackgroundColor(*(rgb(ground) / 255))

    def length(self, text: str) -> float:
        """In points, of words as they would be written."""
        look = self.actor.GetTextProperty()
        pixels, box = look.GetFontSize(), [0, 0, 0, 0]
        look.SetFontSize(_MEASURED_PIXELS)
        vtkTextRenderer.GetInstance().GetBoundingBox(look, text, box, DOTS_PER_INCH)
        look.SetFontSize(pixels)
        return (box[1] - box[0] + 1) * self._points / _MEASURED_PIXELS

    def shortened(self, text: str, most: float) -> str:
        """As much of the words as is no longer than so many points, with an ellipsis where that is not all."""
        if not text or self.length(text) <= most:
            return text
        end = next((end for end in range(len(text) - 1, 0, -1) if self.length(f"{text[:end].rstrip()}…") <= most), 0)
        return f"{text[:end].rstrip()}…"


class Shape:
    """Coloured triangles beside a corner of a view."""

    def __init__(self, corner: Corner) -> None:
        self._mapper = vtkPolyDataMapper2D()
        self.actor = vtkActor2D()
        self.actor.SetMapper(self._mapper)
        self.actor.PickableOff()
        self._anchor = _anchored(self.actor.GetPositionCoordinate(), corner)
        self.actor.GetPositionCoordinate().SetValue(0, 0, 0)

    def draw(self, points: NDArray[np.float64], triangles: NDArray[np.int64], colours: NDArray[np.uint8], scale: float) -> None:
        """Corners (n, 2) in points, triangles (m, 3) of them, and a colour (n, 3) for each corner."""
        data = vtkPolyData()
        corners = vtkPoints()
        corners.SetData(numpy_to_vtk(np.column_stack([points * scale, np.zeros(len(points))]), deep=True))
        data.SetPoints(corners)
        cells = vtkCellArray()
        for triangle in triangles.tolist():
            cells.InsertNextCell(3, triangle)
        data.SetPolys(cells)
        scalars = numpy_to_vtk(np.ascontiguousarray(colours, np.uint8), deep=True)
        data.GetPointData().SetScalars(scalars)
        self._mapper.SetInputData(data)


def gradient(left: float, bottom: float, width: float, height: float, colours: Sequence[str]) -> tuple[NDArray, NDArray, NDArray]:
    """A bar that runs through colours from left to right, as `Shape.draw` takes it."""
    steps = np.linspace(left, left + width, len(colours))
    points = np.concatenate([np.column_stack([steps, np.full_like(steps, y)]) for y in (bottom, bottom + height)])
    n = len(colours)
    first = np.arange(n - 1)
    triangles = np.concatenate([np.column_stack([first, first + 1, first + n]), np.column_stack([first + 1, first + n + 1, first + n])])
    return points, triangles, np.tile(np.array([rgb(colour) for colour in colours]), (2, 1))


def disc(x: float, y: float, radius: float, colour: str) -> tuple[NDArray, NDArray, NDArray]:
    """A disc around a point, as `Shape.draw` takes it."""
    angles = np.linspace(0, 2 * np.pi, _DISC_CORNERS, endpoint=False)
    rim = np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])
    first = np.arange(_DISC_CORNERS)
    triangles = np.column_stack([np.full_like(first, _DISC_CORNERS), first, (first + 1) % _DISC_CORNERS])
    return np.vstack([rim, [[x, y]]]), triangles, np.tile(rgb(colour), (_DISC_CORNERS + 1, 1))


def together(*shapes: tuple[NDArray, NDArray, NDArray]) -> tuple[NDArray, NDArray, NDArray]:
    """Several shapes as one."""
    starts = np.cumsum([0, *(len(points) for points, _, _ in shapes)])
    return (
        np.concatenate([points for points, _, _ in shapes]),
        np.concatenate([triangles + start for (_, triangles, _), start in zip(shapes, starts, strict=False)]),
        np.concatenate([colours for _, _, colours in shapes]),
    )


def set_font(look: vtkTextProperty, *, bold: bool) -> None:
    """The letters of everything that is written over views."""
    font = _font(bold)
    if font is None:
        look.SetFontFamilyToArial()
        look.SetBold(bold)
    else:
        look.SetFontFamily(VTK_FONT_FILE)
        look.SetFontFile(font)


@cache
def _font(bold: bool) -> str | None:
    """DejaVu Sans, which has more than Latin letters, from the Matplotlib that PyVista brings; VTK's own fonts where it is not there."""
    found = find_spec("matplotlib")
    folders = list(found.submodule_search_locations or []) if found is not None else []
    paths = [Path(folder, "mpl-data", "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf") for folder in folders]
    return next((str(path) for path in paths if path.is_file()), None)


def _anchored(place: vtkCoordinate, corner: Corner) -> vtkCoordinate:
    """Have a coordinate count pixels from a corner; the anchor must be kept."""
    anchor = vtkCoordinate()
    anchor.SetCoordinateSystemToNormalizedViewport()
    anchor.SetValue(*corner, 0)
    place.SetCoordinateSystemToViewport()
    place.SetReferenceCoordinate(anchor)
    return anchor
