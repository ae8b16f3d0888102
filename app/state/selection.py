"""What is selected of models: a value that can be coloured, hidden, fitted, taken out of a map and written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import chains_in_words, list_chains

Run = tuple[int, int]
"""The first and the last of neighbouring residues, by their `AtomicModel.residue_index`."""


@dataclass(frozen=True)
class Selection:
    """Residues by their `AtomicModel.residue_index`, of models by their ids; a model of which nothing is selected is not named."""

    residues: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, residues: Mapping[str, Iterable[int]]) -> Self:
        """Without the models that have none."""
        return cls({model: frozenset(some) for model, some in ((name, list(each)) for name, each in residues.items()) if some})

    def __bool__(self) -> bool:
        return bool(self.residues)

    def __len__(self) -> int:
        return sum(len(some) for some in self.residues.values())

    def of_model(self, model: str) -> NDArray[np.int64]:
        """Those of a model, in order."""
        return np.array(sorted(self.residues.get(model, ())), np.int64)

    def plus(self, model: str, residues: Iterable[int]) -> Self:
        """With these, too."""
        return self.of({**self.residues, model: self.residues.get(model, frozenset()).union(residues)})

    def minus(self, model: str, residues: Iterable[int]) -> Self:
        """Without these."""
        return self.of({**self.residues, model: self.residues.get(model, frozenset()).difference(residues)})

    def toggled(self, model: str, residues: Iterable[int]) -> Self:
        """Without these where all of them are selected, else with them."""
        some = frozenset(residues)
        return self.minus(model, some) if some <= self.residues.get(model, frozenset()) else self.plus(model, some)

    def without_model(self, model: str) -> Self:
        """Nothing of that one."""
        return self.of({name: some for name, some in self.residues.items() if name != model})


def residues_of(model: AtomicModel, chains: Iterable[str] | None = None) -> NDArray[np.int64]:
    """`AtomicModel.residue_index` (n,) of all residues of a model that count in a fit, or of those of some chains, in order."""
    here = model.in_fit if chains is None else model.in_fit & np.isin(model.chain_names, list(chains))
    return np.unique(model.residue_index[here]).astype(np.int64)


def chains_of(model: AtomicModel, residues: Iterable[int]) -> tuple[str, ...]:
    """Names of the chains in which these residues are, in the order of the file."""
    here = set(model.chain_names[np.isin(model.residue_index, list(residues))].tolist())
    return tuple(chain for chain in model.chains if chain in here)


def whole_chains(model: AtomicModel, residues: NDArray[np.int64]) -> tuple[str, ...] | None:
    """The chains that these residues are, if they are whole ones; else None."""
    chains = chains_of(model, residues.tolist())
    return chains if np.array_equal(residues_of(model, chains), residues) else None


def runs_of(residues: Iterable[int]) -> tuple[Run, ...]:
    """Neighbours together, in order."""
    runs: list[list[int]] = []
    for one in sorted(residues):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return tuple((first, last) for first, last in runs)


def in_runs(runs: Iterable[Run]) -> frozenset[int]:
    """The residues of runs."""
    return frozenset(one for first, last in runs for one in range(first, last + 1))


def in_words(model: AtomicModel, residues: NDArray[np.int64], most: int = 4) -> str:
    """``chain A``, ``A 12–45, B 3``: whole chains by their names, else stretches by residue numbers, the first ``most`` of them."""
    chains = whole_chains(model, residues)
    if chains is not None:
        return chains_in_words(chains) if len(chains) < len(model.chains) else "all chains"
    _, first_atoms = np.unique(model.residue_index, return_index=True)
    place = {int(model.residue_index[atom]): int(atom) for atom in first_atoms}
    parts: list[str] = []
    before = None
    for first, last in _stretches(model, residues.tolist(), place):
        chain, start, end = str(model.chain_names[place[first]]), model.residue_numbers[place[first]], model.residue_numbers[place[last]]
        name = "" if chain == before else f"{list_chains([chain])} "
        parts.append(f"{name}{start}" if first == last else f"{name}{start}–{end}")
        before = chain
    return ", ".join(parts[:most]) + (f" and {len(parts) - most} more" if len(parts) > most else "")


def _stretches(model: AtomicModel, residues: list[int], place: Mapping[int, int]) -> list[Run]:
    """Runs that end where a chain does."""
    found: list[Run] = []
    for first, last in runs_of(residues):
        start = first
        for one in range(first + 1, last + 1):
            if model.chain_names[place[one]] != model.chain_names[place[one - 1]]:
                found.append((start, one - 1))
                start = one
        found.append((start, last))
    return found
