"""A model as cartoon, backbone, sticks or spheres, moved by a matrix."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkProp3D
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLSphereMapper

from difffit_app.geometry.colours import colour_atoms, glowing, rgb
from difffit_app.geometry.mesh import Mesh, Representation
from difffit_app.scene.actors.atom_spheres import as_spheres
from difffit_app.scene.actors.glass import make_glass
from difffit_app.scene.actors.isosurface import polydata
from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.actors.silhouette import darken_rims, silhouette, surround
from difffit_app.scene.single_layer import depth_twin, follow
from difffit_app.state.items import OpenModel
from difffit_app.state.selection import Run
from difffit_app.styles import ModelStyle
from difffit_core.pose import Pose

_MANY_VERTICES = 400_000
"""Of a mesh: chains of a larger one are not picked out while the window waits."""


_Wanted = tuple[Representation, tuple[str, ...], tuple[Run, ...]]


class ModelActor:
    """Shows all chains or some, where the file has them or in a placement.

    What takes long is built by ``later``, after which ``on_ready`` is called; until then what was before is shown, where it was.
    """

    def __init__(self, item: OpenModel, style: ModelStyle, later: Later | None = None, on_ready: Callable[[], None] = lambda: None) -> None:
        self._item, self._style, self._later, self._on_ready = item, style, later, on_ready
        self._chains: tuple[str, ...] = item.model.chains
        self._representation: Representation = "cartoon"
        self._painted: NDArray[np.uint8] | None = None
        self._highlighted: NDArray[np.int64] = np.zeros(0, np.int64)
        self._hidden = style.hidden
        self._aside = False
        self._waited_for: _Wanted | None = None
        self._pose: Pose | None = None
        self.actor, self._front, self._lines = vtkActor(), depth_twin(), silhouette()
        self._silhouettes = False
        look = self.actor.GetProperty()
        look.SetInterpolationToPhong()
        look.SetAmbient(0.16)
        look.SetDiffuse(0.92)
        look.SetSpecular(0.3)
        look.SetSpecularPower(35)
        self._mesh, self._data = Mesh.empty(), vtkPolyData()
        self._build()
        self.apply(style)

    @property
    def item(self) -> OpenModel:
        return self._item

    @property
    def props(self) -> tuple[vtkProp3D, ...]:
        """All that is drawn, in that order."""
        return (self._front, self._lines, self.actor)

    @property
    def chains(self) -> tuple[str, ...]:
        return self._chains

    def told_chains(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """The chains of which anything is drawn, and by chain the colour of those that were given one as a whole."""
        model = self._item.model
        if not self._hidden and not self._style.painted:
            return self._chains, {}
        residues, first_atoms = np.unique(model.residue_index[model.in_fit], return_index=True)
        names, drawn = model.chain_names[model.in_fit][first_atoms], ~within(residues, self._hidden)
        colours = np.full(len(residues), "", "<U7")
        for first, last, colour in self._style.painted:
            colours[within(residues, ((first, last),))] = colour
        by_chain = {chain: set(colours[drawn & (names == chain)].tolist()) for chain in self._chains}
        painted = {chain: next(iter(found)) for chain, found in by_chain.items() if len(found) == 1}
        return tuple(chain for chain, found in by_chain.items() if found), {chain: colour for chain, colour in painted.items() if colour}

    @property
    def pose(self) -> Pose | None:
        """Where it was moved to; None for where the file has it."""
        return self._pose

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is drawn, since all is hidden."""
        return len(self._mesh.vertices) == 0

    @property
    def hidden(self) -> tuple[Run, ...]:
        """Residues that are left out."""
        return self._hidden

    @property
    def representation(self) -> Representation:
        """The one that is drawn now."""
        return self._representation

    def apply(self, style: ModelStyle) -> None:
        """Draw it in that style, as soon as that is built."""
        self._style = style
        self.actor.GetProperty().SetOpacity(style.opacity)
        self._show_or_hide()
        wanted, hidden = style.representation, self._hidden
        self._hidden = style.hidden
        if wanted == self._representation and hidden != style.hidden:
            self._build()
        elif wanted == self._representation:
            self._colour()
        elif self._later is None or self._item.mesh.has(wanted):
            self._show(wanted)
        else:
            self._colour()
            mesh, model = self._item.mesh, self._item.model
            self._later(lambda: mesh.drawn_as(wanted, model), lambda _: self._show_late(wanted))

    def set_aside(self, aside: bool) -> None:
        """Do not draw it, whatever its style says."""
        if aside != self._aside:
            self._aside = aside
            self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.actor.SetVisibility(self._style.visible and self._style.opacity > 0 and not self._aside)
        self._follow()

    def paint(self, residue_colours: NDArray[np.uint8] | None) -> None:
        """Colour the residues (residues, 3), by ``residue_index``, whatever the style says; None for the colours of the style."""
        self._painted = residue_colours
        self._colour()

    def highlight(self, residues: NDArray[np.int64]) -> None:
        """Make residues (n,), by ``residue_index``, stand out."""
        if not np.array_equal(residues, self._highlighted):
            self._highlighted = residues
            self._colour()

    def show_chains(self, chains: Sequence[str]) -> None:
        """Draw only these chains."""
        chains = tuple(chains)
        if chains != self._chains:
            self._chains = chains
            self._build()

    def move(self, pose: Pose | None) -> None:
        """Put it into a pose; None for where the file has it."""
        self._pose = pose
        if self._waited_for is None:
            self._place()

    def set_silhouettes(self, on: bool) -> None:
        """Draw lines around it."""
        self._silhouettes = on
        self._follow()

    def show_as_contour(self) -> None:
        """Draw it clear but for its rims, with lines around them."""
        make_glass(self.actor, on=True)
        self.actor.GetProperty().BackfaceCullingOn()
        self.set_silhouettes(True)

    def close(self) -> None:
        """Take nothing more that is still being built."""
        self._later, self._on_ready, self._waited_for = None, lambda: None, None
        self._style = self._style.model_copy(update={"representation": self._representation})

    def bounds(self) -> tuple[float, ...]:
        return self.bounds_at(self._pose)

    def bounds_at(self, pose: Pose | None) -> tuple[float, ...]:
        """Box around what is drawn, were it in a pose; VTK's own would be that of the turned box."""
        vertices = self._mesh.vertices if pose is None else self._mesh.vertices @ pose.rotation.T + pose.translation
        if len(vertices) == 0:
            return tuple(self.actor.GetBounds())
        return tuple(np.stack([vertices.min(axis=0), vertices.max(axis=0)], axis=1).ravel().tolist())

    def _show(self, representation: Representation) -> None:
        self._representation = representation
        self._build()

    def _show_late(self, representation: Representation) -> None:
        if representation == self._style.representation != self._representation:
            self._show(representation)
            self._on_ready()

    def _build(self) -> None:
        """Make what the card draws, of the chains shown."""
        wanted, model = (self._representation, self._chains, self._hidden), self._item.model
        many = len(self._item.mesh.drawn_as(self._representation, model).vertices) > _MANY_VERTICES
        if self._later is not None and many and (self._chains != model.chains or self._hidden):
            self._waited_for = wanted
            self._later(lambda: self._made(*wanted), lambda made: self._take_late(wanted, made))
        else:
            self._take(self._made(*wanted))

    def _made(self, representation: Representation, chains: Sequence[str], hidden: Sequence[Run]) -> tuple[Mesh, vtkPolyData]:
        """The mesh, and the same for VTK; any thread may do it."""
        model = self._item.model
        mesh = self._item.mesh.drawn_as(representation, model)
        if chains != model.chains or hidden:
            mesh = mesh.subset(np.isin(model.chain_names, chains) & ~within(model.residue_index, hidden))
        return mesh, polydata(mesh.vertices, mesh.normals, mesh.faces)

    def _take_late(self, wanted: "_Wanted", made: tuple[Mesh, vtkPolyData]) -> None:
        if wanted == self._waited_for:
            self._take(made)
            self._on_ready()

    def _take(self, made: tuple[Mesh, vtkPolyData]) -> None:
        self._waited_for = None
        self._mesh, self._data = made
        if self._representation == "spheres":
            mapper = self._sphere_mapper()
            self._data = mapper.GetInput()
            self.actor.SetMapper(mapper)
        else:
            mapper = vtkPolyDataMapper()
            mapper.SetInputData(self._data)
            self.actor.SetMapper(mapper)
        self._place()
        self._colour()

    def _place(self) -> None:
        self.actor.SetUserMatrix(vtkMatrix4x4() if self._pose is None else pose_matrix(self._pose))
        self._follow()

    def _follow(self) -> None:
        """Have what goes with the actor do as it does."""
        follow(self._front, self.actor)
        on, spheres = self._silhouettes, isinstance(self.actor.GetMapper(), vtkOpenGLSphereMapper)
        surround(self._lines, self.actor, on and not spheres)
        darken_rims(self.actor, on and spheres)

    def _sphere_mapper(self) -> vtkOpenGLSphereMapper:
        mapper = vtkOpenGLSphereMapper()
        mapper.SetInputData(as_spheres(self._mesh.vertices, _radii(self._item.model.atomic_numbers[self._mesh.atoms])))
        mapper.SetScaleArray("radius")
        return mapper

    def _colour(self) -> None:
        model = self._item.model
        if self._painted is None:
            of_atoms = colour_atoms(model, self._item.mesh.structure, self._style.colour_by, self._style.colour, self._style.first_colour)
            for first, last, colour in self._style.painted:
                of_atoms[within(model.residue_index, ((first, last),))] = rgb(colour)
        else:
            of_atoms = self._painted[model.residue_index]
        if len(self._highlighted):
            marked = np.isin(model.residue_index, self._highlighted)
            of_atoms[marked] = glowing(of_atoms[marked])
        scalars = numpy_to_vtk(np.ascontiguousarray(of_atoms[self._mesh.atoms], np.uint8), deep=True)
        self._data.GetPointData().SetScalars(scalars)  # what the mapper draws may be a plainer version just now


def within(residue_index: NDArray[np.int32], runs: Sequence[Run]) -> NDArray[np.bool_]:
    """Which atoms (N,), of these residues, are of one of the runs."""
    inside = np.zeros(len(residue_index), bool)
    for first, last in runs:
        inside |= (residue_index >= first) & (residue_index <= last)
    return inside


def pose_matrix(pose: Pose) -> vtkMatrix4x4:
    """As VTK moves things."""
    matrix = vtkMatrix4x4()
    for row in range(3):
        for column in range(3):
            matrix.SetElement(row, column, pose.rotation[row, column])
        matrix.SetElement(row, 3, pose.translation[row])
    return matrix


def _radii(atomic_numbers: NDArray[np.int16]) -> NDArray[np.float32]:
    """Van der Waals radii (n,) in Å."""
    import gemmi

    kinds, place = np.unique(atomic_numbers, return_inverse=True)
    return np.array([gemmi.Element(int(number)).vdw_r for number in kinds], np.float32)[place]
