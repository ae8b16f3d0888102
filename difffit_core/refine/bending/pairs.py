"""Pairs of atoms, by atom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of N atoms, each told twice: partners of atom i are ``other[starts[i]:starts[i + 1]]``, with a row of each column."""

    starts: NDArray[np.int64]
    other: NDArray[np.int32]
    columns: tuple[Array, ...]

    @classmethod
    def of(cls, count: int, pairs: NDArray[np.int64], *columns: Array) -> "Pairs":
        """From ``pairs`` (P, 2), each once, and columns (P,); the partners of each atom in order."""
        both = np.concatenate([pairs, pairs[:, ::-1]])
        graph = csr_array((np.arange(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
        graph.sort_indices()
        order = graph.data
        return cls(graph.indptr.astype(np.int64), graph.indices.astype(np.int32), tuple(np.concatenate([c, c])[order] for c in columns))
