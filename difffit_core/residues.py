"""The residues of a model, one entry each, for whatever is told of each of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class Residues:
    """The n residues of a model that have an atom in the fit, in file order; M atoms are in the fit.

    Attributes
    ----------
    index : int32 (n,), as in `AtomicModel.residue_index`
    chains, names : str (n,), chain and residue names
    numbers : int32 (n,), the author's
    of_atom : int64 (M,), to which of these each fitted atom belongs, ascending
    """

    index: NDArray[np.int32]
    chains: NDArray[np.str_]
    names: NDArray[np.str_]
    numbers: NDArray[np.int32]
    of_atom: NDArray[np.int64]

    @classmethod
    def of(cls, model: AtomicModel) -> "Residues":
        """Those of a model."""
        fitted = np.flatnonzero(model.in_fit)
        index, first, of_atom = np.unique(model.residue_index[fitted], return_index=True, return_inverse=True)
        atom = fitted[first]
        return cls(index, model.chain_names[atom], model.residue_names[atom], model.residue_numbers[atom], of_atom)

    def __len__(self) -> int:
        return len(self.index)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each residue's atoms begin among the fitted ones, (n + 1,)."""
        return np.searchsorted(self.of_atom, np.arange(len(self) + 1))

    def label(self, position: int) -> str:
        """Chain, number and name: ``D 45 LEU``."""
        return f"{self.chains[position]} {self.numbers[position]} {self.names[position]}"

    def mean(self, values: Array) -> Array:
        """Mean (n,) of ``values`` (M,) over the atoms of each residue; NaN does not count, and stands where there is nothing else."""
        counted = np.isfinite(values)
        total = np.bincount(self.of_atom[counted], values[counted], minlength=len(self))
        count = np.bincount(self.of_atom[counted], minlength=len(self))
        result: Array = np.divide(total, count, out=np.full(len(self), np.nan), where=count > 0)
        return result
