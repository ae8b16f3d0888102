"""Parts that are picked out of a model, rather than cut: by name, or by how sure a prediction is of them."""

from collections.abc import Sequence

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.errors import UserError
from difffit_core.residue_names import named
from difffit_core.residues import Residues
from difffit_core.split.parts import Part


def by_names(model: AtomicModel, texts: Sequence[str], smallest: int) -> list[Part]:
    """A part for each text, of the residues that it names, as in ``A:1-50+B``.

    Raises
    ------
    UserError
        If the model has not the chain or the residues, or fewer than ``smallest`` are named.
    """
    residues, parts = Residues.of(model), list[Part]()
    for number, text in enumerate(texts, start=1):
        kept = np.flatnonzero(named(model, [text], residues))
        name = f"{model.name} D{number}"
        if len(kept) < smallest:
            raise UserError(f"{model.path or model.name}: every part must have at least {smallest} residues, got {len(kept)} in {text}")
        parts.append(Part(name, model.select_residues(residues.index[kept].tolist(), name)))
    return parts


def by_confidence(model: AtomicModel, plddt: float) -> Part:
    """The model without the residues that are predicted with less confidence.

    Raises
    ------
    UserError
        If it is no prediction, or all or nothing of it would be left out.
    """
    name, residues, confidence = model.path or model.name, Residues.of(model), confidence_of(model)
    if confidence is None:
        raise UserError(f"{name}: must be a predicted model whose B factors are pLDDT to be trimmed by it, got B factors of an experiment")
    sure = residues.mean(confidence.values[model.in_fit].astype(np.float64)) >= plddt
    if sure.all() or not sure.any():
        low, high = confidence.values.min(), confidence.values.max()
        raise UserError(f"{name}: pLDDT must be a value that parts its residues, which have {low:.0f} to {high:.0f}, got {plddt:g}")
    title = f"{model.name} trimmed"
    return Part(title, model.select_residues(residues.index[sure].tolist(), title))
