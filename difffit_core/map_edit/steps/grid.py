"""Steps that change the voxels: a finer or coarser grid, and another size of the same voxels."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import model_validator

from difffit_core.errors import UserError
from difffit_core.map_edit.steps.base import Models, Say, Step, no_finer
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap


class Resample(Step):
    """The same density on voxels of another size."""

    step: Literal["resample"] = "resample"
    voxel_size: Annotated[float, setting("Voxel size of the new grid; the density stays as large as it is.", "Å", ge=0.05, le=100)]

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        from difffit_core.map_edit.resampling import is_coarser, resampled

        made = resampled(density_map, self.voxel_size)
        if not is_coarser(density_map, self.voxel_size):
            return made
        finest = 2 * self.voxel_size
        if density_map.resolution is None or density_map.resolution.value < finest:
            say(f"voxels of {self.voxel_size:g} Å hold no detail finer than {finest:g} Å, which was left out")
        return replace(made, entry=None, resolution=no_finer(density_map, finest, "its voxel size"))

    @property
    def tag(self) -> str:
        return f"{self.voxel_size:g} Å voxels"

    @property
    def done(self) -> str:
        return f"resampled to voxels of {self.voxel_size:g} Å"


class VoxelSize(Step):
    """The voxels are said to be of another size, and the density becomes as much larger or smaller; the middle of the box stays."""

    step: Literal["voxel-size"] = "voxel-size"
    size: Annotated[float | None, setting("What the voxel size is to be; the middle of the box stays.", "Å", ge=0.05, le=100)] = None
    scale: Annotated[float | None, setting("Multiply the voxel size by this; the middle of the box stays.", ge=0.1, le=10)] = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.size is None) == (self.scale is None):
            raise UserError("a voxel size must be given as a size in Å or as a factor, and not as both")
        return self

    def settled(self, density_map: "DensityMap") -> Self:
        sizes = density_map.voxel_size
        if self.size is not None and float(sizes.max() / sizes.min()) > 1.001:
            got = " x ".join(f"{one:.5g}" for one in sizes)
            raise UserError(
                f"{density_map.path or density_map.name}: one voxel size is for cubic voxels, got {got} Å; give a factor instead"
            )
        return self

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        if self.size is not None:
            return density_map.rescaled(self.size / float(density_map.voxel_size.mean()))
        return density_map.rescaled(self.scale or 1.0)

    @property
    def tag(self) -> str:
        return f"voxel size {self.size:g} Å" if self.size is not None else f"voxel size x {self.scale:g}"

    @property
    def done(self) -> str:
        return f"voxel size set to {self.size:g} Å" if self.size is not None else f"voxel size times {self.scale:g}"
