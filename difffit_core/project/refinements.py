"""A model that was bent into a map, as a project keeps it: a record, and arrays that JSON would bloat."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from difffit_core.conventions import Array
from difffit_core.placement import Verdict
from difffit_core.project.base import Identifier, PoseRecord, Record, Resolution
from difffit_core.project.npz import packed, unpacked


class BentRecipe(Record):
    """What was asked for: a recipe of `difffit refine`, of which only so much is known here as a project needs to know."""

    model_config = ConfigDict(extra="allow", frozen=True)

    map: Identifier
    model: Identifier
    chains: tuple[str, ...]
    resolution: Resolution
    level: float
    b_factors: str = "kept"


class StepTaken(Record):
    """What was done, whether it was kept, and why, in a sentence."""

    name: str
    taken: bool
    sentence: str


class Noticed(Record):
    """What the user should know before trusting it."""

    kind: str
    message: str


class RefinementRecord(Record):
    """One model bent into one map: all that went in, and what came of it. Its arrays lie in ``refinements/<id>.npz``."""

    id: Identifier
    recipe: BentRecipe = Field(description="what was asked for: the map and the model by their ids, the level as it was chosen")
    evidence: tuple[str, ...] = Field(description="what speaks for the level and for what was read beside the model, readable")
    versions: dict[str, str] = Field(description="of Python and of the libraries that computed")
    timing: dict[str, float] = Field(description="seconds by stage")
    finished: str = Field(description="when, ISO 8601, UTC")
    cancelled: bool
    command: str = Field(description="the command line that repeats it")
    pose: PoseRecord = Field(description="of the whole model before anything was bent")
    began: str = Field(description="how that pose was found, in words")
    p_value: float | None = Field(default=None, description="of that pose, by a fit; None where it was not judged")
    verdict: Verdict | None = None
    steps: tuple[StepTaken, ...] = ()
    hinges: tuple[str, ...] = Field(default=(), description="pieces that moved against the rest, a sentence each")
    warnings: tuple[Noticed, ...] = ()

    @property
    def map(self) -> str:
        """Id of the map."""
        return self.recipe.map

    @property
    def model(self) -> str:
        """Id of the model."""
        return self.recipe.model


@dataclass(frozen=True, eq=False)
class BentArrays:
    """The N atoms and the n residues of a bent model.

    Attributes
    ----------
    coordinates : (N, 3) in Å, of all atoms of the chains that took part, in the map's frame
    index : (n,) residues, as in `AtomicModel.residue_index` of those chains
    before, after : (n,) local correlation, rigid and in the end
    moved : (n,) Å by which each went from where the rigid model has it
    supported : bool (n,), False for residues without density
    """

    coordinates: Array
    index: NDArray[np.int64]
    before: Array
    after: Array
    moved: Array
    supported: NDArray[np.bool_]

    def __post_init__(self) -> None:
        count = len(self.index)
        kinds = {"index": np.int64, "supported": np.bool_}
        shapes = {"coordinates": (len(self.coordinates), 3)}
        for field in fields(self):
            kind, shape = kinds.get(field.name, np.float64), shapes.get(field.name, (count,))
            array: NDArray[Any] = np.array(getattr(self, field.name), kind, order="C")
            if array.shape != shape or (field.name == "coordinates" and not np.isfinite(array).all()):
                raise ValueError(f"{field.name} must be finite and of shape {shape}, got {array.shape}")
            array.flags.writeable = False
            object.__setattr__(self, field.name, array)

    def to_bytes(self) -> bytes:
        """As an uncompressed .npz."""
        return packed({field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The inverse of `to_bytes`; never unpickles.

        Raises
        ------
        ValueError
            If the content is no such file.
        """
        return unpacked(content, lambda arrays: cls(**arrays))
