"""What goes into bending a model, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit_warning import FitWarning
from difffit_core.pae.matrix import AlignedErrors, errors_of
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.refine.bending.geometry import Geometry
from difffit_core.refine.pieces.hinges import Hinge
from difffit_core.refine.settings import RefineSettings
from difffit_core.residues import Residues
from difffit_core.target import InTarget

_FEWEST = 3
"""Atoms that can be bent."""


@dataclass(frozen=True, eq=False)
class RefineRequest(InTarget):
    """One model to be bent into one map; the same request gives the same result, bit for bit.

    Attributes
    ----------
    target, model : the map and how it is read, and the model as its file has it
    settings : how
    seed : of every random draw
    threads : CPU threads, or None for all
    held : bool (n,), residues that stay where they are placed; of `Residues.of` the model. None for none
    groups : int (n,), residues with the same number from 0 keep their places to one another; -1 for none. None for none
    pae : predicted aligned errors of the model's residues, or None
    pose : where the model stands; None for where its file has it
    bodies : int (n,), residues with different numbers were placed one by one: nothing holds one to the other, and they keep apart.
        None for one
    domains : int (n,), residues with the same number from 0 move together, which ``pae`` tells otherwise; -1 for none. None where nothing
        is known
    """

    model: AtomicModel
    settings: RefineSettings = field(default_factory=RefineSettings)
    seed: int = 0
    threads: int | None = None
    held: NDArray[np.bool_] | None = None
    groups: NDArray[np.int64] | None = None
    pae: AlignedErrors | None = None
    pose: Pose | None = None
    bodies: NDArray[np.int64] | None = None
    domains: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        self.fit_request()
        atoms = int(self.model.in_fit.sum())
        if atoms < _FEWEST:
            raise UserError(
                f"{self.model.path or self.model.name}: a model to bend must have at least {_FEWEST} atoms that take part, got {atoms}"
            )
        count = self.model.residue_count
        for name, array in (("held", self.held), ("groups", self.groups), ("bodies", self.bodies), ("domains", self.domains)):
            if array is not None and len(array) != count:
                raise UserError(
                    f"{self.model.path or self.model.name}: {name} must have an entry for each of {count} residues, got {len(array)}"
                )
        if self.pae is not None:
            errors_of(self.model, self.pae)

    def fit_request(self, start: Pose | None = None) -> FitRequest:
        """The fit of the whole model as one rigid body.

        Raises
        ------
        UserError
            If the map, the model, the resolution or the level do not go together.
        """
        return FitRequest(self.target, self.model, seed=self.seed, device="cpu", threads=self.threads, start=start)


@dataclass(frozen=True)
class Step:
    """What was done, whether it was kept, and by which numbers, in a sentence."""

    name: str
    taken: bool
    sentence: str


@dataclass(frozen=True, eq=False)
class RefineResult:
    """A bent model.

    Attributes
    ----------
    model : as its file has it
    coordinates : (N, 3) in Å, of all atoms of the model, in the map's frame
    pose, began : how the whole model was placed before anything was bent, and how that was found, in words
    placement : of the model at that pose, by a fit; None where it was not judged
    residues : the n that were bent
    before, after : (n,) local correlation of each, rigid and in the end
    moved : (n,) how far each went from where the rigid model has it, in Å
    supported : bool (n,), False for residues without density
    hinges : pieces that moved against the rest
    steps : what was done
    geometry : beside the model as it was
    device, timing, cancelled, warnings : as for a fit
    """

    model: AtomicModel
    coordinates: Array
    pose: Pose
    began: str
    placement: Placement | None
    residues: Residues
    before: Array
    after: Array
    moved: Array
    supported: NDArray[np.bool_]
    hinges: tuple[Hinge, ...]
    steps: tuple[Step, ...]
    geometry: Geometry
    timing: Mapping[str, float]
    cancelled: bool = False
    warnings: tuple[FitWarning, ...] = ()

    @property
    def rmsd_moved(self) -> float:
        """Root mean square in Å by which residues went from where the rigid model has them."""
        return float(np.sqrt((self.moved**2).mean())) if len(self.moved) else 0.0
