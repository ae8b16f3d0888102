"""How things are drawn, as commands: shown, hidden, and every field of a style."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any, ClassVar, Literal

from difffit_app.commands.registry import Commands
from difffit_app.styles import MOST_VOXELS, Colour
from difffit_core.errors import UserError
from difffit_core.number_words import whole_number
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import Arguments, Positional, Several, Spelling, default_of, join_names
from difffit_core.settings import setting

OnOff = Literal["on", "off"]
Things = Annotated[
    tuple[str, ...],
    setting("Maps, models, and chains (#2/A,B) or residues (#2/A:10-20) of models; all for all.", min_length=1),
    Arguments("#ID..."),
]

Placement = Annotated[int | None, setting("A placement, by its rank, in place of a map or model.", ge=1)]
OfFit = Annotated[int | None, setting("The number of the fit, as in fit-2; that which is shown if not given.", ge=1)]


class Show(Recipe):
    """Things to draw."""

    job: ClassVar[str] = "show"

    what: Things


class Hide(Recipe):
    """Things not to draw."""

    job: ClassVar[str] = "hide"

    what: Things


class Only(Recipe):
    """What alone is to be drawn."""

    job: ClassVar[str] = "only"

    what: Annotated[tuple[str, ...], setting("What is left; all else is hidden.", max_length=1), Arguments("[#ID]")] = ()
    placement: Placement = None
    fit: OfFit = None


class View(Recipe):
    """From where one looks, and at what."""

    job: ClassVar[str] = "view"

    what: Annotated[
        tuple[str, ...],
        setting("A map, model, chain or residues, front, back, left, right, top, bottom, or a saved view; all if not given.", max_length=1),
        Arguments("[#ID|NAME]"),
    ] = ()
    placement: Placement = None
    fit: OfFit = None


class ChoosePlacement(Recipe):
    """The placement that is shown."""

    job: ClassVar[str] = "placement"

    rank: Annotated[str, setting("Its rank; 1 is best."), Positional("RANK")]
    fit: OfFit = None


class Select(Recipe):
    """What is to be selected."""

    job: ClassVar[str] = "select"

    what: Annotated[
        tuple[str, ...], setting("Models, chains (#2/A,B) or residues (#2/A:10-20); nothing selects nothing."), Arguments("[#ID...]")
    ] = ()


class Level(Recipe):
    """A contour level of a map."""

    job: ClassVar[str] = "level"

    what: Annotated[str, setting("The map."), Positional("#ID")]
    value: Annotated[str, setting("In the map's units, in standard deviations above the mean (3sigma), or auto."), Positional("LEVEL")]


class ColourThings(Recipe):
    """Things and their colour."""

    job: ClassVar[str] = "colour"

    what: Annotated[
        tuple[str, ...],
        setting("Maps, models, chains or residues, and then the colour: #3366cc, a name, or chain, structure and the like.", min_length=2),
        Arguments("#ID... COLOUR"),
    ]


class _Switch(Spelling):
    """``box on``, ``box off``."""

    def __init__(self) -> None:
        super().__init__("", "on|off")


class Style(Recipe):
    """How a map or a model is drawn: what is not given stays as it is."""

    job: ClassVar[str] = "style"

    what: Annotated[str, setting("The map or the model."), Positional("#ID")]
    level: Annotated[float | None, setting("Of a map: its contour level, in its units.")] = None
    colour: Annotated[Colour | None, setting("#rrggbb, of a map, or of a model in one colour.")] = None
    opacity: Annotated[float | None, setting("0 cannot be seen, 1 nothing shines through.", ge=0, le=1)] = None
    mode: Annotated[Literal["surface", "mesh", "slice"] | None, setting("Of a map.")] = None
    box: Annotated[OnOff | None, setting("Of a map: the edges of its box."), _Switch()] = None
    step: Annotated[str | None, setting("Of a map: contour every so many voxels, or auto.")] = None
    smallest_island: Annotated[float | None, setting("Of a map: hide pieces of its surface that enclose less.", "Å³", ge=0)] = None
    slice_axis: Annotated[Literal["x", "y", "z"] | None, setting("Of a map: what its slice is at right angles to.")] = None
    all_slices: Annotated[OnOff | None, setting("Of a map: slices along all axes."), _Switch()] = None
    slices: Annotated[tuple[str, ...], setting("Of a map: voxel numbers of the slices along x, y, z."), Several("--slices", "X,Y,Z")] = ()
    colour_by: Annotated[
        Literal["structure", "chain", "residue", "b_factor", "element", "plain", "local_fit"] | None, setting("Of a model.")
    ] = None
    representation: Annotated[Literal["cartoon", "trace", "sticks", "spheres"] | None, setting("Of a model.")] = None

    def changes(self) -> dict[str, Any]:
        """Fields of the style, and their values; `UserError` for what is no whole number where one belongs."""
        found: dict[str, Any] = {}
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if name != "what" and value != default_of(info):
                found[name] = value
        for name in ("box", "all_slices"):
            if name in found:
                found[name] = found[name] == "on"
        if "step" in found:
            found["step"] = None if found["step"] == "auto" else _whole("step", found["step"])
        if "slices" in found:
            found["slices"] = tuple(_whole("slices", one) for one in found["slices"])
            if len(found["slices"]) != 3:
                raise UserError(f"slices must be three voxel numbers X,Y,Z, got {join_names(self.slices)}")
        return found


_WHOLE = {"step": (1, 16), "slices": (0, MOST_VOXELS)}


def _whole(name: str, text: str) -> int:
    number, (least, most) = whole_number(text), _WHOLE[name]
    if number is None or not least <= number <= most:
        raise UserError(f"{name} must be {'auto or ' if name == 'step' else ''}a whole number from {least} to {most}, got {text}")
    return number


def restyling(
    commands: Commands, identifier: str, changes: Mapping[str, Any], kind: tuple[str, ...] | None = None
) -> AbstractContextManager[None]:
    """Echo a change of the style of a map or model while it is made; changes of residues are echoed by who knows what is meant."""
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "visible":
            return commands.doing("show" if value else "hide", {"what": (identifier,)})
        if name not in Style.model_fields:
            return nullcontext()
        if name == "slices" and value is None:
            continue
        values[name] = ("on" if value else "off") if name in ("box", "all_slices") else value
        if name == "step":
            values[name] = "auto" if value is None else str(value)
        elif name == "slices":
            values[name] = tuple(map(str, value))
    return commands.doing("style", {"what": identifier, **values}, kind)
