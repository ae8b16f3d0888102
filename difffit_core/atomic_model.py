"""An atomic model: coordinates with what each atom is, and which atoms take part in a fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.chain_words import chains_in_words, nothing_seen
from difffit_core.conventions import Array
from difffit_core.errors import UserError

if TYPE_CHECKING:
    import gemmi


@dataclass(frozen=True, eq=False)
class AtomicModel:
    """A model of a structure file. Arrays have one entry an atom, in file order, and are read-only.

    Attributes
    ----------
    coordinates : float64 (N, 3) in Å, as they stand in the file
    atomic_numbers : int16 (N,)
    atom_names, residue_names, chain_names : str (N,); chain names are the author's
    residue_numbers : int32 (N,), the author's
    residue_index : int32 (N,), counting residues through the file from 0
    b_factors : float32 (N,) in Å² (or pLDDT in a predicted model)
    in_fit : bool (N,): False for hydrogens, solvent, ions, dummies and all but one alternate location
    name, path : what to call it, and where it came from
    prediction : what in the file says that it is predicted, if anything; see `confidence.confidence_of`
    notes : what the reader had to decide, guess, repair or leave out, one sentence each
    doubts : those of the notes that say that the model cannot be right
    models : which of the file's models it is, as ``read_model`` and ``--model`` take it; empty where the file holds one
    held : numbers of all the models that the file holds
    structure : the parsed file, kept so that what is written has everything that was read; never modified
    body : what it stands for where it is no model: a map, whose density its atoms are points of; see `align.body`
    """

    coordinates: Array
    atomic_numbers: NDArray[np.int16]
    atom_names: NDArray[np.str_]
    residue_names: NDArray[np.str_]
    chain_names: NDArray[np.str_]
    residue_numbers: NDArray[np.int32]
    residue_index: NDArray[np.int32]
    b_factors: NDArray[np.float32]
    in_fit: NDArray[np.bool_]
    name: str = "model"
    path: Path | None = None
    prediction: str | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    models: str = ""
    held: tuple[int, ...] = ()
    structure: "gemmi.Structure | None" = field(default=None, repr=False)
    body: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        count = len(self.coordinates)
        if self.coordinates.shape != (count, 3):
            raise ValueError(f"coordinates must be (N, 3), got {self.coordinates.shape}")
        for name, array in self._arrays().items():
            if len(array) != count:
                raise ValueError(f"{name} must have {count} entries, got {len(array)}")
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def __len__(self) -> int:
        return len(self.coordinates)

    def __repr__(self) -> str:
        chains = chains_in_words(self.chains)
        return f"<AtomicModel {self.name}: {len(self)} atoms, {self.residue_count} residues in {chains}>"

    @property
    def chains(self) -> tuple[str, ...]:
        """Chain names in file order."""
        return tuple(dict.fromkeys(self.chain_names.tolist()))

    @property
    def fit_coordinates(self) -> Array:
        """Coordinates (M, 3) in Å of the atoms that take part in a fit."""
        return self.coordinates[self.in_fit]

    @property
    def fit_atomic_numbers(self) -> NDArray[np.int16]:
        """Atomic numbers (M,) of the atoms that take part in a fit."""
        return self.atomic_numbers[self.in_fit]

    @property
    def residue_count(self) -> int:
        """Number of residues with an atom in the fit."""
        return len(np.unique(self.residue_index[self.in_fit]))

    def select_chains(self, names: Sequence[str]) -> "AtomicModel":
        """Only the named chains.

        Raises
        ------
        UserError
            If a chain is not there, naming those that are, or no atom of them takes part in fits.
        """
        missing = [name for name in names if name not in self.chains]
        if missing:
            raise UserError(f"{self.path or self.name}: chain must be one of {', '.join(self.chains)}, got {', '.join(missing)}")
        keep = np.isin(self.chain_names, list(names))
        if not self.in_fit[keep].any():
            raise UserError(f"{self.path or self.name}: {nothing_seen(names)}")
        kept: dict[str, Any] = {name: array[keep] for name, array in self._arrays().items()}
        return replace(self, **kept)

    def select_residues(self, index: Sequence[int], name: str) -> "AtomicModel":
        """Only the residues with these ``residue_index``, under a name of their own; the structure that is kept is cut down, too."""
        keep = np.isin(self.residue_index, list(index))
        kept: dict[str, Any] = {column: array[keep] for column, array in self._arrays().items()}
        chosen = np.isin(np.unique(self.residue_index), list(index))
        structure = None if self.structure is None else _cut_down(self.structure, set(self.chains), chosen)
        return replace(self, **kept, name=name, structure=structure)


def _cut_down(structure: "gemmi.Structure", chains: set[str], chosen: NDArray[np.bool_]) -> "gemmi.Structure":
    """A copy with only the ``chosen`` (R,) of the residues of these chains, in file order."""
    cut = structure.clone()
    number, before = -1, None
    for chain in cut[0]:
        gone = []
        for place, residue in enumerate(chain):
            seen = (chain.name, str(residue.seqid))
            number, before = number + (seen != before and chain.name in chains), seen
            if chain.name not in chains or not chosen[number]:
                gone.append(place)
        for place in reversed(gone):
            del chain[place]
    cut.remove_empty_chains()
    return cut
