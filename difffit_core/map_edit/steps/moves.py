"""Steps that move the density: onto the grid of another map, and over itself by its symmetry."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from difffit_core.errors import UserError
from difffit_core.map_edit.steps.base import Models, Say, Step, no_finer
from difffit_core.recipes.base import PoseValue, identity
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap

_LARGEST = 1 << 29
_COARSER = 1.001


class Place(Step):
    """The density is moved, and sampled on a grid: that of the map that it was laid onto."""

    step: Literal["place"] = "place"
    pose: Annotated[PoseValue, setting("How the density moves.")]
    grid: Annotated[
        tuple[float, ...] | None,
        setting("The grid: voxels along x, y and z, their sizes in Å, and the first one's place in Å; the map's own if not given."),
    ] = None

    @model_validator(mode="after")
    def _is_a_grid(self) -> Self:
        if self.grid is not None:
            count, size = self.grid[:3], self.grid[3:6]
            if len(self.grid) != 9 or any(n < 2 or n % 1 for n in count) or min(size) <= 0 or math.prod(count) > _LARGEST:
                raise UserError(
                    "a grid must be nine numbers: voxels along x, y and z, two at least and half a thousand million in all, their sizes in "
                    f"Å, and the first one's x, y and z, got {', '.join(f'{one:g}' for one in self.grid)}"
                )
        return self

    def settled(self, density_map: "DensityMap") -> Self:
        return self if self.grid is not None else self.model_copy(update={"grid": grid_of(density_map)})

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        import numpy as np  # here, since recipes should be made without it

        from difffit_core.map_edit.onto_grid import on_grid

        grid = self.grid or grid_of(density_map)
        shape, size = tuple(int(n) for n in grid[2::-1]), np.array(grid[3:6])
        values, there = on_grid(density_map, self.pose, (shape[0], shape[1], shape[2]), size, np.array(grid[6:]))
        if not there.any():
            raise UserError(f"{density_map.path or density_map.name}: nothing of it lies in the grid that it is placed onto")
        finest = 2 * float(size.max())
        coarser = bool((size.max() > _COARSER * density_map.voxel_size).any())
        made = replace(density_map, values=values, voxel_size=size, origin=np.array(grid[6:]), lattice=None, entry=None, evidence=None)
        return replace(made, resolution=no_finer(density_map, finest, "its voxel size")) if coarser else made

    @property
    def tag(self) -> str:
        return "placed"

    @property
    def done(self) -> str:
        return "moved onto another map's grid"


class Symmetrise(Step):
    """The density is averaged over the moves of a symmetry."""

    step: Literal["symmetrise"] = "symmetrise"
    group: Annotated[str, setting("Cn, Dn, T, O or I.")]
    frame: Annotated[
        PoseValue, setting("Takes the group's own frame (main axis along z, a dyad along x) to the map's; its shift is the centre in Å.")
    ] = Field(default_factory=identity)
    rise: Annotated[
        float, setting("Of a helix, in Å: each unit is the one before, raised along the axis and turned.", "Å", ge=0, le=1e4)
    ] = 0.0
    twist: Annotated[float, setting("Of a helix, in degrees.", "°", ge=-180, le=180)] = 0.0

    @model_validator(mode="after")
    def _is_a_group(self) -> Self:
        if self.group != "C1":
            from difffit_core.groups.group import parse_group

            parse_group(self.group)
        if self.group == "C1" and not self.rise:
            raise UserError("a symmetry to impose must be more than C1, got C1 and no rise of a helix")
        if self.rise and not self.group.startswith("C"):
            raise UserError(f"a helix has Cn about its axis at most, got {self.group}")
        return self

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        from difffit_core.groups.group import Group, parse_group
        from difffit_core.map_edit.onto_grid import averaged

        helix = Group("helix", 1, self.rise, self.twist) if self.rise else None
        group = Group("C", 1) if self.group == "C1" else parse_group(self.group)
        made = averaged(density_map, group, helix, self.frame)
        return replace(made, entry=None, evidence=None)

    @property
    def tag(self) -> str:
        return f"{self.group}" if not self.rise else "helix"

    @property
    def done(self) -> str:
        helix = f"a helix of {self.rise:.2f} Å rise and {self.twist:.2f}° twist" if self.rise else self.group
        return f"averaged over {helix}"


def grid_of(density_map: "DensityMap") -> tuple[float, ...]:
    """A map's grid as `Place` takes it."""
    numbers = (*density_map.shape_xyz, *density_map.voxel_size, *density_map.origin)
    return tuple(float(one) for one in numbers)
