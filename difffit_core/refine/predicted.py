"""Predicted aligned errors for a model that is to be bent: named, or found beside its file."""

from pathlib import Path

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.pae.files import find_pae
from difffit_core.pae.matrix import AlignedErrors, errors_of, read_pae


def errors_for(model: AtomicModel, wanted: str) -> tuple[AlignedErrors | None, tuple[str, ...]]:
    """The errors of a file that is ``wanted``, of one found beside the model where it is empty, or of none; and what to say of it.

    Raises
    ------
    UserError
        If a file that was asked for cannot be read, or is not this model's. One that was only found and is of no use is told of.
    """
    if wanted == "none":
        return None, ()
    if wanted:
        pae = read_pae(Path(wanted))
        errors_of(model, pae)
        return pae, ()
    path = None if model.path is None else find_pae(model.path)
    if path is None:
        return None, ()
    try:
        pae = read_pae(path)
        errors_of(model, pae)
    except UserError as error:
        return None, (f"predicted errors beside the model are not used: {error}",)
    return pae, (f"predicted errors of {path.name} tell which residues move together",)
