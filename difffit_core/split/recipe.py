"""How a model is split, as it is asked for: every option of it, written once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from difffit_core.broken import BrokenStretch
from difffit_core.errors import UserError
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.fields import Chains, ModelName, Models
from difffit_core.recipes.words import Choice, Repeated, Spelling
from difffit_core.residue_names import parse_group
from difffit_core.settings import setting
from difffit_core.split.limits import LOOSE, PAE_CUTOFF, PLDDT_CUTOFF, SMALLEST

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.split.parts import Part

By = Literal["chain", "pae", "compact", "confidence"]


class SplitRecipe(Recipe):
    """A model cut into chains, at residues, by predicted aligned errors, or where it is least compact; or some of it picked out."""

    job: ClassVar[str] = "split"

    model: ModelName
    by: Annotated[
        By | None,
        setting(
            "chain, pae (with --pae), compact, or confidence: one part, trimmed by --plddt. If not given, pae where --pae is, else compact."
        ),
        Choice(),
    ] = None
    pae: Annotated[str, setting("Predicted aligned errors (.json, .npz, .npy), in any published layout."), Spelling("--pae", "FILE")] = ""
    at: Annotated[
        tuple[str, ...],
        setting("Cut before this residue, as in A:214; again for each cut. Other chains stay whole."),
        Repeated("--at", "CHAIN:N"),
    ] = ()
    keep: Annotated[
        tuple[str, ...],
        setting("A part of these residues, as in A:1-50+B; again for each part. All else is left out."),
        Repeated("--keep", "A:1-50+B"),
    ] = ()
    cutoff: Annotated[float, setting("Mean predicted aligned error in Å below which residues belong together.", "Å", ge=0.1, le=1000)] = (
        PAE_CUTOFF
    )
    plddt: Annotated[float, setting("Residues of a predicted model with less confidence belong to no part.", ge=0, le=100)] = PLDDT_CUTOFF
    loose: Annotated[float, setting("Share of its contacts by which a piece may hang on and still come off.", ge=0, le=1)] = LOOSE
    smallest: Annotated[int, setting("Residues; smaller parts are left out (with --at and --keep, refused).", ge=1, le=1_000_000)] = (
        SMALLEST
    )
    chains: Chains = ()
    models: Models = ""

    @model_validator(mode="after")
    def _tells_of_one_way(self) -> Self:
        if self.at and (self.by or self.pae):
            raise UserError("--at says where to cut: it must stand without --by and --pae, got both")
        if self.keep and (self.by or self.pae or self.at):
            raise UserError("--keep says what the parts are: it must stand without --by, --pae and --at, got both")
        for text in self.keep:
            parse_group(text)
        if (self.way == "pae") != bool(self.pae):
            raise UserError(f"--by pae and --pae FILE go together, got --by {self.way}{'' if self.pae else ' without a file'}")
        return self

    @classmethod
    def at_breaks(
        cls, named: str, model: "AtomicModel", stretches: Sequence[BrokenStretch], chains: Sequence[str] = (), smallest: int = SMALLEST
    ) -> Self:
        """A split round ``stretches`` that do not fit, of the ``chains`` that were fitted of a model, which the recipe calls ``named``.

        Raises
        ------
        UserError
            If there is nowhere to cut.
        """
        from difffit_core.split.cuts import cuts_round

        cuts = cuts_round(model.select_chains(chains) if chains else model, stretches, smallest)
        if not cuts:
            raise UserError(f"{model.name} is not split: what does not fit, or what is left, is too short to be found alone")
        some = tuple(chains) if set(chains) != set(model.chains) else ()
        return cls.checked({"model": named, "at": tuple(map(str, cuts)), "smallest": smallest, "chains": some})

    @property
    def way(self) -> By:
        """What tells where to cut, where no residue does."""
        return self.by or ("pae" if self.pae else "compact")

    def parts(self, model: "AtomicModel") -> "list[Part]":
        """The parts of the model, as it was read from its file.

        Raises
        ------
        UserError
            If a cut is not in the model, no part is left, or the file of errors cannot be read.
        """
        from pathlib import Path

        from difffit_core.pae.matrix import read_pae
        from difffit_core.split.cuts import Cut, at_cuts
        from difffit_core.split.parts import by_chain, by_compactness, by_pae
        from difffit_core.split.picked import by_confidence, by_names

        model = model.select_chains(self.chains) if self.chains else model
        if self.keep:
            return by_names(model, self.keep, self.smallest)
        if self.at:
            return list(at_cuts(model, [Cut.parse(text) for text in self.at], self.smallest))
        if self.way == "chain":
            return list(by_chain(model))
        if self.way == "pae":
            return list(by_pae(model, read_pae(Path(self.pae)), self.cutoff, self.plddt, self.smallest))
        if self.way == "confidence":
            return [by_confidence(model, self.plddt)]
        return list(by_compactness(model, self.loose, self.smallest))
