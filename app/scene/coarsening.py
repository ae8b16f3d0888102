"""Fine surfaces are drawn by fewer triangles as long as things move, where whole frames take long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper, vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLSphereMapper

from difffit_app.geometry.coarse import coarser
from difffit_app.scene.actors.isosurface import arrays_of, polydata
from difffit_app.scene.actors.map_actor import Later

MANY = 12_000
"""Triangles of a surface that is worth it."""


@dataclass(frozen=True, eq=False)
class _Made:
    """A coarse surface, and what it was made of as that was."""

    of: vtkPolyData
    at: int
    coarse: vtkPolyData

    def is_of(self, data: vtkPolyData) -> bool:
        return self.of is data and self.at == data.GetMTime()


class Coarsening:
    """Exchanges what mappers draw, and puts it back. Coarse surfaces are made by ``later`` when they are first wanted, and kept."""

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self._asked: set[int] = set()
        self._renderers: Sequence[vtkRenderer] = ()
        self._exchanged: list[tuple[vtkPolyDataMapper, vtkPolyData, vtkPolyData]] = []

    def begin(self, renderers: Sequence[vtkRenderer], later: Later | None) -> None:
        """Draw coarsely what there is a coarse version of; have the others made, and drawn so as soon as they are."""
        self._renderers = renderers
        found = list(_surfaces(renderers))
        there = {id(data) for _, data in found}
        self._made = {key: made for key, made in self._made.items() if key in there}
        self._exchange()
        if later is not None:
            for _, data in found:
                made = self._made.get(id(data))
                if (made is None or not made.is_of(data)) and id(data) not in self._asked:
                    self._ask(data, later)

    def end(self) -> None:
        """Draw all as it is; what has been given another surface meanwhile keeps that."""
        for mapper, data, coarse in self._exchanged:
            if mapper.GetInput() is coarse:
                mapper.SetInputData(data)
        self._exchanged.clear()
        self._renderers = ()

    def _exchange(self) -> None:
        for mapper, data in _surfaces(self._renderers):
            made = self._made.get(id(data))
            if made is not None and made.is_of(data):
                mapper.SetInputData(made.coarse)
                self._exchanged.append((mapper, data, made.coarse))

    def _ask(self, data: vtkPolyData, later: Later) -> None:
        at = data.GetMTime()
        copy = vtkPolyData()
        copy.ShallowCopy(data)
        self._asked.add(id(data))

        def take(coarse: vtkPolyData) -> None:
            self._asked.discard(id(data))
            self._made[id(data)] = _Made(data, at, coarse)
            self._exchange()

        later(lambda: _coarse(copy), take)


def _surfaces(renderers: Sequence[vtkRenderer]) -> Iterator[tuple[vtkPolyDataMapper, vtkPolyData]]:
    """What is drawn of many triangles, once each, and is no end of a pipeline that would be cut."""
    seen: set[int] = set()
    for renderer in renderers:
        for actor in renderer.GetActors():
            mapper = actor.GetMapper() if isinstance(actor, vtkActor) and actor.GetVisibility() else None
            if not isinstance(mapper, vtkPolyDataMapper) or isinstance(mapper, (vtkGlyph3DMapper, vtkOpenGLSphereMapper)):
                continue
            if id(mapper) in seen or not isinstance(mapper.GetInputAlgorithm(), vtkTrivialProducer):
                continue
            data = mapper.GetInput()
            if data is not None and data.GetNumberOfPolys() >= MANY and data.GetPointData().GetNormals() is not None:
                seen.add(id(mapper))
                yield mapper, data


def _coarse(data: vtkPolyData) -> vtkPolyData:
    """In the same colours."""
    vertices, faces = arrays_of(data)
    normals = vtk_to_numpy(data.GetPointData().GetNormals())
    kept, vertices, normals, faces = coarser(vertices, normals, faces)
    made = polydata(vertices, normals, faces)
    colours = data.GetPointData().GetScalars()
    if colours is not None:
        made.GetPointData().SetScalars(numpy_to_vtk(vtk_to_numpy(colours)[kept], deep=True))
    return made
