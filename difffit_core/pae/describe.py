"""What `difffit info` says of predicted aligned errors: those of a file, and those that lie beside a model."""

from pathlib import Path

import numpy as np

from difffit_core.chain_words import chains_in_words
from difffit_core.errors import UserError
from difffit_core.io.describe import Rows
from difffit_core.io.models import read_model
from difffit_core.pae.files import find_pae
from difffit_core.pae.matrix import errors_of, read_pae

PAE_SUFFIXES = (".json", ".npz", ".npy")


def describe_pae(path: Path) -> Rows:
    """Label and value of what a file of predicted aligned errors holds.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    pae = read_pae(path)
    named = "not named in the file; told from their number"
    if pae.tokens is not None:
        chains = dict.fromkeys(chain for chain, _ in pae.tokens)
        named = f"named, {len(set(pae.tokens))} residues of {chains_in_words(chains)}"
    return [
        ("file", str(path)),
        ("kind", "predicted aligned errors"),
        ("rows", f"{len(pae.errors)}, {named}"),
        ("errors", f"{pae.errors.min():.3g} to {pae.errors.max():.3g} Å, median {np.median(pae.errors):.3g} Å"),
    ]


def describe_errors_beside(model: Path) -> Rows:
    """One row on the errors that lie beside a model under a predictor's name; none where there are none."""
    path = find_pae(model)
    if path is None:
        return []
    try:
        read = read_model(model)
        count = len(errors_of(read, read_pae(path)))
    except UserError as error:
        return [("predicted errors", f"cannot be used: {error}")]
    return [("predicted errors", f"{path.name}, of the {count} residues in the fit")]
