"""Whether a bent model is still sound, beside the model that it was: bonds, angles, chain, contacts, chirality and peptides."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.refine.bending.restraints import Restraints

BONDS, ANGLES = 0.02, 0.06
"""Å of root mean square by which bonds and 1-3 distances may differ from the model's own."""
_STEP = 3.5, 4.1
"""Å from one CA to the next in a chain, trans."""
_TOO_NEAR, _WERE_NEAR = 2.2, 2.8
"""Å: nearer than the first is a clash, unless the model itself has the two within the second."""
_STRAIN = 0.2
"""Å by which one bond may differ."""
_HAND = 0.5
"""Å³: a centre whose three neighbours span less with it than this has no hand."""
_PEPTIDE = 60.0
"""Degrees by which a peptide bond may turn before it counts as another."""


@dataclass(frozen=True)
class Geometry:
    """How a model differs from what it was; all lists name residues, as in ``A 118``.

    Attributes
    ----------
    bonds, angles : root mean square change in Å of bonds and of 1-3 distances
    strained : bonds that differ by more than 0.2 Å
    broken_steps : CA to CA steps that were 3.5 to 4.1 Å and are not now
    clashes : pairs of atoms nearer than 2.2 Å that were no neighbours
    inverted : centres whose hand has changed
    peptides : peptide bonds turned by more than 60°
    """

    bonds: float
    angles: float
    strained: tuple[str, ...] = ()
    broken_steps: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    inverted: tuple[str, ...] = ()
    peptides: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is as good as it was."""
        return self.bonds <= BONDS and self.angles <= ANGLES and self.faults == 0

    @property
    def faults(self) -> int:
        """How many places are listed."""
        return sum(map(len, (self.strained, self.broken_steps, self.clashes, self.inverted, self.peptides)))

    def sentences(self) -> tuple[str, ...]:
        """What does not hold, a sentence each."""
        said = []
        if self.bonds > BONDS:
            said.append(f"bonds differ from the model's own by {self.bonds:.3f} Å (root mean square; at most {BONDS:g} is sound)")
        if self.angles > ANGLES:
            said.append(f"1-3 distances differ from the model's own by {self.angles:.3f} Å (root mean square; at most {ANGLES:g} is sound)")
        for what, where in (
            ("bonds are strained at", self.strained),
            ("the chain is stretched at", self.broken_steps),
            ("atoms clash at", self.clashes),
            ("the hand is inverted at", self.inverted),
            ("the peptide bond has turned at", self.peptides),
        ):
            if where:
                said.append(f"{what} {', '.join(where[:8])}{f' and {len(where) - 8} more' if len(where) > 8 else ''}")
        return tuple(said)

    def to_dict(self) -> dict[str, Any]:
        """As `refined.json` holds it."""
        plain = asdict(self)
        return {**plain, "bonds": round(self.bonds, 4), "angles": round(self.angles, 4), "holds": self.holds}


class Soundness:
    """What is to be kept of a model; `of` examines its fitted atoms anywhere else, and `troubled` finds where to put right."""

    def __init__(self, model: AtomicModel, restraints: Restraints, body: NDArray[np.signedinteger] | None = None) -> None:
        """Note the model's own bonds, steps, contacts and hands; ``restraints`` are those of its fitted atoms.

        Atoms of one ``body`` (M,) clash with those of another that are too near, whether or not the model has them so; None for one.
        """
        self._body = body
        self._own, self._restraints = model.fit_coordinates, restraints
        fit = model.in_fit
        self._label = [f"{c} {n}" for c, n in zip(model.chain_names[fit].tolist(), model.residue_numbers[fit].tolist(), strict=True)]
        self.residue = np.unique(model.residue_index[fit], return_inverse=True)[1]
        names, numbers, chains = model.atom_names[fit], model.residue_numbers[fit], model.chain_names[fit]
        carbon = model.fit_atomic_numbers == 6
        alpha = np.flatnonzero(carbon & (names == "CA"))
        follows = (chains[alpha[1:]] == chains[alpha[:-1]]) & (numbers[alpha[1:]] == numbers[alpha[:-1]] + 1)
        steps = np.column_stack([alpha[:-1], alpha[1:]])[follows]
        self._steps = steps[_within(_lengths(self._own, steps))]
        self._centres = _centres(restraints.bonds, len(self._own))
        volume = _volumes(self._own, self._centres)
        self._centres, self._hand = self._centres[np.abs(volume) > _HAND], np.sign(volume[np.abs(volume) > _HAND])
        self._peptides = self._find_peptides(names, alpha)
        self._omega = _torsions(self._own, self._peptides)

    def of(self, x: Array) -> Geometry:
        """The state of the atoms at ``x`` (M, 3) in Å."""
        bonds, angles = self._restraints.errors(x)
        pairs = self._restraints.bonds
        strained = pairs[np.abs(_lengths(x, pairs) - _lengths(self._own, pairs)) > _STRAIN]
        steps, clashes, inverted, peptides = self._faults(x)
        return Geometry(
            bonds,
            angles,
            self._named(strained[:, 0]),
            self._named(steps[:, 0]),
            self._named(clashes[:, 0], clashes[:, 1]),
            self._named(inverted),
            self._named(peptides),
        )

    def troubled(self, x: Array) -> NDArray[np.bool_]:
        """Residues (n,) with a centre of the wrong hand, a turned peptide or a stretched step."""
        steps, _, inverted, peptides = self._faults(x)
        found = np.zeros(int(self.residue.max(initial=-1)) + 1, bool)
        found[self.residue[np.concatenate([steps.ravel(), inverted, peptides])]] = True
        return found

    def clashing(self, x: Array) -> NDArray[np.bool_]:
        """Residues (n,) with atoms that clash."""
        found = np.zeros(int(self.residue.max(initial=-1)) + 1, bool)
        found[self.residue[self._faults(x)[1].ravel()]] = True
        return found

    def _faults(self, x: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        near = cKDTree(x).query_pairs(_TOO_NEAR, output_type="ndarray").astype(np.int64)
        new = _lengths(self._own, near) > _WERE_NEAR
        if self._body is not None:
            new |= self._body[near[:, 0]] != self._body[near[:, 1]]
        turned = np.abs((_torsions(x, self._peptides) - self._omega + 180) % 360 - 180) > _PEPTIDE
        return (
            self._steps[~_within(_lengths(x, self._steps))],
            near[new],
            self._centres[np.sign(_volumes(x, self._centres)) != self._hand][:, 0],
            self._peptides[turned][:, 1],
        )

    def _named(self, first: NDArray[np.int64], second: NDArray[np.int64] | None = None) -> tuple[str, ...]:
        one = [self._label[i] for i in first.tolist()]
        if second is None:
            return tuple(dict.fromkeys(one))
        both = (f"{a}–{b}" for a, b in zip(one, (self._label[i] for i in second.tolist()), strict=True))
        return tuple(dict.fromkeys(both))

    def _find_peptides(self, names: NDArray[np.str_], alpha: NDArray[np.int64]) -> NDArray[np.int64]:
        """CA, C, N, CA (P, 4) of each peptide bond."""
        own, residue = self._own, self.residue
        of: dict[str, dict[int, int]] = {name: {} for name in ("C", "N")}
        for name, found in of.items():
            for atom in np.flatnonzero(names == name).tolist():
                found.setdefault(int(residue[atom]), atom)
        rows = []
        for a, b in zip(alpha[:-1].tolist(), alpha[1:].tolist(), strict=True):
            c, n = of["C"].get(int(residue[a])), of["N"].get(int(residue[b]))
            if c is not None and n is not None and np.linalg.norm(own[c] - own[n]) < 1.7:
                rows.append((a, c, n, b))
        return np.array(rows, np.int64).reshape(-1, 4)


def _within(lengths: Array) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (lengths >= _STEP[0]) & (lengths <= _STEP[1])
    return inside


def _lengths(x: Array, pairs: NDArray[np.int64]) -> Array:
    lengths: Array = np.linalg.norm(x[pairs[:, 0]] - x[pairs[:, 1]], axis=1)
    return lengths


def _centres(bonds: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Atoms with three neighbours or more, and the first three of these, (C, 4)."""
    both = np.concatenate([bonds, bonds[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    starts = np.searchsorted(both[:, 0], np.arange(count + 1))
    several = np.flatnonzero(np.diff(starts) >= 3)
    return np.column_stack([several, *(both[starts[several] + k, 1] for k in range(3))]).astype(np.int64)


def _volumes(x: Array, centres: NDArray[np.int64]) -> Array:
    """Signed volumes (C,) in Å³ that the neighbours of each centre span with it."""
    arms = x[centres[:, 1:]] - x[centres[:, :1]]
    volume: Array = np.linalg.det(arms)
    return volume


def _torsions(x: Array, four: NDArray[np.int64]) -> Array:
    """Torsion angles (P,) in degrees."""
    a, b, c = (x[four[:, k + 1]] - x[four[:, k]] for k in range(3))
    first, second = np.cross(a, b), np.cross(b, c)
    sine = (np.cross(first, second) * b).sum(axis=1)
    angle: Array = np.degrees(np.arctan2(sine, (first * second).sum(axis=1) * np.linalg.norm(b, axis=1)))
    return angle
