"""How a placed model is judged, as it is asked for: every option of it, written once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from difffit_core.recipes.base import Recipe, identity
from difffit_core.recipes.fields import Chains, Level, MapName, Models, Resolution, target_of
from difffit_core.recipes.words import Positional
from difffit_core.settings import setting

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.density_map import DensityMap
    from difffit_core.pose import Pose
    from difffit_core.quality.explained import Explained
    from difffit_core.quality.score import ResidueScores
    from difffit_core.target import Target


@dataclass(frozen=True, eq=False)
class QualityRequest:
    """A model, moved by ``pose`` into a map."""

    target: "Target"
    model: "AtomicModel"
    pose: "Pose"

    def judge(self) -> "tuple[ResidueScores, Explained]":
        """The scores of each residue, and how much of the density the model explains."""
        from difffit_core.quality.explained import explain
        from difffit_core.quality.score import score_residues

        explained = explain(self.target, [(self.model, self.pose)])
        return score_residues(self.target.density_map, self.model, self.pose, self.target.resolution), explained


class QualityRecipe(Recipe):
    """How well a model fits where it stands."""

    job: ClassVar[str] = "quality"

    map: MapName
    model: Annotated[
        str, setting("A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip), where it stands in the map."), Positional("MODEL")
    ]
    resolution: Resolution
    level: Level = None
    chains: Chains = ()
    models: Models = ""

    def bind(self, density_map: "DensityMap", model: "AtomicModel", pose: "Pose | None" = None) -> QualityRequest:
        """The request, of the map and the model as they were read, or of the model where a ``pose`` puts it.

        Raises
        ------
        UserError
            If the model has not the chains.
        ValueError
            If the level is still to be chosen.
        """
        subject = model.select_chains(self.chains) if self.chains else model
        return QualityRequest(target_of(self, density_map), subject, pose or identity())
