"""Pieces of models, all of one size: what any density of that size and make reaches where it does not belong."""

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.screen.outcome import LeftOut, Piece


def piece_of(model: AtomicModel, piece: Piece, seed: int) -> AtomicModel:
    """A model of which only the atoms nearest to one of them take part in a fit.

    Parameters
    ----------
    model : from which it is cut
    piece : how many atoms, and which of the pieces that can be drawn
    seed : of the draws of this model

    Raises
    ------
    LeftOut
        If the model has no more atoms than that.
    """
    points = model.fit_coordinates
    if len(points) <= piece.atoms:
        raise LeftOut(f"{len(points)} atoms, of which no piece of {piece.atoms} can be cut")
    middle = points[int(np.random.default_rng([seed, piece.number]).integers(len(points)))]
    near = np.asarray(cKDTree(points).query(middle, piece.atoms)[1]).reshape(-1)
    in_fit = np.zeros(len(model), bool)
    in_fit[np.flatnonzero(model.in_fit)[near]] = True
    return replace(model, in_fit=in_fit)
