"""What is opened, closed, named, chosen, accepted and written, as commands."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic.fields import FieldInfo

from difffit_app.commands.looks import OfFit
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import Arguments, Parameter, Positional, Several, Spelling
from difffit_core.settings import setting

Id = Annotated[str, setting("The map or the model."), Positional("#ID")]


class _Maybe(Positional):
    """An argument that may be left out."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        (usual,) = super().parameters(name, info)
        return (replace(usual, default=""),)

    def arguments(self, name: str, info: FieldInfo, value: str) -> list[str]:  # noqa: ARG002 (as every spelling)
        return [value] if value else []


class Open(Recipe):
    """Files to open."""

    job: ClassVar[str] = "open"

    files: Annotated[tuple[str, ...], setting("Maps, models, a project or a folder.", min_length=1), Arguments("FILE...")]


class Close(Recipe):
    """What to close."""

    job: ClassVar[str] = "close"

    what: Annotated[tuple[str, ...], setting("Maps and models, or all for all.", min_length=1), Arguments("#ID...")]


class Rename(Recipe):
    """Another name."""

    job: ClassVar[str] = "rename"

    what: Id
    name: Annotated[str, setting("Its new name."), Positional("NAME")]


class Choose(Recipe):
    """What menus and panels are about."""

    job: ClassVar[str] = "choose"

    what: Id


class OfFile(Recipe):
    """Which of the models of a file to show."""

    job: ClassVar[str] = "models"

    what: Id
    which: Annotated[str, setting("A number, several with commas between them, or all."), Positional("N|all")]


class SayResolution(Recipe):
    """What the resolution of a map is."""

    job: ClassVar[str] = "resolution"

    what: Id
    value: Annotated[str, setting("In Å."), Positional("Å")]


class Accept(Recipe):
    """Placements to accept."""

    job: ClassVar[str] = "accept"

    ranks: Annotated[tuple[str, ...], setting("Ranks of placements; that which is shown if not given."), Arguments("[RANK...]")] = ()
    fit: OfFit = None


class Rows(Recipe):
    """Rows of the table of placements."""

    job: ClassVar[str] = "rows"

    ranks: Annotated[tuple[str, ...], setting("Ranks of placements of the fit that is shown."), Arguments("RANK...")]


class HitOf(Recipe):
    """A model of the open screen."""

    job: ClassVar[str] = "hit"

    model: Annotated[str, setting("Its name, or its rank; 1 is best."), Positional("NAME")]


class ZeroOut(Recipe):
    """How to take the density of what was accepted last out of the map."""

    job: ClassVar[str] = "zero-out"

    method: Annotated[Literal["covered", "threshold", "soft"], setting("covered, threshold or soft.")] = "covered"
    threshold: Annotated[float, setting("Of the simulated map, by threshold.", ge=0, le=1e18)] = 0.0


class Round(Recipe):
    """A place among the rounds."""

    job: ClassVar[str] = "round"

    composite: Annotated[str, setting("Its id, as composite-1."), Positional("COMPOSITE")]
    round: Annotated[str, setting("The id of the round, as composite-1-round-2; the start if not given."), _Maybe("[ROUND]")] = ""


class NameRound(Round):
    """Another name for a round or a composite."""

    job: ClassVar[str] = "rename-round"

    name: Annotated[str, setting("Its new name."), Spelling("--name")]


class CopyOf(Round):
    """An accepted copy."""

    job: ClassVar[str] = "remove-copy"

    number: Annotated[int, setting("Which of the copies of the round, counted from 1.", ge=1), Spelling("--number")] = 1


class Place(Recipe):
    """Where a model is put by hand."""

    job: ClassVar[str] = "place"

    what: Annotated[str, setting("A model, or chains of it, #2/A,B."), Positional("#ID")]
    pose: Annotated[str, setting("12 numbers separated by commas, R row by row and then t of x' = R x + t in Å."), Positional("NUMBERS")]


class BringTo(Recipe):
    """Models to bring to a map."""

    job: ClassVar[str] = "bring"

    map: Annotated[str, setting("Into the middle of whose density."), Positional("#ID")]
    models: Annotated[
        tuple[str, ...], setting("Models to move there, as they are turned in their files.", min_length=1), Arguments("#ID...")
    ]


class InSphere(Recipe):
    """The sphere in which the next fit looks."""

    job: ClassVar[str] = "sphere"

    place: Annotated[
        tuple[str, ...],
        setting("Centre and radius in Å, as 10 20 30 15; or on, or off; there or gone, the other way round, if not given.", max_length=4),
        Arguments("[X Y Z RADIUS|on|off]"),
    ] = ()


class BendComposite(Recipe):
    """A composite as a model that can be bent."""

    job: ClassVar[str] = "bend-composite"

    file: Annotated[str, setting("Where it is written, which is then opened."), Positional("FILE")]


class RemoveFitOf(Recipe):
    """A fit to remove."""

    job: ClassVar[str] = "remove-fit"

    fit: OfFit = None


class Save(Recipe):
    """What to write."""

    job: ClassVar[str] = "save"

    file: Annotated[
        str, setting("By its suffix: a project, map, placed model, table of placements, picture, or commands."), Positional("FILE")
    ]
    what: Annotated[tuple[str, ...], setting("Which map; that which is chosen if not given.", max_length=1), Arguments("[#ID]")] = ()


class Run(Recipe):
    """A script."""

    job: ClassVar[str] = "run"

    file: Annotated[str, setting("Commands, one a line (.dfc), or Python (.py)."), Positional("FILE")]


class Folder(Recipe):
    """Where paths begin."""

    job: ClassVar[str] = "cd"

    folder: Annotated[str, setting("To which paths are relative from now on."), Positional("FOLDER")]


class Help(Recipe):
    """What to explain."""

    job: ClassVar[str] = "help"

    about: Annotated[tuple[str, ...], setting("A command; all if not given.", max_length=1), Arguments("[COMMAND]")] = ()


class Metric(Recipe):
    """What the spheres tell."""

    job: ClassVar[str] = "metric"

    name: Annotated[str, setting("As in the box over the spheres."), Positional("METRIC")]


class CutAway(Recipe):
    """What is left out of a placement that is compared."""

    job: ClassVar[str] = "cut-away"

    within: Annotated[
        float, setting("What of the other placement lies this near to the selected one is not drawn; 0 draws it whole.", "Å", ge=0, le=50),
        Positional("DISTANCE"),
    ]  # fmt: skip


class Slab(Recipe):
    """Between which planes things are drawn."""

    job: ClassVar[str] = "slab"

    front: Annotated[
        float, setting("How far the front plane is before the point about which the views turn.", "Å", ge=-1e6, le=1e6), Positional("FRONT")
    ]
    back: Annotated[float, setting("How far the back plane is behind it.", "Å", ge=-1e6, le=1e6), Positional("BACK")]


class Filter(Recipe):
    """Which placements are shown."""

    job: ClassVar[str] = "filter"

    conditions: Annotated[
        tuple[str, ...],
        setting("As local_correlation>=0.7; none if not given."),
        Several("--where", "METRIC>=VALUE"),
    ] = ()
    significant: Annotated[bool, setting("Only those that are no chance.")] = False
