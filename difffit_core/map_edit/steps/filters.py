"""Steps that change the values and leave the grid: a low-pass, sharpening, the other hand."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self

from difffit_core.errors import UserError
from difffit_core.map_edit.steps.base import Models, Say, Step, no_finer
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap

_MUCH = 100.0
"""From so many times on, detail at the end of the voxels is lifted above all else by sharpening alone."""


class LowPass(Step):
    """Detail finer than a resolution is left out."""

    step: Literal["low-pass"] = "low-pass"
    finest: Annotated[float, setting("Leave out detail finer than this.", "Å", ge=0.5, le=1000)]

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        from difffit_core.low_pass import low_passed

        end = 2 * float(density_map.voxel_size.max())
        if self.finest <= end:
            raise UserError(
                f"{density_map.path or density_map.name}: a low-pass must be above {end:.4g} Å, the finest that its voxels can hold, "
                f"got {self.finest:g}"
            )
        low = density_map.with_values(low_passed(density_map.values, density_map.voxel_size, self.finest))
        return replace(low, entry=None, evidence=None, resolution=no_finer(density_map, self.finest, "its low-pass"))

    @property
    def tag(self) -> str:
        return f"low-pass {self.finest:g} Å"

    @property
    def done(self) -> str:
        return f"low-passed to {self.finest:g} Å"


class Sharpen(Step):
    """Fine detail is lifted or lowered by a B factor."""

    step: Literal["sharpen"] = "sharpen"
    b_factor: Annotated[
        float | None,
        setting("B in Å²: negative sharpens, positive blurs; auto undoes the fall that Guinier's plot shows.", "Å²", ge=-2000, le=2000),
    ] = None

    def settled(self, density_map: "DensityMap") -> Self:
        if self.b_factor is not None:
            return self
        from difffit_core.map_edit.sharpening import Amplitudes

        name, resolution = density_map.path or density_map.name, density_map.resolution
        if resolution is None:
            raise UserError(
                f"{name}: sharpen must be a B factor in Å², got auto, for which the map's resolution must be known (--resolution)"
            )
        found = Amplitudes.of(density_map).b_factor(resolution.value)
        if found is None:
            raise UserError(
                f"{name}: sharpen must be a B factor in Å², got auto, for which the map must have detail from 10 Å to finer than 7 Å, "
                f"and has a resolution of {resolution.value:g} Å"
            )
        return self.model_copy(update={"b_factor": min(max(-round(found, 1), -2000.0), 2000.0)})

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        from difffit_core.map_edit.sharpening import gain_at_the_end, sharpened

        b = self.b_factor or 0.0
        gain = gain_at_the_end(density_map, b)
        if gain > _MUCH:
            end = 2 * float(density_map.voxel_size.max())
            more = f"lifts detail of {end:.3g} Å {gain:.3g} times, noise with it"
            say(f"sharpening by {b:g} Å² {more}: a low-pass to the map's resolution mends that")
        return replace(sharpened(density_map, b), entry=None)

    @property
    def tag(self) -> str:
        return f"B {'auto' if self.b_factor is None else format(self.b_factor, 'g')}"

    @property
    def done(self) -> str:
        b = self.b_factor
        return "sharpened" if b is None else f"{'blurred' if b > 0 else 'sharpened'} by B = {b:g} Å²"


class Mirror(Step):
    """The other hand."""

    step: Literal["mirror"] = "mirror"

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        return density_map.mirrored()

    @property
    def tag(self) -> str:
        return "mirrored"

    @property
    def done(self) -> str:
        return "mirrored (x reversed, in the same box)"
