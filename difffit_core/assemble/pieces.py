"""Models of an assembly that are only part of a file, as files of their own, so that a project can refer to them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from difffit_core.assemble.entry import Entry
from difffit_core.compose.request import ComposeRequest
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import is_whole
from difffit_core.screen.pieces import as_file


def as_files(request: ComposeRequest, entries: Sequence[Entry], filters: Filters, folder: Path) -> ComposeRequest:
    """The request with its domains, and predictions without their uncertain residues, as they are written into ``folder``.

    Parameters
    ----------
    request, entries : the composite's, one entry a model
    filters : by which the models were read

    Raises
    ------
    UserError
        If one cannot be read or written.
    """
    wanted = list(request.wanted)
    for index, entry in enumerate(entries):
        if not (entry.stands or wanted[index].model.body is not None or is_whole(entry.part, filters)):
            model, _ = as_file(Path(entry.path), entry.part, filters, request.resolution, folder, entry.name, index + 1)
            wanted[index] = replace(wanted[index], model=model)
    return replace(request, wanted=tuple(wanted))
