"""What can be open: maps, models and fits, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import list_chains
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.project.arrays import FitArrays
from difffit_core.project.inputs import Stamp
from difffit_core.project.refinements import BentArrays, RefinementRecord
from difffit_core.project.schema import FitRecord

if TYPE_CHECKING:  # both bring scipy, which the window does not need to come up
    from difffit_app.geometry.build import ModelMesh
    from difffit_app.geometry.overview import Overview
    from difffit_core.contour import ContourSuggestion
    from difffit_core.map_edit.recipe import MapRecipe


@dataclass(frozen=True, eq=False)
class MapStatistics:
    """What the histogram shows: ``counts`` (bins,) between ``edges`` (bins + 1,), and the spread of all voxels."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    mean: float
    sigma: float

    @classmethod
    def of(cls, values: NDArray[np.float32], bins: int = 256) -> "MapStatistics":
        counts, edges = np.histogram(values, bins)
        mean = float(values.mean(dtype=np.float64))
        squares = sum(float(np.square(plane - mean, dtype=np.float64).sum()) for plane in values)  # without a copy of a large map
        return cls(counts, edges.astype(np.float64), mean, float(np.sqrt(squares / values.size)))

    @property
    def low(self) -> float:
        return float(self.edges[0])

    @property
    def high(self) -> float:
        return float(self.edges[-1])

    def in_sigma(self, level: float) -> float:
        """A level in standard deviations above the mean."""
        return (level - self.mean) / self.sigma

    def from_sigma(self, sigmas: float) -> float:
        """The inverse of `in_sigma`."""
        return self.mean + sigmas * self.sigma


@dataclass(frozen=True, eq=False)
class OpenMap:
    """A map, with what was computed of it when it was read, and the file it was read from, if it was.

    ``made`` is how it was made where it is a working map, with the ids of its source and of models, ``said`` what is to be known of that.
    """

    id: str
    name: str
    density: DensityMap
    statistics: MapStatistics
    suggestion: "ContourSuggestion"
    overview: "Overview | None" = None
    stamp: Stamp | None = None
    made: "MapRecipe | None" = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OpenModel:
    """A model, its cartoon, and the file it was read from, if it was."""

    id: str
    name: str
    model: AtomicModel
    mesh: "ModelMesh"
    stamp: Stamp | None = None


@dataclass(frozen=True, eq=False)
class OpenFit:
    """A fit that is done."""

    record: FitRecord
    arrays: FitArrays
    placements: tuple[Placement, ...]

    @classmethod
    def of(cls, record: FitRecord, arrays: FitArrays) -> "OpenFit":
        return cls(record, arrays, tuple(entry.placement() for entry in record.placements))

    @property
    def id(self) -> str:
        return self.record.id

    def centres(self) -> NDArray[np.float64]:
        """Where the middle of the fitted atoms lies in each placement, (P, 3) in Å."""
        moved: NDArray[np.float64] = np.einsum("pij,j->pi", self.arrays.rotations, self.arrays.centre) + self.arrays.translations
        return moved

    def index_of_rank(self, rank: int) -> int | None:
        """Position of the placement of that rank."""
        return next((i for i, placement in enumerate(self.placements) if placement.rank == rank), None)


@dataclass(frozen=True, eq=False)
class OpenRefinement:
    """A model that was bent into a map."""

    record: RefinementRecord
    arrays: BentArrays

    @property
    def id(self) -> str:
        return self.record.id

    def fits(self, model: AtomicModel) -> bool:
        """Whether the arrays are of the atoms and residues of a model's chains."""
        arrays = self.arrays
        return len(arrays.coordinates) == len(model) and np.array_equal(arrays.index, np.unique(model.residue_index[model.in_fit]))

    def coordinates(self, model: AtomicModel, share: float) -> Array:
        """Of all atoms of the model's chains (N, 3) in Å, on the straight way from the rigid model (0) to the bent one (1)."""
        rigid = self.record.pose.pose().apply(model.coordinates)
        return rigid + share * (self.arrays.coordinates - rigid)


@dataclass(frozen=True, eq=False)
class WorkingMap:
    """What a composite's zero-outs down to one of its rounds have left of a map."""

    map: str
    composite: str
    round: str
    density: DensityMap
    overview: "Overview"


@dataclass(frozen=True, eq=False)
class ZeroOutPreview:
    """What zeroing out would leave of a map, and what would go from inside its surface, on the same grid."""

    map: str
    density: DensityMap
    overview: "Overview"
    going: DensityMap
    going_overview: "Overview"


@dataclass(frozen=True, eq=False)
class HandPose:
    """Chains of a model in a pose into which they were moved by hand; ``middle`` (3,) in Å is that of their atoms in the file."""

    model: str
    chains: tuple[str, ...]
    middle: NDArray[np.float64]
    pose: Pose

    @property
    def centre(self) -> NDArray[np.float64]:
        """Where their middle is now, (3,) in Å."""
        return self.pose.apply(self.middle)


def list_renamed(names: Mapping[str, str]) -> str:
    """Chains of a copy by what they are called in the composite: ``D, E as F``; one without a name is ``(no name)``."""
    return ", ".join(list_chains([own]) if own == called else f"{list_chains([own])} as {called}" for own, called in names.items())
