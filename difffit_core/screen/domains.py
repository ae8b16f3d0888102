"""The domains of a model, each of which is tried on its own: by predicted aligned error where that lies beside it, else by compactness."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.models import read_model
from difffit_core.pae.files import find_pae
from difffit_core.pae.matrix import read_pae
from difffit_core.screen.outcome import LeftOut
from difffit_core.split.limits import PLDDT_CUTOFF, SMALLEST
from difffit_core.split.parts import Part, by_compactness, by_pae

_REMEMBERED = 4


def domains_of(path: Path, min_plddt: float, models: str = "") -> tuple[Part, ...]:
    """The domains of a file, in order of their first residues, named D1, D2, ... after the file's name; empty if it is one, whole.

    ``models`` are those to read of a file that holds several, as for `read_model`. Residues of a predicted model below ``min_plddt`` (70 if
    that is 0) belong to none, nor do pieces of fewer than 30 residues.

    Raises
    ------
    LeftOut
        If nothing of the model is in a domain.
    UserError
        If the model or its errors cannot be read, or do not belong together.
    """
    changed = tuple(file.stat().st_mtime_ns for file in (path, find_pae(path)) if file is not None and file.exists())
    return _domains(path, min_plddt or PLDDT_CUTOFF, models, changed)


@lru_cache(_REMEMBERED)
def _domains(path: Path, plddt: float, models: str, _: tuple[int, ...]) -> tuple[Part, ...]:
    """Remembers the last few, since each domain asks for the file anew."""
    model, errors = read_model(path), find_pae(path)
    if models and len(model.held) > 1:
        model = read_model(path, models)
    pae = None if errors is None else read_pae(errors)
    try:
        parts = by_pae(model, pae, plddt=plddt) if pae is not None else by_compactness(_sure(model, plddt))
    except FileFormatError:
        raise
    except UserError as error:
        raise LeftOut(f"no domain of {SMALLEST} residues{f' of pLDDT {plddt:g} or more' if confidence_of(model) else ''}") from error
    if len(parts) == 1 and parts[0].model.residue_count == model.residue_count:
        return ()
    return tuple(Part(f"{model.name}:D{number}", part.model) for number, part in enumerate(parts, start=1))


def _sure(model: AtomicModel, plddt: float) -> AtomicModel:
    """What of a predicted model is sure enough; all of any other."""
    confidence = confidence_of(model)
    if confidence is None:
        return model
    atoms = np.flatnonzero(model.in_fit & (confidence.values >= plddt))
    if not len(atoms):
        raise UserError(f"{model.path or model.name}: no residue is predicted with a pLDDT of {plddt:g} or more")
    return model.select_residues(np.unique(model.residue_index[atoms]).tolist(), model.name)
