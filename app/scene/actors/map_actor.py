"""A map as it is drawn: its surface or a mesh of it, slices, and the edges of its box."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkFiltersSources import vtkOutlineSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkProp3D

from difffit_app.geometry.colours import rgb
from difffit_app.geometry.extent import extent
from difffit_app.geometry.finer import NEAR, Sight, pixels_of_voxels
from difffit_app.geometry.overview import QUICK_VOXELS, Overview, step_for
from difffit_app.scene.actors.caps_actor import CapsActor
from difffit_app.scene.actors.glass import make_glass
from difffit_app.scene.actors.isosurface import contour, finer, grid_lines, image_of, without_islands
from difffit_app.scene.actors.silhouette import silhouette, surround
from difffit_app.scene.actors.slices_actor import SlicesActor
from difffit_app.scene.actors.stand_in import bring_along, for_a_moment
from difffit_app.scene.lines import LinesActor
from difffit_app.scene.single_layer import depth_twin, follow
from difffit_app.state.depth import Clip, Triple
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

Later = Callable[[Callable[[], Any], Callable[[Any], None]], None]
"""Has something done off the GUI thread, and its result taken there."""

_LARGEST_FULL = 80_000_000
_MOST_VERTICES = {True: 4_000_000, False: 12_000_000}
"""Of a surface whose step is chosen automatically, or by the user: beyond that a coarser one is drawn."""
_MANY_TRIANGLES = 100_000
_MESH_WIDTH = 1.2
_GHOST = 0.3
"""Opacity."""


@dataclass(frozen=True)
class _Recipe:
    """All that a surface depends on; ``of`` counts the maps that were taken."""

    level: float
    step: int
    automatic: bool
    smallest_island: float
    mesh: bool
    of: int


_Surface = tuple[vtkPolyData, int]
"""And of how many voxels one was contoured along each axis."""


class MapActor:
    """``props`` are drawn in the fit view; ``ghosts``, all but transparent, over the spheres.

    A large map is contoured on a coarser grid while its level moves, and in full by ``later`` once it rests, after which ``on_ready`` is
    called; so is what is seen from near, more finely than by its voxels. Surfaces of many triangles bring along a plainer one, which is
    drawn while things move (`stand_in`). Without ``later`` everything is done at once. The ``overview`` is made here if it is not given.
    """

    def __init__(
        self,
        density: DensityMap,
        style: MapStyle,
        later: Later | None = None,
        on_ready: Callable[[], None] = lambda: None,
        overview: Overview | None = None,
    ) -> None:
        self._density, self._style, self._later, self._on_ready = density, style, later, on_ready
        self._level, self._count, self._level_moves = style.level, 0, False
        self._full = image_of(density)
        overview = overview or Overview.of(density)
        self._take_overview(overview)
        self._surface_drawn: _Surface | None = None
        self._sight: Sight | None = None
        self._shown: vtkPolyData | None = None
        self._asked: tuple[_Recipe, Sight] | None = None
        self._near: tuple[tuple[_Recipe, Sight], vtkPolyData] | None = None
        self._bounds: tuple[float, tuple[float, ...]] | None = None
        self._drawn: _Recipe | None = None
        self._wanted: _Recipe | None = None
        self.surface, self.ghost, self.outline = _surface_actor(), vtkActor(), _outline(self._full)
        self._front, self._lines = depth_twin(), silhouette()
        self._silhouettes = False
        self.ghost.SetMapper(_surface_mapper())
        ghost = self.ghost.GetProperty()
        ghost.SetOpacity(_GHOST)
        ghost.BackfaceCullingOn()
        make_glass(self.ghost, on=True)
        ghost.SetAmbient(0.5)
        ghost.SetDiffuse(0.5)
        self.ghost.PickableOff()
        self._ghost_front = depth_twin()
        self.slices, self.caps = SlicesActor(density, self._full, overview.shades), CapsActor()
        self.apply(style)

    @property
    def props(self) -> list[vtkProp3D]:
        """All that the fit view shows, in the order in which it is to be drawn."""
        return [self.outline, *self.slices.props, self._front, self.caps.front, self._lines, self.surface, self.caps.actor]

    @property
    def ghosts(self) -> tuple[vtkActor, vtkActor]:
        """All that the cluster view shows, in the order in which it is to be drawn."""
        return self._ghost_front, self.ghost

    @property
    def style(self) -> MapStyle:
        return self._style

    @property
    def density(self) -> DensityMap:
        return self._density

    @property
    def is_shown(self) -> bool:
        return any(prop.GetVisibility() for prop in self.props)

    def apply(self, style: MapStyle) -> None:
        """Draw it in that style, in full as soon as that is done."""
        self._style, self._level, self._level_moves = style, style.level, False
        colour = rgb(style.colour) / 255
        for actor in (self.surface, self.ghost, self.outline, self.caps.actor):
            actor.GetProperty().SetColor(*colour)
        self.caps.actor.GetProperty().SetOpacity(style.opacity)
        solid = style.mode == "surface"
        look = self.surface.GetProperty()
        look.SetOpacity(style.opacity)
        make_glass(self.surface, solid and style.opacity < 1)
        look.SetBackfaceCulling(solid and style.opacity < 1)  # one layer, through which the model is seen
        self.surface.SetVisibility(style.visible and style.opacity > 0 and style.mode != "slice")
        self._follow()
        self.ghost.SetVisibility(style.visible)
        follow(self._ghost_front, self.ghost)
        self.outline.SetVisibility(style.visible and style.box)
        self.slices.show(style, style.level)
        self._show_ghost()
        if style.mode != "slice":
            automatic = style.step is None
            step = style.step or step_for(self._density.values.size, _LARGEST_FULL)
            self._draw(_Recipe(style.level, step, automatic, style.smallest_island, not solid, self._count))

    def cut(self, clip: Clip | None, sight: NDArray[np.float64], moving: bool) -> None:
        """Close the surface where planes that stand, or its box, cut it and are seen along a direction (3,); in haste while things move."""
        closed = self.surface.GetVisibility() and self._style.mode == "surface"
        planes, moved = clip.planes if clip is not None else (), self.surface.GetUserMatrix()
        if moved is not None:
            back = np.linalg.inv([[moved.GetElement(row, column) for column in range(4)] for row in range(4)])
            planes = tuple((_triple(back[:3, :3] @ point + back[:3, 3]), _triple(back[:3, :3] @ normal)) for point, normal in planes)
            sight = back[:3, :3] @ sight
        self.caps.show(self._density if closed else None, self._level, planes, sight, moving)

    def move(self, matrix: NDArray[np.float64] | None) -> None:
        """Draw it moved by a matrix (4, 4) in Å; None for where it stands."""
        moved = vtkMatrix4x4()
        if matrix is not None:
            moved.DeepCopy(np.asarray(matrix, np.float64).ravel().tolist())
        for prop in (*self.props, *self.ghosts):
            if isinstance(prop, vtkActor):
                prop.SetUserMatrix(moved if matrix is not None else None)

    def take(self, density: DensityMap, overview: Overview | None) -> None:
        """Draw another map on the same grid from now on."""
        if density is self._density:
            return
        self._density, overview, self._count = density, overview or Overview.of(density), self._count + 1
        self._full = image_of(density)
        self._take_overview(overview)
        self.slices.take(density, self._full)
        self._drawn = self._wanted = None
        self.apply(self._style)

    def _take_overview(self, overview: Overview) -> None:
        self._small = overview.small
        self._coarse_image = self._full if overview.coarse is self._density else image_of(overview.coarse)
        self._ghost_image = self._full if overview.small is self._density else image_of(overview.small)
        self._ghost_of: tuple[float, int, bool] | None = None

    def show_moving_level(self, level: float) -> None:
        """Draw a level that is being dragged, coarsely."""
        self._level, self._level_moves = level, True
        if self._style.mode == "slice":
            self.slices.show(self._style, level)
            self._show_ghost()
        else:
            self._drawn = self._wanted = None
            self._show_coarse(level)

    def look_from(self, sight: Sight) -> None:
        """Draw finely what is near enough to show its voxels, as soon as that is done. A step that was chosen is kept to."""
        moved = self.surface.GetUserMatrix()
        self._sight = sight if moved is None else sight.of_moved([moved.GetElement(row, column) for row in range(4) for column in range(4)])
        self._show_ghost()
        self._look_closer()

    def set_silhouettes(self, on: bool) -> None:
        """Draw lines around it."""
        self._silhouettes = on
        self._follow()

    def close(self) -> None:
        """Take no more surfaces that are still being made."""
        self._wanted = self._asked = self._sight = None
        self._on_ready = lambda: None

    def bounds(self) -> tuple[float, ...]:
        """Of what lies above the level and is no noise, or of the box where there is nothing."""
        if self._style.mode == "slice" or self._style.box:
            return tuple(self._full.GetBounds())
        if self._bounds is None or self._bounds[0] != self._level:
            self._bounds = (self._level, extent(self._density, self._level) or tuple(self._full.GetBounds()))
        return self._bounds[1]

    def volume(self) -> float:
        """Of what lies above the level, in Å³, roughly."""
        return float(np.count_nonzero(self._small.values >= self._level) * self._small.voxel_size.prod())

    @property
    def triangle_count(self) -> int:
        """Of the surface that is drawn now; a mesh has none."""
        return int(self.surface.GetMapper().GetInput().GetNumberOfPolys())

    def _draw(self, recipe: _Recipe) -> None:
        if recipe == self._drawn:
            self._wanted = recipe
            return
        if self._later is None or self._is_quick(recipe):
            self._wanted = recipe
            self._take(recipe, self._make(recipe))
        elif recipe != self._wanted:
            self._wanted = recipe
            self._show_coarse(recipe.level)
            self._later(lambda: self._make(recipe) if self._wanted == recipe else None, lambda surface: self._take(recipe, surface))

    def _is_quick(self, recipe: _Recipe) -> bool:
        few = recipe.smallest_island == 0 and not recipe.mesh
        return self._density.values.size / recipe.step**3 <= QUICK_VOXELS and (few or self.triangle_count < _MANY_TRIANGLES)

    def _make(self, recipe: _Recipe) -> _Surface:
        """The surface itself; touches nothing that is drawn, so any thread may do it."""
        values, most = self._density.values, _MOST_VERTICES[recipe.automatic]
        step = recipe.step
        while crossings(values[::step, ::step, ::step], recipe.level) > most:
            step += 1
        image = self._full if step == 1 else image_of(self._density, step)
        surface = without_islands(contour(image, recipe.level), recipe.smallest_island)
        surface = grid_lines(surface, image) if recipe.mesh else surface
        if self._coarse_image is not self._full:
            bring_along(surface, self._plainer(recipe.level, recipe.smallest_island, recipe.mesh))
        return surface, step

    def _take(self, recipe: _Recipe, surface: _Surface | None) -> None:
        """Show it."""
        if surface is None or recipe != self._wanted:
            return
        self._drawn, self._surface_drawn = recipe, surface
        self._show(surface[0], recipe.mesh)
        self._look_closer()
        self._on_ready()

    def _look_closer(self) -> None:
        """Draw the surface with a fine part, if it has one from there, as soon as that is made."""
        recipe, surface, sight = self._drawn, self._surface_drawn, self._sight
        if recipe is None or surface is None or sight is None or recipe.mesh or not recipe.automatic:
            return
        asked = (recipe, sight)
        if self._near is not None and self._near[0] == asked:
            self._show(self._near[1], mesh=False)
        elif self._asked != asked:
            self._asked = asked
            (plain, step), density = surface, self._density

            def make() -> vtkPolyData | None:
                fine = finer(plain, density, step, recipe.level, recipe.smallest_island, sight) if self._asked == asked else None
                return None if fine is None else bring_along(fine, plain)

            def take(fine: vtkPolyData | None) -> None:
                if self._asked == asked:
                    self._asked, self._near = None, (asked, plain if fine is None else fine)
                    if self._drawn == recipe:
                        self._look_closer()
                        self._on_ready()

            if self._later is None:
                take(make())
            else:
                self._later(make, take)

    def _show_coarse(self, level: float) -> None:
        mesh = self._style.mode == "mesh"
        self._show(for_a_moment(self._plainer(level, self._style.smallest_island, mesh)), mesh)

    def _plainer(self, level: float, smallest_island: float, mesh: bool) -> vtkPolyData:
        """The surface of every so many voxels; of many small pieces all are left, since to tell them apart takes long."""
        surface = contour(self._coarse_image, level)
        if surface.GetNumberOfPolys() < _MANY_TRIANGLES:
            surface = without_islands(surface, smallest_island)
        return grid_lines(surface, self._coarse_image) if mesh else surface

    def _show(self, surface: vtkPolyData, mesh: bool) -> None:
        self.surface.GetMapper().SetInputData(surface)
        self._shown = None if mesh else surface
        self._show_ghost()
        look = self.surface.GetProperty()
        if mesh:
            look.SetRepresentationToWireframe()
        else:
            look.SetRepresentationToSurface()
        self._follow()

    def _show_ghost(self) -> None:
        """Have the ghost at the level of what is drawn: calm from afar, and as smooth as the map where its blocks would be seen."""
        blocks_seen = self._sight is not None and pixels_of_voxels(self._small, self._sight) > NEAR[0]
        if blocks_seen and self._shown is not None and self._style.mode == "surface":
            self.ghost.GetMapper().SetInputData(self._shown)
            return
        wanted = (self._level, self._count, self._level_moves)
        if self._ghost_of != wanted:
            self._ghost_of, self._ghostly = wanted, contour(self._ghost_image, self._level)
            if self._level_moves:
                for_a_moment(self._ghostly)
        self.ghost.GetMapper().SetInputData(self._ghostly)

    def _follow(self) -> None:
        """Have what goes with the surface do as it does."""
        solid = self._style.mode == "surface"
        follow(self._front, self.surface)
        self._front.SetVisibility(self._front.GetVisibility() and solid)
        surround(self._lines, self.surface, solid and self._silhouettes)


def _triple(values: NDArray[np.float64]) -> Triple:
    x, y, z = values.tolist()
    return x, y, z


def crossings(values: NDArray[np.float32], level: float) -> int:
    """How many edges of the grid a surface crosses, which is how many vertices it has."""
    total, before = 0, None
    for plane in values:
        above = plane >= level
        total += int(np.count_nonzero(above[1:] != above[:-1]) + np.count_nonzero(above[:, 1:] != above[:, :-1]))
        if before is not None:
            total += int(np.count_nonzero(above != before))
        before = above
    return total


def _surface_mapper() -> vtkPolyDataMapper:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(vtkPolyData())
    mapper.ScalarVisibilityOff()
    return mapper


def _surface_actor() -> vtkActor:
    actor = LinesActor()
    actor.SetMapper(_surface_mapper())
    look = actor.GetProperty()
    look.SetSpecular(0.15)
    look.SetSpecularPower(20)
    look.SetAmbient(0.2)
    actor.set_thickness(_MESH_WIDTH)
    return actor


def _outline(image: vtkImageData) -> vtkActor:
    source = vtkOutlineSource()
    source.SetBounds(image.GetBounds())
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(source.GetOutputPort())
    actor = LinesActor()
    actor.SetMapper(mapper)
    actor.PickableOff()
    actor.GetProperty().LightingOff()
    actor.set_thickness(_MESH_WIDTH)
    return actor
