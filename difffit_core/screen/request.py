"""What goes into a screen, and what it says on the way."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.periodic import reaching
from difffit_core.screen.filters import PROMISING, Filters
from difffit_core.target import InTarget

_FARTHEST_REACH = 60.0
"""Å by which a periodic map is continued for models of any size, half a cell at most."""


@dataclass(frozen=True, eq=False)
class ScreenRequest(InTarget):
    """One screen but for its library: the same request gives each model the same result, whatever else is in the library.

    Attributes
    ----------
    target : the density to identify
    settings : of the full search, which the promising models get; those of the first pass, which all get, follow from the density
    filters : which models of a library take part
    promising : a model gets the full search where its p-value after the first pass is below this; 1 gives it to all, 0 to none
    seed : of every random draw
    device : "cpu", "cuda" or "mps" ("auto" chooses)
    """

    settings: FitSettings = field(default_factory=FitSettings)
    filters: Filters = field(default_factory=Filters)
    promising: float = PROMISING
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        self.target.check()
        if not 0 <= self.seed < 2**63:
            raise UserError(f"seed must be a whole number from 0 to 2^63 - 1, got {self.seed}")
        if not 0 <= self.promising <= 1:
            raise UserError(f"promising must lie between 0 and 1, got {self.promising:g}")
        lattice = self.density_map.lattice
        if lattice is not None:
            low, high = lattice.box
            reach = min(_FARTHEST_REACH, float(np.max(high - low)) / 2)
            object.__setattr__(self, "target", self.target.of(reaching(self.density_map, low - reach, high + reach)))

    @cached_property
    def key(self) -> str:
        """A name of its own for what `record` holds."""
        return hashlib.sha256(json.dumps(self.record, sort_keys=True).encode()).hexdigest()

    @cached_property
    def record(self) -> dict[str, Any]:
        """What a store remembers of the request, as plain data: two that differ must not share one."""
        grid = self.density_map
        content = hashlib.sha256(grid.values.tobytes())
        for array in (grid.voxel_size, grid.origin):
            content.update(array.tobytes())
        evidence = grid.evidence
        if evidence is not None:
            for array in (evidence.frequency, evidence.signal, evidence.noise):
                content.update(np.ascontiguousarray(array).tobytes())
        return {
            "map": content.hexdigest(),
            "resolution": self.resolution,
            "level": self.level,
            "settings": self.settings.model_dump(mode="json"),
            "filters": {name: value for name, value in self.filters.model_dump().items() if name != "models" or value},
            "promising": self.promising,
            "seed": self.seed,
        }


def difference(ours: Mapping[str, Any], stored: Mapping[str, Any]) -> str | None:
    """The first thing in which two records differ, as "name is this here and that there"; None if they agree."""
    for name, value in ours.items():
        other = stored.get(name)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            inner = difference(value, other)
            if inner:
                return inner
        elif value != other:
            return f"the {name} is another one" if name == "map" else f"{name} is {value} here and {other} there"
    return None


@dataclass(frozen=True)
class ScreenProgress:
    """Where a running screen stands.

    Attributes
    ----------
    stage : "first pass" or "full search", or what else is being done
    done, total : models of that stage, those done by other processes and in earlier runs included
    failed, left_out : models that could not be read or fitted, and models that the filters did not let in
    remaining_s : estimated seconds left of this stage, or None where nothing can be said yet
    """

    stage: str
    done: int
    total: int
    failed: int
    left_out: int
    remaining_s: float | None = None
