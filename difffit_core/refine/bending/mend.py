"""Putting a model's geometry right after it was moved or bent, near where it is."""

import numpy as np

from difffit_core.conventions import Array
from difffit_core.refine.bending.bend import Matter, regularised
from difffit_core.refine.bending.geometry import ANGLES, BONDS, Geometry, Soundness
from difffit_core.refine.pieces.superpose import superposed

_STEPS = 200
_ROUNDS = 6
_TETHERED = 4
_EASE = 0.75
"""Share of what bonds and angles may differ at which they are left alone."""


def mended(matter: Matter, soundness: Soundness, points: Array, tether: float) -> tuple[Array, Geometry]:
    """Atoms (N, 3) in Å whose geometry holds, or comes as near to that as it will, and the state of it.

    Only the model's own distances act, and a ``tether`` in the first rounds, a spring per Å² that keeps the atoms where they are. Residues
    whose hand or peptide has turned, or whose chain is stretched, are put back whole first, laid onto where they are.
    """
    x, state = points, soundness.of(points)
    best = x, state
    for turn in range(_ROUNDS):
        if state.holds and state.bonds <= _EASE * BONDS and state.angles <= _EASE * ANGLES:
            return x, state
        x = regularised(matter, _put_back(matter, soundness, x), _STEPS * (1 + turn), tether * 0.5**turn if turn < _TETHERED else 0.0)
        state = soundness.of(x)
        if _faults(state) <= _faults(best[1]):
            best = x, state
    return best


def _faults(state: Geometry) -> tuple[int, float]:
    return state.faults, state.bonds + state.angles


def _put_back(matter: Matter, soundness: Soundness, x: Array) -> Array:
    """Each residue in trouble as the model has it, as one rigid body with its neighbours."""
    troubled = np.flatnonzero(soundness.troubled(x))
    if len(troubled) == 0:
        return x
    x, residue = x.copy(), soundness.residue
    for number in troubled.tolist():
        near = np.abs(residue - number) <= 1
        mine = (residue == number) & ~matter.held
        if np.count_nonzero(near) >= 3:
            x[mine] = superposed(matter.own[near], x[near]).apply(matter.own[mine])
    return x
