"""ServalCat: the command, and the reference's short distances as external restraints where the model was bent."""

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from difffit_core.handover.handed import MAP, MODEL, Handed

if TYPE_CHECKING:
    import gemmi

_REACH_A, _LEAST_A, _APART, _SIGMA_A = 4.2, 2.5, 2, 0.1
"""Å up to and from which distances are restrained, residues that they are at least apart, and their σ: as ProSMART's, which it replaces."""


def files(handed: Handed) -> Mapping[str, str]:
    """A shell script, and perhaps a file of restraints."""
    words = ["servalcat", "refine_spa_norefmac", "--model", MODEL, "--resolution", f"{handed.target.resolution:g}"]
    words += ["--map", MAP] if handed.half_maps is None else ["--halfmaps", *map(str, handed.half_maps), "--cross_validation"]
    found: dict[str, str] = {}
    restraints = [] if handed.reference is None else restraints_of(handed.structure, handed.reference)
    if restraints:
        found["servalcat_reference.txt"] = "\n".join(["EXTERNAL WEIGHT SCALE 1", "EXTERNAL DMAX 4.2", *restraints, ""])
        words += ["--keyword_file", "servalcat_reference.txt"]
    else:
        words += ["--jellybody"]
    words += ["--output_prefix", "servalcat_refined"]
    script = ["#!/bin/sh", 'cd "$(dirname "$0")" || exit 1', shlex.join(words), ""]
    return {**found, "servalcat.sh": "\n".join(script)}


def restraints_of(structure: "gemmi.Structure", reference: "gemmi.Structure") -> list[str]:
    """Lines of external restraints: distances in the reference between main-chain atoms close by that bending left as they were.

    Those that bending changed by more than an eighth are left free: there the model gave way.
    """
    atoms = [
        (chain.name, residue.seqid.num or 0, residue.seqid.icode.strip(), atom.name)
        for chain in reference[0] if chain.name.isalnum()
        for residue in chain for atom in residue if atom.name in _HELD and atom.altloc in _FIRST
    ]  # fmt: skip
    places = [_places(one) for one in (reference, structure)]
    atoms = [one for one in atoms if one in places[1]]
    before, after = (np.array([each[one] for one in atoms], np.float64).reshape(-1, 3) for each in places)
    pairs = np.array(sorted(cKDTree(before).query_pairs(_REACH_A)) or np.empty((0, 2)), np.int64).reshape(-1, 2)
    lengths, bent = (np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) for points in (before, after))
    kept = (lengths >= _LEAST_A) & (np.abs(bent - lengths) <= lengths / 8)
    lines = []
    for (i, j), length in zip(pairs[kept].tolist(), lengths[kept].tolist(), strict=True):
        first, second = atoms[i], atoms[j]
        if first[0] == second[0] and abs(first[1] - second[1]) < _APART:
            continue  # the dictionary holds it already
        lines.append(f"EXTERNAL DISTANCE FIRST {_atom(first)} SECOND {_atom(second)} VALUE {length:.3f} SIGMA {_SIGMA_A} TYPE 1")
    return lines


_HELD = frozenset(("N", "CA", "C", "O", "CB", "P", "C1'", "C3'", "C4'"))
_FIRST = ("\0", "A")
_Atom = tuple[str, int, str, str]
"""Chain, number, insertion code and name."""


def _places(structure: "gemmi.Structure") -> dict[_Atom, list[float]]:
    return {
        (chain.name, residue.seqid.num or 0, residue.seqid.icode.strip(), atom.name): atom.pos.tolist()
        for chain in structure[0] for residue in chain for atom in residue if atom.altloc in _FIRST
    }  # fmt: skip


def _atom(one: _Atom) -> str:
    chain, number, code, name = one
    return f"CHAIN {chain} RESI {number} INS {code or '.'} ATOM {name}"
