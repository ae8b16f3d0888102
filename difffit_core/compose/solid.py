"""Which atoms of a model surely take up room, so that where two models overlap there says that one of them is wrong."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.residues import Residues
from difffit_core.split.limits import PLDDT_CUTOFF
from difffit_core.split.parts import places_of

_NEAR = 10.0
"""Å between the CA (or P) atoms of residues that touch."""
_ALONG = 4
"""Residues nearer than that along the chain touch always."""
_TOUCHES = 3
"""A residue that touches fewer others sticks out; at the surface of a folded protein it is six or more."""


def sure_atoms(model: AtomicModel, plddt: float = PLDDT_CUTOFF) -> NDArray[np.bool_]:
    """Of the M fitted atoms (M,) those of residues predicted with ``plddt`` at least; all where none is, or nothing was predicted."""
    residues = Residues.of(model)
    sure: NDArray[np.bool_] = _predicted(model, residues, plddt)[residues.of_atom]
    return sure


def solid_atoms(model: AtomicModel, plddt: float = PLDDT_CUTOFF) -> NDArray[np.bool_]:
    """Of the sure atoms, those of residues in touch with the rest, (M,).

    Tails, and loops that stick out, lie otherwise in the next crystal. Where less than half of the residues is left (a lone helix, a
    peptide, loose RNA), touch is not asked for.
    """
    residues = Residues.of(model)
    sure = _predicted(model, residues, plddt)
    kept = np.flatnonzero(sure)
    pairs = cKDTree(places_of(model, residues)[kept]).query_pairs(_NEAR, output_type="ndarray")
    first, second = kept[pairs].T
    far = (np.abs(first - second) > _ALONG) | (residues.chains[first] != residues.chains[second])
    touches = np.bincount(pairs[far].ravel(), minlength=len(kept))
    held = touches >= _TOUCHES
    if held.mean() >= 0.5:
        sure[kept[~held]] = False
    solid: NDArray[np.bool_] = sure[residues.of_atom]
    return solid


def _predicted(model: AtomicModel, residues: Residues, plddt: float) -> NDArray[np.bool_]:
    confidence = confidence_of(model)
    if confidence is None:
        return np.ones(len(residues), bool)
    sure: NDArray[np.bool_] = residues.mean(confidence.values[model.in_fit].astype(np.float64)) >= plddt
    return sure if sure.any() else np.ones(len(residues), bool)
