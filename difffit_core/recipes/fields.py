"""Fields that several recipes have, each written once."""

from typing import Annotated

from pydantic import Field

from difffit_core.recipes.words import Automatic, Positional, Several, Spelling
from difffit_core.settings import setting

MODEL_HELP = (
    "Of a file that holds several models, which to read: a number, several with commas between them, or all; if not given, the first of "
    "alternatives, and all parts of an assembly."
)

MapName = Annotated[str, setting("A map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip)."), Positional("MAP")]
ModelName = Annotated[str, setting("A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip)."), Positional("MODEL")]
Resolution = Annotated[float, setting("Resolution of the map in Å.", "Å", ge=0.5, le=100)]
Level = Annotated[
    Annotated[float, Field(allow_inf_nan=True)] | None,  # the map says what is none, and what its maximum is
    setting("Contour level in the map's units, or auto."),
    Automatic(),
]
Chains = Annotated[tuple[str, ...], setting("Chains that take part, separated by commas; all if not given."), Several("--chain")]
Models = Annotated[str, setting(MODEL_HELP), Spelling("--model", "N|all")]
Seed = Annotated[int, setting("Seed of every random draw.", ge=0, le=2**63 - 1)]
Device = Annotated[str, setting("auto, cpu, cuda or mps.")]
Threads = Annotated[int | None, setting("CPU threads; all if not given.", ge=1)]
