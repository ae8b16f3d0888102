"""Steps that keep a part: of the box, or of what is near a model."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import model_validator

from difffit_core.errors import UserError
from difffit_core.map_edit.around import Around, atoms_of
from difffit_core.map_edit.steps.base import Models, Say, Step
from difffit_core.number_bounds import FARTHEST
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap


class Crop(Step):
    """The box is cut down: round models, round all that lies above a level, or from corner to corner."""

    step: Literal["crop"] = "crop"
    around: Annotated[tuple[Around, ...], setting("Keep the box round these models.")] = ()
    to_level: Annotated[bool, setting("Keep the box round all density at or above the level.")] = False
    level: Annotated[float | None, setting("That level, in the map's units; None for the suggested one.")] = None
    box: Annotated[tuple[float, float, float, float, float, float] | None, setting("Keep from corner X,Y,Z to corner X,Y,Z.", "Å")] = None
    margin: Annotated[float, setting("How much farther the box reaches on every side.", "Å", ge=0, le=1000)] = 0.0

    @model_validator(mode="after")
    def _tells_of_one_way(self) -> Self:
        if bool(self.around) + self.to_level + (self.box is not None) != 1:
            raise UserError(
                "a crop goes round models, round the density above a level, or from corner to corner, and must say one of these"
            )
        if self.level is not None and not self.to_level:
            raise UserError("a level belongs to a crop round the density above it")
        if self.box is not None and not max(map(abs, self.box)) <= FARTHEST:
            raise UserError(f"the corners of a box must lie within {FARTHEST:g} Å, got {', '.join(f'{one:g}' for one in self.box)}")
        if self.box is not None and not all(a < b for a, b in zip(self.box[:3], self.box[3:], strict=True)):
            raise UserError(f"a box must go from its lowest corner X,Y,Z to its highest, got {', '.join(f'{one:g}' for one in self.box)}")
        return self

    def settled(self, density_map: "DensityMap") -> Self:
        if not self.to_level or self.level is not None:
            return self
        from difffit_core.contour import suggest_level

        return self.model_copy(update={"level": suggest_level(density_map).level})

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        import numpy as np

        from difffit_core.map_edit.cropping import box_above, cropped

        if self.around:
            atoms = atoms_of(self.around, models)
            low, high = atoms.min(axis=0), atoms.max(axis=0)
        elif self.box is not None:
            low, high = np.array(self.box[:3]), np.array(self.box[3:])
        else:
            low, high = box_above(density_map, float(self.level or 0.0))
        made, whole = cropped(density_map, low - self.margin, high + self.margin)
        if not whole and not self.to_level:
            say("part of what was to be kept lies outside the map; the box ends where the map does")
        return made

    @property
    def tag(self) -> str:
        return "cropped"

    @property
    def done(self) -> str:
        margin = f" and {self.margin:g} Å more" if self.margin else ""
        if self.around:
            return f"cropped to the box of {_named(self.around)}{margin}"
        if self.box is not None:
            low, high = (", ".join(f"{one:g}" for one in corner) for corner in (self.box[:3], self.box[3:]))
            return f"cropped to the box from {low} to {high} Å{margin}"
        return f"cropped to the box of what is above {'the suggested level' if self.level is None else format(self.level, '.4g')}{margin}"


class Zone(Step):
    """Only density near models is kept, or all but that."""

    step: Literal["zone"] = "zone"
    around: Annotated[tuple[Around, ...], setting("The models.", min_length=1)]
    within: Annotated[float, setting("What is near: so far from the centre of an atom.", "Å", ge=0.1, le=1000)] = 5.0
    soft_edge: Annotated[float, setting("Over so much more the density falls to nothing; 0 for at once.", "Å", ge=0, le=100)] = 0.0
    outside: Annotated[bool, setting("Take away what is near, and keep the rest.")] = False

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        from difffit_core.map_edit.zone import kept_near, usual_value, zoned

        near = kept_near(density_map, atoms_of(self.around, models), self.within, self.soft_edge)
        nothing = usual_value(density_map)
        if nothing:
            say(f"what is left out became {nothing:.4g}, which is what this map has where there is nothing")
        made = zoned(density_map, 1 - near if self.outside else near)
        if float(made.values.min()) == float(made.values.max()):
            raise UserError(f"{density_map.path or density_map.name}: a zone must leave density that varies, got nothing but {nothing:g}")
        return made

    @property
    def tag(self) -> str:
        return f"{'without' if self.outside else 'within'} {self.within:g} Å"

    @property
    def done(self) -> str:
        edge = f", with a soft edge of {self.soft_edge:g} Å" if self.soft_edge else ""
        what = "without what is" if self.outside else "what is"
        return f"{what} within {self.within:g} Å of {_named(self.around)}{edge}"


def _named(around: tuple[Around, ...]) -> str:
    names: dict[str, int] = {}
    for one in around:
        names[str(one)] = names.get(str(one), 0) + 1
    return ", ".join(f"{count} x {name}" if count > 1 else name for name, count in names.items())
