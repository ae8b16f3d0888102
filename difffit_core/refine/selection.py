"""What is held, and what moves together, when a model is bent."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.residue_names import named
from difffit_core.residues import Residues


def held(model: AtomicModel, texts: Sequence[str]) -> NDArray[np.bool_] | None:
    """The residues (n,) that any of the texts names; None where there are none."""
    return named(model, texts) if texts else None


def groups(model: AtomicModel, texts: Sequence[str]) -> NDArray[np.int64] | None:
    """The number of the text that names each residue (n,), -1 for those of none; None where there are no texts.

    Raises
    ------
    UserError
        If two texts name the same residue.
    """
    if not texts:
        return None
    residues = Residues.of(model)
    found = np.full(len(residues), -1, np.int64)
    for number, text in enumerate(texts):
        mine = named(model, [text], residues)
        twice = np.flatnonzero(mine & (found >= 0))
        if len(twice):
            raise UserError(f"a residue belongs to one group at most, got {residues.label(int(twice[0]))} in {text} and in another")
        found[mine] = number
    return found
