"""Pieces of a chain that moved against the rest of it, told in sentences."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.refine.pieces.superpose import robustly_superposed
from difffit_core.refine.trace import Trace

_LEAST_TURN, _LEAST_SHIFT = 3.0, 1.0
"""Degrees and Å below which a piece is said not to have moved."""
_CLOSER = 0.5
_SMALLEST = 4


@dataclass(frozen=True)
class Hinge:
    """One piece of a chain, and how it moved against the largest one.

    Attributes
    ----------
    chain : its name
    stretches : first and last residue number of each stretch of the piece
    about : the pairs of residues between which it is linked to the rest
    angle : in degrees
    shift : of its middle, in Å
    change : closed, opened or turned: whether its middle came nearer to that of the rest
    """

    chain: str
    stretches: tuple[tuple[int, int], ...]
    about: tuple[tuple[int, int], ...]
    angle: float
    shift: float
    change: str

    def __str__(self) -> str:
        where = ", ".join(f"{a}–{b}" for a, b in self.stretches)
        about = f" about {_joined([f'{a}–{b}' for a, b in self.about])}" if self.about else ""
        name = f" of chain {self.chain}" if self.chain.strip() else ""
        return f"residues {where}{name} {self.change} by {self.angle:.0f}°{about}, their middle moved {self.shift:.1f} Å"

    def to_dict(self) -> dict[str, Any]:
        """As `refined.json` holds it."""
        return {
            "chain": self.chain,
            "residues": [list(one) for one in self.stretches],
            "about": [list(one) for one in self.about],
            "angle": round(self.angle, 2),
            "shift": round(self.shift, 2),
            "change": self.change,
            "sentence": f"{self}.",
        }


def hinges_of(trace: Trace, labels: NDArray[np.int64], own: Array, after: Array) -> tuple[Hinge, ...]:
    """How the bodies (n,) of a trace moved, each against the largest of its chain.

    Parameters
    ----------
    trace, labels : the residues, and to which body each belongs
    own, after : (M, 3) in Å, the fitted atoms as the model has them and as they are now
    """
    found = []
    chains, of_atom = trace.residues.chains, trace.residues.of_atom
    for name in dict.fromkeys(chains.tolist()):
        here = chains == name
        sizes = np.bincount(labels[here])
        if np.count_nonzero(sizes) < 2:
            continue
        rest = here & (labels == sizes.argmax())
        base = robustly_superposed(own[rest[of_atom]], after[rest[of_atom]])
        back = base.invert().apply(after)
        core = own[rest[of_atom]].mean(axis=0)
        for number in np.flatnonzero(sizes):
            piece = here & (labels == number)
            if number == sizes.argmax() or np.count_nonzero(piece) < _SMALLEST:
                continue
            atoms = piece[of_atom]
            pose = robustly_superposed(own[atoms], back[atoms])
            angle = float(np.degrees(np.arccos(np.clip((np.trace(pose.rotation) - 1) / 2, -1, 1))))
            middle = own[atoms].mean(axis=0)
            now = pose.apply(middle)
            shift = float(np.linalg.norm(now - middle))
            if angle < _LEAST_TURN and shift < _LEAST_SHIFT:
                continue
            nearer = float(np.linalg.norm(middle - core) - np.linalg.norm(now - core))
            change = "closed" if nearer > _CLOSER else "opened" if nearer < -_CLOSER else "turned"
            numbers, runs = trace.residues.numbers, trace.runs(piece)
            about = [
                (int(numbers[edge - 1]), int(numbers[edge])) for run in runs for edge in run if 0 < edge < len(trace) and trace.linked[edge]
            ]
            stretches = tuple((int(numbers[a]), int(numbers[b - 1])) for a, b in runs)
            found.append(Hinge(str(name), stretches, tuple(about), angle, shift, change))
    return tuple(found)


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
