"""A sphere for each placement of a fit: where its middle lies, coloured by a metric, sized by hits."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper, vtkProp3D

from difffit_app.geometry.colours import ramp, rgb
from difffit_app.scene.actors.silhouette import darken_rims

SCORE_COLOURS = ("#6a5acd", "#4a7cc4", "#2f9bb0", "#2fb58a", "#74cc5e", "#b5dd3a", "#fde725")
HANDFUL = 5
"""Of what may be chance, so many of the best are worth a look, too."""
_WORTH, _CLOUD = 0.6, 0.3
"""Opacities of what is worth a look although it may be chance, and of all the rest."""
_DOT = 0.4
"""Radius of the rest, over what it would be."""
_SOLID = 0.9
"""Opacities beyond are drawn as 1: many that hide almost everything are hard to draw in order."""
_HALO_GROWTH = 1.22
_MARK_RADIUS = 2.5
_CORNERS = ((40, 48), (400, 24), (np.inf, 16))
"""Up to so many spheres have so many corners around: by software they take their time."""


class SpheresActor:
    """``solid`` holds the opaque spheres and ``faint`` those that let something through; ``halo`` is the rim around the selected one.

    Faint spheres are kept `sorted <sort>` from far to near, so that they need no depth peeling, which by software takes many times as long.
    """

    def __init__(self) -> None:
        self.centres: NDArray[np.float64] = np.zeros((0, 3))
        self.radii: NDArray[np.float64] = np.zeros(0)
        self.shift: NDArray[np.float64] = np.zeros(3)
        self._selected: int | None = None
        self._colours: NDArray[np.uint8] = np.zeros((0, 4), np.uint8)
        self._source = vtkSphereSource()
        self._source.SetRadius(1.0)
        self._order: NDArray[np.int64] | None = None
        self.solid, self.faint = self._glyphs(), self._glyphs()
        darken_rims(self.solid, on=True)
        self.faint.SetForceTranslucent(True)
        self.faint.GetProperty().BackfaceCullingOn()
        rim = vtkPolyDataMapper()
        rim.SetInputConnection(self._source.GetOutputPort())
        self.halo = vtkActor()
        self.halo.SetMapper(rim)
        self.halo.GetProperty().FrontfaceCullingOn()
        self.halo.GetProperty().LightingOff()
        self.halo.SetVisibility(False)
        self.halo_colour("#ff5a36")

    @property
    def props(self) -> tuple[vtkProp3D, ...]:
        """All that is drawn."""
        return (self.solid, self.faint, self.halo)

    @property
    def selected(self) -> int | None:
        """The sphere around which the rim is."""
        return self._selected

    def _glyphs(self) -> vtkActor:
        mapper = vtkGlyph3DMapper()
        mapper.SetSourceConnection(self._source.GetOutputPort())
        mapper.SetInputData(vtkPolyData())
        mapper.SetScaleArray("radius")
        mapper.SetScaleModeToScaleByMagnitude()
        mapper.SetColorModeToDirectScalars()
        mapper.SetScalarModeToUsePointFieldData()
        mapper.SelectColorArray("colour")
        actor = vtkActor()
        actor.SetMapper(mapper)
        look = actor.GetProperty()
        look.SetAmbient(0.18)
        look.SetDiffuse(0.9)
        look.SetSpecular(0.35)
        look.SetSpecularPower(40)
        return actor

    def halo_colour(self, colour: str) -> None:
        self.halo.GetProperty().SetColor(*(rgb(colour) / 255))

    def show(
        self,
        centres: NDArray[np.float64],
        hits: NDArray[np.int64],
        values: NDArray[np.float64],
        opacity: NDArray[np.float64],
        size: float,
        dots: NDArray[np.bool_] | None = None,
    ) -> None:
        """Place a sphere at each centre (n, 3); ``values`` (n,) colour them, ``hits`` size them, up to the radius ``size`` in Å.

        ``opacity`` (n,) from 0 to 1 say how much each lets through of what is behind it; ``dots`` (n,) are drawn small.
        """
        self.centres = np.asarray(centres, np.float64).reshape(-1, 3)
        self.radii = sphere_radii(hits, size)
        if dots is not None:
            self.radii[dots] *= _DOT
        opacity = np.asarray(opacity, np.float64)
        opacity = (np.where(opacity > _SOLID, 1.0, opacity) * 255).round().astype(np.uint8)
        self._colours = np.concatenate([self.colours(values), opacity[:, None]], axis=1)
        around = next(corners for most, corners in _CORNERS if len(self.centres) <= most)
        self._source.SetThetaResolution(around)
        self._source.SetPhiResolution(around * 2 // 3)
        self.select(None)

    def sort(self, sight: NDArray[np.float64]) -> None:
        """Have the faint spheres drawn from far to near along the line of sight (3,)."""
        faint = np.flatnonzero(~self._is_solid())
        order = faint[np.argsort(-(self.centres[faint] @ sight), kind="stable")]
        if self._order is None or not np.array_equal(order, self._order):
            self._order = order
            self._draw(self.faint, order)

    def set_shift(self, shift: NDArray[np.float64]) -> None:
        """Draw all that far from where it is; rays are still cast where it is."""
        self.shift = shift
        for actor in (self.solid, self.faint):
            actor.SetPosition(*shift)
        self.select(self._selected)

    def move(self, centres: NDArray[np.float64]) -> None:
        """Put the spheres at other centres (n, 3); everything else about them stays."""
        self.centres = np.asarray(centres, np.float64).reshape(-1, 3)
        self._order = None
        self._draw(self.solid, np.flatnonzero(self._is_solid()))
        self._put_halo()

    def colours(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Colours (n, 3) between the least and the greatest value."""
        values = np.asarray(values, np.float64)
        low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
        return ramp((values - low) / (high - low) if high > low else np.ones(len(values)), SCORE_COLOURS)

    def select(self, index: int | None) -> None:
        """Put the rim around one sphere and make it opaque, or do so for none."""
        self._selected, self._order = index, None
        self.halo.SetVisibility(index is not None)
        solid = self._is_solid()
        self._draw(self.solid, np.flatnonzero(solid))
        self.solid.SetVisibility(bool(solid.any()))
        self.faint.SetVisibility(not solid.all())
        self._put_halo()

    def _put_halo(self) -> None:
        """Around the selected sphere, or around the solid one that hides it whole."""
        if self._selected is None:
            return
        apart = np.linalg.norm(self.centres - self.centres[self._selected], axis=1)
        hiding = np.flatnonzero(self._is_solid() & (apart + self.radii[self._selected] <= self.radii))
        ringed = hiding[np.argmax(self.radii[hiding])]
        self.halo.SetPosition(*(self.centres[ringed] + self.shift))
        self.halo.SetScale(float(self.radii[ringed]) * _HALO_GROWTH)

    def _is_solid(self) -> NDArray[np.bool_]:
        solid = self._colours[:, 3] == 255
        if self._selected is not None:
            solid[self._selected] = True
        return solid

    def _draw(self, actor: vtkActor, which: NDArray[np.int64]) -> None:
        """Draw these spheres, in that order."""
        colours = self._colours[which]
        if actor is self.solid:
            colours[:, 3] = 255
        actor.GetMapper().SetInputData(_points(self.centres[which], radius=self.radii[which], colour=colours))

    def mark(self, centre: NDArray[np.float64]) -> None:
        """Put the rim around a place that is no placement."""
        self.select(None)
        self.halo.SetVisibility(True)
        self.halo.SetPosition(*(centre + self.shift))
        self.halo.SetScale(float(self.radii.max()) * _HALO_GROWTH if len(self.radii) else _MARK_RADIUS)

    def hit(self, start: NDArray[np.float64], direction: NDArray[np.float64]) -> int | None:
        """The nearest sphere that a ray meets."""
        if len(self.centres) == 0:
            return None
        to_centre = self.centres - start
        along = to_centre @ direction
        off = np.linalg.norm(to_centre - along[:, None] * direction, axis=1)
        met = (off <= self.radii) & (along > 0)
        if not met.any():
            return None
        front = np.where(met, along - np.sqrt(np.maximum(self.radii**2 - off**2, 0)), np.inf)
        return int(np.argmin(front))


