"""Parts of files that no selection of chains gives, as files of their own, so that a project can refer to them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.escaping.file_names import file_name
from difffit_core.output.folders import make_folder
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import is_whole, read_entry


def as_file(
    path: Path, part: str, filters: Filters, resolution: float, folder: Path, name: str, number: int | str
) -> tuple[AtomicModel, Path]:
    """What was tried of a file, and the file that holds it.

    A domain, or what is left of a predicted model without its uncertain residues, is written into ``folder`` under ``name`` and
    ``number``; of whole files, chains and maps it is the file itself.

    Raises
    ------
    UserError
        If it cannot be read or written.
    LeftOut
        If the filters do not let it in any more.
    """
    from difffit_core.io.models import write_model

    model = read_entry(path, part, filters, resolution)
    if is_whole(part, filters) or model.body is not None:
        return model, path
    kept = model.select_residues(np.unique(model.residue_index[model.in_fit]).tolist(), name)
    make_folder(folder)
    file = folder / f"{file_name(name)}_{number}.cif"
    write_model(file, kept)
    return replace(kept, path=file), file
