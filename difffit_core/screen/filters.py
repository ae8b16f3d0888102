"""Which models of a library take part in a screen."""

import re
from typing import Annotated, Literal, Self

from pydantic import field_validator, model_validator

from difffit_core.errors import UserError
from difffit_core.recipes.fields import MODEL_HELP
from difffit_core.recipes.words import Choice, Spelling
from difffit_core.settings import Settings, setting

Split = Literal["none", "chain", "domain"]
PROMISING = 0.02
"""Models whose p-value after the first pass is below this get the full search."""
SPLITS: tuple[Split, ...] = ("none", "chain", "domain")


class Filters(Settings):
    """What of a library takes part; sizes are counted after splitting and after `min_plddt`."""

    min_residues: Annotated[int, setting("Leave out models with fewer residues.", le=10_000_000)] = 0
    max_residues: Annotated[int, setting("Leave out models with more residues; 0 for no bound.", le=10_000_000)] = 0
    min_plddt: Annotated[float, setting("Of predicted models, take no residues below this confidence (0 to 100); 0 keeps all.")] = 0.0
    split: Annotated[
        Split,
        setting(
            "Try whole files: none; every chain on its own: chain; or every domain, by the PAE beside the file or by compactness, of "
            "predicted models without residues below --min-plddt, or 70: domain."
        ),
        Choice(),
    ] = "none"
    models: Annotated[str, setting(MODEL_HELP + " Files that hold one are tried as they are."), Spelling("--model", "N|all")] = ""

    @field_validator("split", mode="before")
    @classmethod
    def _is_a_split(cls, word: object) -> object:
        if word not in SPLITS:
            raise UserError(f"split must be one of {', '.join(SPLITS)}, got {word}")
        return word

    @model_validator(mode="after")
    def _lets_something_in(self) -> Self:
        if self.min_residues < 0 or self.max_residues < 0:
            raise UserError(f"residues must be from 0 up, got {self.min_residues} to {self.max_residues}")
        if 0 < self.max_residues < self.min_residues:
            raise UserError(f"residues must be from the fewer to the more, got {self.min_residues} to {self.max_residues}")
        if not 0 <= self.min_plddt <= 100:
            raise UserError(f"min_plddt must lie between 0 and 100, got {self.min_plddt:g}")
        if not re.fullmatch(r"(all|-?\d+(,-?\d+)*)?", self.models):
            raise UserError(f"model must be all or numbers parted by commas, got {self.models}")
        return self
