"""Where what one points at is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_app.features.looking.views import Box, LookingView
from difffit_app.state.session import Session
from difffit_app.state.subjects import ChainSubject, CopySubject, MapSubject, ModelSubject, PlacementSubject, ResidueSubject, Subject
from difffit_core.atomic_model import AtomicModel

_LEAST = 9.0
"""Å from the middle that are seen at least: of a residue, what is around it."""


def bounds_of(subject: Subject, session: Session, view: LookingView) -> Box | None:
    """Box around it as it is drawn, roomy where it is small; None where it has no atoms."""
    match subject:
        case MapSubject(identifier):
            box: Box | None = view.bounds_of_map(identifier)
        case ModelSubject(identifier):
            model = session.models[identifier].model
            box = view.bounds_of_residues(identifier, _of_chains(model, view.chains_drawn(identifier)))
        case ChainSubject(identifier, chain):
            box = view.bounds_of_residues(identifier, _of_chains(session.models[identifier].model, (chain,)))
        case ResidueSubject(identifier, residue):
            box = view.bounds_of_residues(identifier, np.array([residue]))
        case PlacementSubject(identifier, rank):
            fit = session.fits[identifier]
            pose = next(one.pose for one in fit.placements if one.rank == rank)
            model = session.models[fit.record.model].model
            box = view.bounds_of_residues(fit.record.model, _of_chains(model, fit.record.chains), pose)
        case CopySubject(copy, _):
            model = session.models[copy.model].model
            box = view.bounds_of_residues(copy.model, _of_chains(model, tuple(copy.chains)), copy.pose.pose())
    return None if box is None else _roomy(box)


def _of_chains(model: AtomicModel, chains: Sequence[str]) -> NDArray[np.int32]:
    found: NDArray[np.int32] = np.unique(model.residue_index[np.isin(model.chain_names, list(chains))])
    return found


def _roomy(box: Box) -> Box:
    low, high = np.array(box[::2]), np.array(box[1::2])
    half = np.maximum((high - low) / 2, _LEAST)
    middle = (low + high) / 2
    return tuple(np.stack([middle - half, middle + half], axis=1).ravel().tolist())
