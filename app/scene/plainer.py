"""All that renderers show, drawn plainly: surfaces of fewer triangles, fewer spheres, no silhouettes."""

from collections.abc import Iterator, Sequence

from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper, vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLSphereMapper

from difffit_app.geometry.coarse import coarser
from difffit_app.scene.actors.atom_spheres import thinned
from difffit_app.scene.actors.isosurface import arrays_of, polydata
from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.actors.silhouette import Silhouette
from difffit_app.scene.actors.stand_in import for_a_moment, is_for_a_moment, stand_in_of
from difffit_app.scene.shown import actors_on

MANY = 12_000
"""Triangles of a surface that is worth it."""
MANY_SPHERES = 10_000


_State = tuple[str, int]
"""Which data, by its address, and as it was at what time of VTK."""


class Plainer:
    """Exchanges what mappers draw, and puts it back.

    What brings a `stand_in_of` itself has that drawn. For others it is made by ``later`` when it is first wanted, and kept as long as
    what it stands for is there, which is not held by that.
    """

    def __init__(self) -> None:
        self._made: dict[str, tuple[int, vtkPolyData]] = {}
        """By address: the time of VTK as of which it was made, and what was made."""
        self._asked: set[_State] = set()
        self._renderers: Sequence[vtkRenderer] = ()
        self._later: Later | None = None
        self._exchanged: list[tuple[vtkPolyDataMapper, vtkPolyData, vtkPolyData]] = []
        self._lines: set[Silhouette] = set()

    def begin(self, renderers: Sequence[vtkRenderer], later: Later | None) -> None:
        """Draw plainly what there is a plainer version of; have the others made, and drawn so as soon as they are."""
        self._renderers, self._later = renderers, later
        self.look_again()

    def look_again(self) -> None:
        """Draw plainly what has been exchanged or put there meanwhile; to be called before frames."""
        for mapper, data in _drawn(self._renderers):
            plainer = data
            while (better := self._better(mapper, plainer)) is not None:
                plainer = better
            if plainer is not data:
                mapper.SetInputData(plainer)
                self._exchanged.append((mapper, data, plainer))
        for renderer in self._renderers:
            for actor in actors_on(renderer):
                if isinstance(actor, Silhouette) and actor.GetVisibility():
                    actor.leave_out(True)
                    self._lines.add(actor)

    def end(self) -> None:
        """Draw all as it is; what has been given another surface meanwhile keeps that."""
        for mapper, data, plainer in reversed(self._exchanged):
            if mapper.GetInput() is plainer:
                mapper.SetInputData(data)
        for lines in self._lines:
            lines.leave_out(False)
        self._exchanged.clear()
        self._lines.clear()
        self._renderers, self._later = (), None

    def _better(self, mapper: vtkPolyDataMapper, data: vtkPolyData) -> vtkPolyData | None:
        """What is to be drawn in place of that; None if nothing is, or not yet."""
        if is_for_a_moment(data):
            return None
        offered = stand_in_of(data)
        if offered is not None:
            return offered
        address, at = state = _state(data)
        made_at, made = self._made.get(address, (0, None))
        if made is not None and made_at == at:
            return made
        if isinstance(mapper, vtkOpenGLSphereMapper):
            return self._keep(data, at, thinned(data)) if data.GetNumberOfPoints() > MANY_SPHERES else None
        if self._later is not None and state not in self._asked and data.GetNumberOfPolys() >= MANY and data.GetPointData().GetNormals():
            self._ask(data, self._later)
        return None

    def _ask(self, data: vtkPolyData, later: Later) -> None:
        state = _state(data)
        copy = vtkPolyData()
        copy.ShallowCopy(data)
        self._asked.add(state)

        def take(coarse: vtkPolyData) -> None:
            self._asked.discard(state)
            self._keep(data, state[1], coarse)
            self.look_again()

        later(lambda: _coarse(copy), take)

    def _keep(self, data: vtkPolyData, at: int, plainer: vtkPolyData) -> vtkPolyData:
        """What was made of data at that time of VTK, until the data is gone."""
        address, kept = _state(data)[0], self._made
        if address not in kept:
            data.AddObserver(vtkCommand.DeleteEvent, lambda *_: kept.pop(address, None))
        kept[address] = at, for_a_moment(plainer)
        return plainer


def _state(data: vtkPolyData) -> _State:
    return data.GetAddressAsString("vtkPolyData"), data.GetMTime()


def _drawn(renderers: Sequence[vtkRenderer]) -> Iterator[tuple[vtkPolyDataMapper, vtkPolyData]]:
    """The mappers of what is seen, once each, that are no end of a pipeline that would be cut."""
    seen: set[int] = set()
    for renderer in renderers:
        for actor in actors_on(renderer):
            mapper = actor.GetMapper() if isinstance(actor, vtkActor) and actor.GetVisibility() else None
            if not isinstance(mapper, vtkPolyDataMapper) or isinstance(mapper, vtkGlyph3DMapper) or id(mapper) in seen:
                continue
            seen.add(id(mapper))
            if isinstance(mapper.GetInputAlgorithm(), vtkTrivialProducer) and (data := mapper.GetInput()) is not None:
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
