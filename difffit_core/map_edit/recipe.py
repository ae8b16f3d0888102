"""A working map as it is asked for: the map it is made of, and what is done to that, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from difffit_core.errors import UserError
from difffit_core.map_edit.steps import AnyStep, Crop, Models, Step, Zone
from difffit_core.map_edit.words import InOrder
from difffit_core.map_resolution import MapResolution
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import MapName
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap


@dataclass(frozen=True, eq=False)
class MadeMap:
    """A working map.

    Attributes
    ----------
    density_map : which has no file of its own
    recipe : with a number for whatever the map was to tell: the same recipe of the same map gives the same map
    said : what is to be known of it, one sentence each
    """

    density_map: "DensityMap"
    recipe: "MapRecipe"
    said: tuple[str, ...]

    def described(self) -> str:
        """Its voxels, and its resolution where that is known."""
        found = self.density_map
        size = " × ".join(dict.fromkeys(f"{length:.5g}" for length in found.voxel_size))
        told = f", {found.resolution.sentence()}" if found.resolution else ""
        return f"{' × '.join(map(str, found.shape_xyz))} voxels of {size} Å{told}"


class MapRecipe(Recipe):
    """One working map: the same recipe of the same map and models gives the same map."""

    job: ClassVar[str] = "map"

    map: MapName
    steps: Annotated[tuple[AnyStep, ...], setting("What is done, in this order."), InOrder()]
    resolution: Annotated[
        float | None, Field(ge=0.5, le=100), setting("Resolution of the map in Å, for --sharpen auto; the map's own if not given.", "Å")
    ] = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.steps:
            raise UserError("map must be told at least one step, such as --low-pass 8, got none")
        return self

    def models(self) -> tuple[tuple[str, str], ...]:
        """What its steps name: each model, and which of those in its file."""
        around = [one for step in self.steps if isinstance(step, (Crop, Zone)) for one in step.around]
        return tuple(dict.fromkeys((one.model, one.models) for one in around))

    def make(self, density_map: "DensityMap", models: Models | None = None) -> MadeMap:
        """The working map, of the map that it names and of the models by `models`, as they were read.

        Raises
        ------
        UserError
            If a step cannot be done to this map.
        """
        if self.resolution is not None:
            density_map = replace(density_map, resolution=MapResolution(self.resolution, "you"))
        made, settled, said = replace(density_map, evidence=None), list[Step](), list[str]()
        if density_map.evidence is not None:
            said.append(f"the half maps of {density_map.name} are of the map as it was, and tell nothing of the working map")
        for step in self.steps:
            step = step.settled(made)
            made = step.apply(made, models or {}, said.append)
            settled.append(step)
        if float(made.values.min()) == float(made.values.max()):
            raise UserError(f"{density_map.path or density_map.name}: the steps must leave density that varies, got a constant map")
        name = f"{density_map.name}, {tags(self.steps)}"
        made = replace(made, name=name, path=None, notes=tuple(dict.fromkeys((*density_map.notes, *said))))
        return MadeMap(made, self.changed(steps=tuple(settled)), tuple(said))

    def further(self, *steps: Step) -> Self:
        """The recipe that does these steps after its own."""
        return self.changed(steps=(*self.steps, *steps))

    def history(self) -> str:
        """What was done, in words."""
        return ", then ".join(step.done for step in self.steps)


def tags(steps: Sequence[Step]) -> str:
    """A few words for the name of what comes of the steps."""
    return ", ".join(step.tag for step in steps)
