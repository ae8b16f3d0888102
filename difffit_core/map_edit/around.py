"""A model as it stands: round what a map is cropped, or near what its density is kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, field_validator

from difffit_core.errors import UserError
from difffit_core.recipes.base import PoseValue
from difffit_core.residue_names import named, parse_group
from difffit_core.settings import Settings, setting

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.conventions import Array


class Around(Settings):
    """Some chains of a model, where the file has them or moved from there."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    model: Annotated[str, setting("The model: a file, or its id in a project.")]
    chains: Annotated[tuple[str, ...], setting("These of its chains; all if there are none.")] = ()
    residues: Annotated[tuple[str, ...], setting("These of its residues, as in A:118-160+B; all if there are none.")] = ()
    models: Annotated[str, setting("Which of several models in the file.")] = ""
    pose: Annotated[PoseValue | None, setting("Where it stands; None for as its file has it.")] = None

    def __str__(self) -> str:
        parts = (*self.chains, *self.residues)
        name = Path(self.model).name
        return f"{name} {', '.join(parts)}" if parts else name

    @field_validator("residues")
    @classmethod
    def _names_residues(cls, texts: Sequence[str]) -> Sequence[str]:
        for text in texts:
            parse_group(text)
        return texts


def atoms_of(around: Sequence[Around], models: "Mapping[tuple[str, str], AtomicModel]") -> "Array":
    """Positions (N, 3) in Å of the atoms that take part in fits; ``models`` by what they are called and which of the file's they are.

    Raises
    ------
    UserError
        If a model has not the chains or residues, or there are no such atoms.
    """
    import numpy as np  # here, since recipes should be made without it

    from difffit_core.residues import Residues

    found: list[Array] = []
    for one in around:
        model = models[one.model, one.models]
        chosen = model.select_chains(one.chains) if one.chains else model
        atoms = chosen.fit_coordinates
        if one.residues:
            residues = Residues.of(chosen)
            atoms = atoms[named(chosen, one.residues, residues)[residues.of_atom]]
        if not len(atoms):
            raise UserError(f"{one}: must have at least one atom that takes part in fits, got none")
        found.append(atoms if one.pose is None else one.pose.apply(atoms))
    return np.concatenate(found)
