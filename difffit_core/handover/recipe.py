"""A hand-over as it is asked for: every option of it, written once."""

from typing import Annotated, ClassVar, Self

from pydantic import field_validator, model_validator

from difffit_core.errors import UserError
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import HalfMapNames, Level
from difffit_core.recipes.words import MayStand, Positional, Several, Spelling
from difffit_core.settings import setting

ALL = "all"


class HandoverRecipe(Recipe):
    """What the next program wants of a result of a project, or of a map and a model."""

    job: ClassVar[str] = "handover"

    source: Annotated[str, setting("A project (.difffit), the folder of results that it lies in, or a map."), Positional("PROJECT|MAP")]
    model: Annotated[str, setting("With a map: the model, as it was placed or bent in it."), MayStand("[MODEL]")] = ""
    to: Annotated[
        tuple[str, ...],
        setting("Programs, separated by commas: chimerax, isolde, coot, phenix, servalcat, pymol, molstar, cryoboltz; all if not given."),
        Several("--to", "PROGRAMS"),
    ] = ()
    what: Annotated[str, setting("Of a project: which fit, composite or bent model (fit-1, …); what is selected in it if not given.")] = ""
    rank: Annotated[int | None, setting("Of a fit: which placement; the selected or the best if not given.", ge=1, le=1_000_000)] = None
    resolution: Annotated[
        float | None, setting("With a map: its resolution in Å; that of its entry if not given.", "Å", ge=0.5, le=100)
    ] = None
    level: Level = None
    half_maps: HalfMapNames = None
    reference: Annotated[
        str, setting("With a map: the model before it was bent, whose geometry is the restraint."), Spelling("--reference", "FILE")
    ] = ""
    padding: Annotated[float, setting("Å of the map kept around the model.", "Å", ge=0, le=100_000)] = 10.0
    whole_map: Annotated[bool, setting("Keep all of the map.")] = False
    keep_values: Annotated[bool, setting("Keep the map's own units rather than multiples of its noise.")] = False

    @field_validator("to")
    @classmethod
    def _are_programs(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        from difffit_core.handover.programs import PROGRAMS

        names = tuple(dict.fromkeys(name.strip().lower() for name in names))
        if names == (ALL,):
            return ()
        for name in names:
            if name not in PROGRAMS:
                raise UserError(f"--to must be all, or some of {', '.join(PROGRAMS)}, got {name}")
        return names

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        of_project = {"--what": self.what, "--rank": self.rank}
        of_files = {"--resolution": self.resolution, "--level": self.level, "--half-maps": self.half_maps, "--reference": self.reference}
        for option, value in (of_project if self.model else of_files).items():
            if value not in (None, ""):
                raise UserError(f"{option} goes with {'a project' if self.model else 'a map and a model'}")
        return self

    @property
    def programs(self) -> tuple[str, ...]:
        """Which of `programs.PROGRAMS`, in that order."""
        from difffit_core.handover.programs import PROGRAMS

        return tuple(name for name in PROGRAMS if not self.to or name in self.to)