def _points(places: NDArray[np.float64], **columns: NDArray[np.generic]) -> vtkPolyData:
    """Points (n, 3) with named columns (n, ...)."""
    points = vtkPoints()
    points.SetDataTypeToDouble()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(places), deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    for name, values in columns.items():
        column = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
        column.SetName(name)
        data.GetPointData().AddArray(column)
    return data


def sphere_radii(hits: ArrayLike, size: float) -> NDArray[np.float64]:
    """Radii (n,) in Å: volume grows with hits, and the fewest still have three tenths of the largest radius ``size``."""
    hits = np.asarray(hits, np.float64)
    if len(hits) == 0:
        return np.zeros(0)
    return size * (0.3 + 0.7 * np.cbrt(hits / max(hits.max(), 1.0)))


def worth_a_look(doubtful: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which placements (n,), in order of rank, to look at first: all that are not ``doubtful`` (n,), and a handful of those that are."""
    doubtful = np.asarray(doubtful, bool)
    return ~doubtful | (np.cumsum(doubtful) <= HANDFUL)


def opacities_of(worth: NDArray[np.bool_], doubtful: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Opacities (n,): solid what is sure, a little of what is worth a look nevertheless, and a cloud of all the rest."""
    return np.where(worth, np.where(doubtful, _WORTH, 1.0), _CLOUD)
