"""Helices and strands of a model: from the file's records, else by DSSP."""

import logging
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.polymer import Stretch
from difffit_core.atomic_model import AtomicModel

logger = logging.getLogger(__name__)

_SHORTEST_FOR_DSSP = 6


class Structure(IntEnum):
    """What a residue is part of."""

    COIL = 0
    HELIX = 1
    STRAND = 2


def assign(model: AtomicModel, stretches: list[Stretch]) -> NDArray[np.int8]:
    """`Structure` (residues,) of every residue of the model, by ``residue_index``.

    HELIX and SHEET records are used where the file has them. Else the hydrogen bonds decide (pydssp, which imports torch: call this off
    the GUI thread).
    """
    result = np.zeros(int(model.residue_index.max()) + 1, np.int8)
    if not _from_records(model, result):
        for stretch in stretches:
            if stretch.complete and len(stretch.trace) >= _SHORTEST_FOR_DSSP:
                result[model.residue_index[stretch.trace]] = _by_hydrogen_bonds(model, stretch)
    for stretch in stretches:
        residues = model.residue_index[stretch.trace]
        result[residues] = without_short_runs(result[residues])
    return result


def _from_records(model: AtomicModel, result: NDArray[np.int8]) -> bool:
    """Fill in what the file says; False if it says nothing about these chains. Records may name residues that are absent."""
    if model.structure is None:
        return False
    spans = [(Structure.HELIX, helix.start, helix.end) for helix in model.structure.helices]
    spans += [(Structure.STRAND, strand.start, strand.end) for sheet in model.structure.sheets for strand in sheet.strands]
    for kind, start, end in spans:
        low, high = start.res_id.seqid.num, end.res_id.seqid.num
        if low is None or high is None:
            continue
        inside = (model.chain_names == start.chain_name) & (model.residue_numbers >= low) & (model.residue_numbers <= high)
        result[model.residue_index[inside]] = kind
    return bool(result.any())


def _by_hydrogen_bonds(model: AtomicModel, stretch: Stretch) -> NDArray[np.int8]:
    import pydssp

    assert stretch.backbone is not None
    letters = pydssp.assign(model.coordinates[stretch.backbone].astype(np.float32), out_type="c3")
    kinds = {"H": Structure.HELIX, "E": Structure.STRAND}
    return np.array([kinds.get(str(letter), Structure.COIL) for letter in letters], np.int8)


def runs(values: NDArray[np.int8]) -> list[tuple[int, int, int]]:
    """(value, first, last) of each run of equal values."""
    if len(values) == 0:
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1])
    ends = np.concatenate([starts[1:] - 1, [len(values) - 1]])
    return [(int(values[first]), int(first), int(last)) for first, last in zip(starts, ends, strict=True)]


def without_short_runs(values: NDArray[np.int8]) -> NDArray[np.int8]:
    """The same without helices of less than three residues and strands of less than two, too short to draw."""
    result = values.copy()
    shortest = {Structure.HELIX: 3, Structure.STRAND: 2, Structure.COIL: 1}
    for value, first, last in runs(values):
        if last - first + 1 < shortest[Structure(value)]:
            result[first : last + 1] = Structure.COIL
    return result
