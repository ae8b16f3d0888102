"""Predictions made from true chains: turned about a hinge, with pLDDT and predicted errors as the AlphaFold database has them."""

import json
from dataclasses import dataclass
from pathlib import Path

import gemmi
import numpy as np
from scipy.spatial import cKDTree

_TURN = 25.0
"""Degrees by which the residues after a hinge are turned."""
_SHORTEST, _TRIED, _MOST_NEAR = 150, 40, 4
"""Residues, at least, of a chain that is turned; axes that are tried at each place; atoms that may come near the other part."""
_APART, _LEFT_OUT = 2.8, 2
_AT_HINGE, _AT_ENDS = 6, 4
_BETWEEN, _WITHIN = 14.0, (1.0, 4.0)


@dataclass(frozen=True, eq=False)
class Hinge:
    """Where a chain is turned: the ``cut``-th residue, the axis (3,), and the point on it (3,) in Å."""

    cut: int
    axis: np.ndarray
    pivot: np.ndarray

    def turned(self, points: np.ndarray) -> np.ndarray:
        axis = self.axis / np.linalg.norm(self.axis)
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        angle = np.radians(_TURN)
        turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
        return (points - self.pivot) @ turn.T + self.pivot


def as_prediction(structure: gemmi.Structure, folder: Path, name: str, rng: np.random.Generator) -> tuple[Path, Hinge | None]:
    """Write a chain as AlphaFold would have it, in two parts that lie otherwise than they do where there is a place to turn it.

    Its pLDDT is 50 to 68 about the hinge, 48 at the ends, and 80 to 96 elsewhere; the predicted errors between the parts are 14 Å.

    Returns
    -------
    The file, and the hinge; None where the chain is short, or its parts would meet however it is turned.
    """
    residues = [one for chain in structure[0] for one in chain if one.find_atom("CA", "*") or one.find_atom("P", "*")]
    hinge = _hinge(residues, rng)
    confidence = rng.uniform(80, 96, len(residues))
    confidence[:_AT_ENDS] = confidence[-_AT_ENDS:] = 48.0
    part = np.zeros(len(residues), int)
    if hinge is not None:
        confidence[hinge.cut - _AT_HINGE : hinge.cut + _AT_HINGE] = rng.uniform(50, 68, 2 * _AT_HINGE)
        part[hinge.cut :] = 1
        for residue in residues[hinge.cut :]:
            for atom in residue:
                atom.pos = gemmi.Position(*hinge.turned(np.array(atom.pos.tolist())))
    for residue, value in zip(residues, confidence.tolist(), strict=True):
        for atom in residue:
            atom.b_iso = round(value, 2)
    errors = np.where(part[:, None] == part, rng.uniform(*_WITHIN, (len(part), len(part))), _BETWEEN)
    np.fill_diagonal(errors, 0.25)
    structure.cell, structure.resolution, structure.raw_remarks = gemmi.UnitCell(), 0.0, []
    structure.info["_struct.title"] = f"AlphaFold prediction for {name}"
    file = folder / f"AF-{name}-F1-model_v4.cif"
    structure.make_mmcif_document().write_file(str(file))
    text = json.dumps([{"predicted_aligned_error": errors.round(2).tolist(), "max_predicted_aligned_error": 31.75}])
    (folder / f"AF-{name}-F1-predicted_aligned_error_v4.json").write_text(text, encoding="utf-8")
    return file, hinge


def _hinge(residues: list[gemmi.Residue], rng: np.random.Generator) -> Hinge | None:
    """Where to cut and about what to turn, so that the two parts stay most apart."""
    best: tuple[int, Hinge | None] = (_MOST_NEAR, None)
    if len(residues) < _SHORTEST or residues[0].find_atom("CA", "*") is None:
        return None
    for share in np.arange(0.35, 0.81, 0.05):
        cut = int(share * len(residues))
        stays = cKDTree(_atoms(residues[: cut - _LEFT_OUT]))
        moves, pivot = _atoms(residues[cut + _LEFT_OUT :]), np.array(residues[cut].find_atom("CA", "*").pos.tolist())
        for axis in rng.normal(size=(_TRIED, 3)):
            hinge = Hinge(cut, axis, pivot)
            near = int(np.isfinite(stays.query(hinge.turned(moves), distance_upper_bound=_APART)[0]).sum())
            best = min(best, (near, hinge), key=lambda one: one[0])
    return best[1]


def _atoms(residues: list[gemmi.Residue]) -> np.ndarray:
    return np.array([atom.pos.tolist() for residue in residues for atom in residue])
