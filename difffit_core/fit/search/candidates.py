"""Candidates: the poses that a search carries from stage to stage, and that a fit keeps, so that it can be clustered again."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array

MOST_KEPT = 50_000
"""A fit that ends with more candidates keeps none; only a search without any choice of candidates has so many."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Poses (C), how good they are, how many starts they stand for, and where the best of those started.

    Attributes
    ----------
    quaternions, translations : (C, 4) as (w, x, y, z), (C, 3) in Å, the turn about the model's centre and where that centre comes to lie
    correlation : (C,), local correlation
    hits : (C,), starting poses that ended here
    start_quaternions, start_translations : (C, 4), (C, 3), the same of the starting pose
    fields : (C,), the search field that it climbed from there, as an index into the settings' ``fields``, plus their number for each
        search before it (`fit.further`); -1 for a rival, by which the others are judged (`fit.rivals`)
    """

    quaternions: Array
    translations: Array
    correlation: NDArray[np.float32]
    hits: NDArray[np.int64]
    start_quaternions: Array
    start_translations: Array
    fields: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hits)

    def take(self, index: NDArray[np.integer]) -> "Candidates":
        return Candidates(**{name: column[index] for name, column in self.columns().items()})

    def searches(self, fields: int) -> int:
        """How many searches, of so many fields each, these come from."""
        return max(int(self.fields.max(initial=0)), 0) // fields + 1

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every array by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def join(cls, parts: "list[Candidates]") -> "Candidates":
        return cls(**{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)})

    def moved_to(self, quaternions: Array, translations: Array) -> "Candidates":
        """The first of these, as many as there are poses given, at those poses; their correlation is left to be `scored`."""
        done = self.take(np.arange(len(quaternions)))
        return replace(done, quaternions=quaternions, translations=translations)

    def scored(self, correlation: NDArray[np.float32]) -> "Candidates":
        return replace(self, correlation=correlation)
