"""`split`: a model in parts that may move against one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from difffit_core.api.reading import FilePath, ModelLike, as_model, as_names, as_path
from difffit_core.api.writing import write_file
from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.split.limits import LOOSE, PAE_CUTOFF, PLDDT_CUTOFF, SMALLEST
from difffit_core.split.recipe import By, SplitRecipe


@dataclass(frozen=True, eq=False)
class ModelPart:
    """A part of a model, which is a ``model`` of its own; ``residues`` tells of which, as in ``A 1-57, A 110-160``."""

    name: str
    model: AtomicModel
    residues: str

    def write(self, path: FilePath) -> Path:
        """Write it as mmCIF or PDB by the name's suffix, with the folder if that is not there, and give the path.

        Raises
        ------
        UserError
            If it cannot be written, has another suffix, or is the file the model was read from.
        """
        from difffit_core.io.models import MODEL_SUFFIXES, write_model

        as_path(path, "path").parent.mkdir(parents=True, exist_ok=True)
        return write_file(path, MODEL_SUFFIXES, "model", lambda to: write_model(to, self.model), (self.model.path,))

    def __repr__(self) -> str:
        return f"<ModelPart {self.name}: {self.residues}>"


def split(
    model: ModelLike,
    by: By | None = None,
    *,
    pae: FilePath | None = None,
    at: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    cutoff: float = PAE_CUTOFF,
    plddt: float = PLDDT_CUTOFF,
    loose: float = LOOSE,
    smallest: int = SMALLEST,
) -> list[ModelPart]:
    """Split a model into its chains, the domains of a prediction, or compact pieces.

    Parameters
    ----------
    model : as it was read, or its file
    by : chain, pae, compact or confidence (one part, without residues below ``plddt``); with none, pae where that is given, else compact
    pae : file of predicted aligned errors, in any published layout
    at : cuts, each before a residue, as in ``A:214``; instead of ``by`` and ``pae``
    keep : residues that make a part each, as in ``A:1-50+B``; instead of ``by``, ``pae`` and ``at``
    cutoff : mean predicted aligned error in Å below which residues belong together
    plddt : residues of a predicted model with less confidence belong to no part
    loose : share of its contacts by which a piece may hang on and still come off
    smallest : residues; smaller parts are left out, or refused where ``at`` tells of the cuts, or ``keep`` of the parts

    Raises
    ------
    UserError
        If ``pae``, ``by`` and ``at`` do not go together, a cut is not in the model, or a file cannot be read.

    Examples
    --------
    >>> import difffit_core as df
    >>> [part.model.chains for part in df.split(df.example_model(), by="chain")]
    [('A',), ('B',), ('C',), ('D',), ('E',)]
    """
    if at and (by is not None or pae is not None):
        raise UserError("at says where to cut: it must stand without by and pae, got both")
    if keep and (by is not None or pae is not None or at):
        raise UserError("keep says what the parts are: it must stand without by, pae and at, got both")
    whole = as_model(model)
    recipe = SplitRecipe.checked(
        {
            "model": str(whole.path or "MODEL"), "models": whole.models, "by": by, "pae": "" if pae is None else str(as_path(pae, "pae")),
            "at": as_names(at, "at"), "cutoff": cutoff,
            "keep": as_names(keep, "keep"), "plddt": plddt, "loose": loose, "smallest": smallest,
        }
    )  # fmt: skip
    parts = recipe.parts(whole)
    return [ModelPart(part.name, part.model, part.ranges()) for part in parts]
