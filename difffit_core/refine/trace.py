"""A chain residue by residue: where each stands, and which follow one another."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.residues import Residues

_LONGEST_STEP = 8.0
"""Å from one CA to the next are 3.8, from one P to the next at most 7."""


@dataclass(frozen=True, eq=False)
class Trace:
    """The n residues of a model with an atom in the fit.

    Attributes
    ----------
    residues : they
    places : (n, 3) in Å, CA, P or the middle of what there is, as the model's file has it
    linked : bool (n,), whether a residue follows the one before it without a gap
    carriers : (n,), the fitted atom that stands for each, -1 where it is the middle
    """

    residues: Residues
    places: Array
    linked: NDArray[np.bool_]
    carriers: NDArray[np.int64]

    @classmethod
    def of(cls, model: AtomicModel) -> "Trace":
        residues = Residues.of(model)
        names, carbon = model.atom_names[model.in_fit], model.fit_atomic_numbers == 6
        carriers = np.full(len(residues), -1, np.int64)
        for carries in (names == "P", carbon & (names == "CA")):
            atoms = np.flatnonzero(carries)
            carriers[residues.of_atom[atoms]] = atoms
        places = _places(residues, carriers, model.fit_coordinates)
        step = np.linalg.norm(np.diff(places, axis=0), axis=1)
        linked = np.concatenate([[False], (residues.chains[1:] == residues.chains[:-1]) & (step < _LONGEST_STEP)])
        return cls(residues, places, linked[: len(residues)], carriers)

    def __len__(self) -> int:
        return len(self.residues)

    def moved(self, points: Array) -> Array:
        """Where each residue stands (n, 3) in Å with the fitted atoms at ``points`` (M, 3)."""
        return _places(self.residues, self.carriers, points)

    def runs(self, where: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Stretches, as first and beyond the last index, of residues ``where`` (n,) is true and that follow one another."""
        edges = np.flatnonzero(np.diff(where.astype(np.int8), prepend=0, append=0))
        found = []
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            gaps = first + 1 + np.flatnonzero(~self.linked[first + 1 : end])
            bounds = [first, *gaps.tolist(), end]
            found += list(pairwise(bounds))
        return found


def _places(residues: Residues, carriers: NDArray[np.int64], points: Array) -> Array:
    places = np.column_stack([residues.mean(points[:, axis]) for axis in range(3)])
    has = carriers >= 0
    places[has] = points[carriers[has]]
    return places


def smoothed(values: Array, trace: Trace, width: int) -> Array:
    """Running mean (..., n) of values (..., n) over ``width`` residues, each chain on its own."""
    result = np.empty_like(values)
    chains = trace.residues.chains
    for name in dict.fromkeys(chains.tolist()):
        of_chain = np.flatnonzero(chains == name)
        span = min(width, len(of_chain))
        padded = np.pad(values[..., of_chain], [(0, 0)] * (values.ndim - 1) + [(span // 2, span - 1 - span // 2)], mode="edge")
        total = np.cumsum(np.concatenate([np.zeros((*values.shape[:-1], 1)), padded], axis=-1), axis=-1)
        result[..., of_chain] = (total[..., span:] - total[..., :-span]) / span
    return result
