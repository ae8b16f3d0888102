"""From a parsed structure to the arrays of a model, and which of its atoms take part in a fit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import FileFormatError
from difffit_core.io.files import stem_of
from difffit_core.io.models.kinds import Kind, census, is_solvent_name, kinds_of, tell
from difffit_core.io.models.parts import Choice

if TYPE_CHECKING:
    import gemmi

FARTHEST_ATOM = 1e6
LONGEST_NAME = 100
_LARGEST_B = 1e6
"""Å²."""


def model_of(path: Path, structure: "gemmi.Structure", notes: list[str], choice: Choice, prediction: str | None) -> AtomicModel:
    """The model of a structure of one model, which is the ``choice`` of those in the file.

    ``notes`` are what was said while it was read, and more is added.

    Raises
    ------
    FileFormatError
        If coordinates are not finite, names too long, or nothing is there for a fit.
    """
    _check_names(path, structure)
    if any(not np.isfinite(atom.pos.x + atom.pos.y + atom.pos.z) for chain in structure[0] for residue in chain for atom in residue):
        _leave_out_unplaced(path, structure, notes)
    residues = [(chain.name, residue) for chain in structure[0] for residue in chain]
    counts = [len(residue) for _, residue in residues]
    total = sum(counts)

    def atoms() -> Iterator["gemmi.Atom"]:
        """One after the other, so that no Python object stays for every atom."""
        return (atom for _, residue in residues for atom in residue)

    coordinates = np.fromiter((x for atom in atoms() for x in atom.pos.tolist()), np.float64, 3 * total).reshape(total, 3)
    far = (np.abs(coordinates) > FARTHEST_ATOM).any(axis=1)
    if far.any():
        first = int(np.argmax(far))
        raise FileFormatError(
            f"{path}: coordinates must be finite and within {FARTHEST_ATOM:g} Å, got {int(far.sum())} atoms where they are not, "
            f"the first being atom {first + 1} at {', '.join(f'{x:g}' for x in coordinates[first])}"
        )
    seen = [(chain, str(residue.seqid)) for chain, residue in residues]
    starts = [i == 0 or seen[i] != seen[i - 1] for i in range(len(seen))]
    residue_index = np.repeat(np.cumsum(starts) - 1, counts).astype(np.int32)
    atomic_numbers = np.fromiter((atom.element.atomic_number for atom in atoms()), np.int16, total)
    atom_names = np.array([atom.name for atom in atoms()], np.str_)
    residue_names = np.repeat(np.array([residue.name for _, residue in residues], np.str_), counts)
    hydrogen = np.fromiter((atom.is_hydrogen() for atom in atoms()), bool, total)
    of_residue = np.repeat(np.arange(len(residues), dtype=np.int32), counts)
    kinds = kinds_of(residue_names, of_residue, atom_names, atomic_numbers, hydrogen)
    locations = np.fromiter((ord(atom.altloc) for atom in atoms()), np.int16, total)
    occupancy = np.nan_to_num(np.fromiter((atom.occ for atom in atoms()), np.float32, total), posinf=0, neginf=0)
    b_factors = np.fromiter((atom.b_iso for atom in atoms()), np.float32, total)
    senseless = ~(np.abs(b_factors) < _LARGEST_B)
    if senseless.any():
        b_factors[senseless] = 0
        notes.append(f"{senseless.sum()} atoms have B factors that are no numbers or beyond {_LARGEST_B:g} Å²; they were read as 0")
    solid = ~hydrogen & (atomic_numbers > 0) & _chosen_location(residue_index, locations, occupancy)
    in_fit: NDArray[np.bool_] = np.repeat([kind.fits for kind in kinds], counts) & solid
    if twice := _leave_out_twins(in_fit, residue_names, atom_names, coordinates):
        notes.append(f"{twice} atoms stand a second time in the file, in the same place; they are left out of the fit")
    if not in_fit.any():
        raise FileFormatError(
            f"{path}: a model must hold atoms that can be seen in a map, got only hydrogens, waters, ions, dummies, buffer or "
            "unknown elements"
        )
    names = np.array([residue.name for _, residue in residues], np.str_)
    notes += _told(census(names, kinds), int(np.count_nonzero(atomic_numbers == 0)))
    doubts = _doubts(residue_index, atomic_numbers, in_fit, coordinates)
    return AtomicModel(
        coordinates=coordinates,
        atomic_numbers=atomic_numbers,
        atom_names=atom_names,
        residue_names=residue_names,
        chain_names=np.repeat(np.array([chain for chain, _ in residues], np.str_), counts),
        residue_numbers=np.repeat([residue.seqid.num or 0 for _, residue in residues], counts).astype(np.int32),
        residue_index=residue_index,
        b_factors=b_factors,
        in_fit=in_fit,
        name=stem_of(path),
        path=path,
        prediction=prediction,
        notes=tuple(dict.fromkeys([*notes, *doubts])),
        doubts=tuple(doubts),
        models=choice.words,
        held=choice.held,
        structure=structure,
    )


def _check_names(path: Path, structure: "gemmi.Structure") -> None:
    """Refuse names that no one gave on purpose, which would take the memory of all others."""
    for chain in structure[0]:
        longest = max((chain.name, *(residue.name for residue in chain)), key=len)
        if len(longest) > LONGEST_NAME:
            raise FileFormatError(f"{path}: names must have at most {LONGEST_NAME} letters, got {longest[:20]}… of {len(longest)}")


def _leave_out_unplaced(path: Path, structure: "gemmi.Structure", notes: list[str]) -> None:
    """Take out atoms whose coordinates are no numbers, where no fit looks at them; refuse the others."""
    left_out = 0
    for chain in structure[0]:
        for residue in chain:
            for place in reversed(range(len(residue))):
                atom = residue[place]
                if np.isfinite(atom.pos.x + atom.pos.y + atom.pos.z):
                    continue
                if not atom.is_hydrogen() and not is_solvent_name(residue.name):
                    where = f"atom {atom.name} of {residue.name} {residue.seqid} in chain {chain.name}"
                    got = ", ".join(f"{x:g}" for x in atom.pos.tolist())
                    raise FileFormatError(
                        f"{path}: coordinates must be finite numbers of Å, got {got} for {where} (atom {atom.serial} of the file)"
                    )
                del residue[place]
                left_out += 1
        for place in reversed(range(len(chain))):
            if len(chain[place]) == 0:
                del chain[place]
    notes.append(f"{left_out} hydrogens or solvent atoms whose coordinates are no numbers were left out of what was read")


def _told(found: Mapping[Kind, Counter[str]], unknown_atoms: int) -> list[str]:
    """What takes no part in the fit and is not what every reader expects, and what is not known."""
    plain = {Kind.WATER: {"HOH", "DOD", "WAT"}}
    out = [
        f"{sum(names.values())} {kind.several} ({tell(names, 6)})"
        for kind, names in found.items()
        if not kind.fits and kind is not Kind.BUFFER and not set(names) <= plain.get(kind, set())
    ]
    notes = [f"left out of the fit, but kept in what is written: {'; '.join(out)}"] if out else []
    if unknown := found.get(Kind.UNKNOWN):
        notes.append(f"residues of names that are not known take part in the fit as they are: {tell(unknown, 6)}")
    if unknown_atoms:
        notes.append(f"{unknown_atoms} atoms of no known element are left out of the fit")
    return notes


_IMPROBABLE = 0.5


def _doubts(
    residue_index: NDArray[np.int32],
    atomic_numbers: NDArray[np.int16],
    in_fit: NDArray[np.bool_],
    coordinates: NDArray[np.float64],
) -> list[str]:
    """What cannot be right in the composition of a model."""
    import gemmi

    notes = []
    residues = len(np.unique(residue_index[in_fit]))
    numbers, counts = np.unique(atomic_numbers[in_fit], return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        strange = number not in (6, 7, 8, 15)
        if strange and residues >= 10 and count >= _IMPROBABLE * residues:
            notes.append(
                f"{count} atoms are {gemmi.Element(number).name} in {residues} residues, which no molecule of life has: "
                "its mass and its density cannot be right; look at the element column, or whether these are beads of a coarse-grained model"
            )
    origin = int(np.count_nonzero(~coordinates[in_fit].any(axis=1)))
    if origin > 1:
        notes.append(f"{origin} atoms of the fit stand at exactly 0, 0, 0, where programs put what has no place")
    return notes


def _leave_out_twins(
    in_fit: NDArray[np.bool_], residue_names: NDArray[np.str_], atom_names: NDArray[np.str_], coordinates: NDArray[np.float64]
) -> int:
    """Take what is given a second time, an atom of the same name in exactly the same place, out of the fit, and count it."""
    rows = np.flatnonzero(in_fit & coordinates.any(axis=1))
    order = rows[np.lexsort(coordinates[rows].T)]
    same = (residue_names[order][1:] == residue_names[order][:-1]) & (atom_names[order][1:] == atom_names[order][:-1])
    same &= (coordinates[order][1:] == coordinates[order][:-1]).all(axis=1)
    twins = order[1:][same]
    in_fit[twins] = False
    return len(twins)


def _chosen_location(residue_index: NDArray[np.int32], locations: NDArray[np.int16], occupancy: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Atoms (N,) without an alternate location, or of the one with the highest summed occupancy in its residue."""
    chosen: NDArray[np.bool_] = locations == 0
    alternate = np.flatnonzero(~chosen)
    by_residue = np.split(alternate, np.flatnonzero(np.diff(residue_index[alternate])) + 1)
    for atoms in by_residue:
        names = list(dict.fromkeys(locations[atoms].tolist()))
        if names:
            best = max(names, key=lambda name: round(float(occupancy[atoms][locations[atoms] == name].sum(dtype=np.float64)), 4))
            chosen[atoms[locations[atoms] == best]] = True
    return chosen
