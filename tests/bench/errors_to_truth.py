"""How far poses are from the true one, or from the nearest of its symmetric copies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.conventions import Array, rotation_angle
from difffit_core.placement import Placement

NEAR = (6.0, 15.0)
"""Å and degrees within which a pose has found the right place, be it not yet right."""


@dataclass(frozen=True, eq=False)
class Errors:
    """Of P poses, each to the copy of the truth with the lowest RMSD: ``shift`` of the centre and ``rmsd`` in Å, ``angle`` in degrees."""

    shift: Array
    angle: Array
    rmsd: Array

    def within(self, shift: float, angle: float) -> np.ndarray:
        return (self.shift < shift) & (self.angle < angle)


@dataclass(frozen=True, eq=False)
class Truth:
    """The atoms (N, 3) as fitted, and C right moves of them: ``rotations`` (C, 3, 3), ``translations`` (C, 3).

    Solved is within ``tolerance`` Å and twice as many degrees.
    """

    points: Array
    rotations: Array
    translations: Array
    tolerance: float

    def errors(self, rotations: Array, translations: Array) -> Errors:
        """Of moves ``x' = R x + t``, (P, 3, 3) and (P, 3) in Å."""
        centre = self.points.mean(axis=0)
        centred = self.points - centre
        covariance = centred.T @ centred / len(centred)
        shifts = np.linalg.norm(((rotations @ centre + translations)[:, None] - (self.rotations @ centre + self.translations)), axis=2)
        overlap = np.einsum("pij,jk,cik->pc", rotations, covariance, self.rotations)
        rmsd = np.sqrt(np.maximum(shifts**2 + 2 * (np.trace(covariance) - overlap), 0))
        nearest = np.argmin(rmsd, axis=1)
        each = np.arange(len(rmsd))
        return Errors(shifts[each, nearest], rotation_angle(rotations, self.rotations[nearest]), rmsd[each, nearest])

    def of(self, placements: Sequence[Placement]) -> Errors:
        return self.errors(np.array([p.pose.rotation for p in placements]), np.array([p.pose.translation for p in placements]))

    def solved(self, errors: Errors) -> np.ndarray:
        return errors.within(self.tolerance, 2 * self.tolerance)
