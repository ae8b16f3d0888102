"""Splitting a model into parts that may move against one another: chains, predicted domains, compact pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.spatial.distance import squareform

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.pae.matrix import AlignedErrors, errors_of
from difffit_core.residues import Residues
from difffit_core.split.limits import LOOSE, PAE_CUTOFF, PLDDT_CUTOFF, SMALLEST

CONTACT = 10.0
"""Å between CA (or P) atoms that touch."""
_STEP, _NUCLEOTIDE = 3.8, 7.0
_SHORT_RUN = 6


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of a model: what to call it, and the piece as a model of its own."""

    name: str
    model: AtomicModel

    def ranges(self) -> str:
        """Its residues, as in ``A 1-57, A 110-160``."""
        residues = Residues.of(self.model)
        runs: list[list[int]] = []
        for i in range(len(residues)):
            goes_on = runs and residues.chains[i] == residues.chains[i - 1] and residues.numbers[i] - residues.numbers[i - 1] in (0, 1)
            runs[-1].append(i) if goes_on else runs.append([i])
        return ", ".join(f"{residues.chains[run[0]]} {residues.numbers[run[0]]}-{residues.numbers[run[-1]]}".lstrip() for run in runs)


@dataclass(frozen=True, eq=False)
class Link:
    """A linker: the last atom before it and the first after it (3,), in two parts by index, how long it can be, and each step of it, in Å.

    ``last`` and ``next`` are the numbers of those two residues of ``chain``.
    """

    first: int
    second: int
    end: Array
    start: Array
    longest: float
    step: float
    chain: str
    last: int
    next: int


def by_chain(model: AtomicModel) -> list[Part]:
    """Every chain that has atoms in the fit."""
    return [Part(f"{model.name} {name}", model.select_chains([name])) for name in dict.fromkeys(model.chain_names[model.in_fit].tolist())]


def by_pae(
    model: AtomicModel, pae: AlignedErrors, cutoff: float = PAE_CUTOFF, plddt: float = PLDDT_CUTOFF, smallest: int = SMALLEST
) -> list[Part]:
    """The components of a predicted model that are well placed within themselves.

    Residues below ``plddt`` are left out, where the B factors are that. The others are joined, the best predicted pairs first, into groups
    whose mean predicted aligned error stays below ``cutoff`` Å: average linkage, so that neighbours along the chain, whose error is always
    small, do not join two domains. Groups of fewer than ``smallest`` residues are left out.

    Raises
    ------
    FileFormatError
        If the errors are not this model's.
    UserError
        If nothing is left.
    """
    errors = errors_of(model, pae)
    residues = Residues.of(model)
    confidence = confidence_of(model)
    sure = (
        np.ones(len(residues), bool) if confidence is None else residues.mean(confidence.values[model.in_fit].astype(np.float64)) >= plddt
    )
    labels = np.full(len(residues), -1)
    kept = np.flatnonzero(sure)
    if len(kept) > 1:
        distance = (errors[np.ix_(kept, kept)] + errors[np.ix_(kept, kept)].T) / 2
        np.fill_diagonal(distance, 0)
        labels[kept] = fcluster(linkage(squareform(distance, checks=False), "average"), cutoff, "distance")
    return _parts(model, residues, labels, smallest, f"pLDDT {plddt:g} and PAE {cutoff:g} Å leave no part")


def by_compactness(model: AtomicModel, loose: float = LOOSE, smallest: int = SMALLEST) -> list[Part]:
    """Compact pieces of each chain: it is cut where few contacts hold it together, and the pieces again, until none comes apart.

    Where to cut is told by the second eigenvector of the graph of contacts (its Fiedler vector): of all cuts along it, the one of the
    lowest conductance, that is contacts cut as a share of those of the smaller side. A few residues that the cut leaves on the wrong side
    of it go to those that surround them along the chain.

    Raises
    ------
    UserError
        If nothing is left.
    """
    residues = Residues.of(model)
    labels = np.full(len(residues), -1)
    places = places_of(model, residues)
    count = 0
    for chain in dict.fromkeys(residues.chains.tolist()):
        members = np.flatnonzero(residues.chains == chain)
        waiting = [members]
        while waiting:
            piece = waiting.pop()
            cut = _cut(places[piece], loose, smallest)
            if cut is None:
                labels[piece] = count
                count += 1
            else:
                waiting += [piece[~cut], piece[cut]]
        labels[members] = _without_short_runs(labels[members])
    return _parts(model, residues, labels, smallest, f"no piece has {smallest} residues")


def _cut(places: Array, loose: float, smallest: int) -> NDArray[np.bool_] | None:
    """Which residues (R,) to cut off, or None where it holds together."""
    count = len(places)
    if count < 2 * smallest:
        return None
    pairs = cKDTree(places).query_pairs(CONTACT, output_type="ndarray")
    pairs = pairs[np.abs(pairs[:, 0] - pairs[:, 1]) > 2]
    weights = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    weights = weights + weights.T + csr_array((np.full(count - 1, 0.1), (np.arange(count - 1), np.arange(1, count))), shape=(count, count))
    weights = ((weights + weights.T) / 2).toarray()
    parts, group = connected_components(csr_array(weights))
    if parts > 1:
        return np.asarray(group == 0)
    degree = weights.sum(axis=1)
    scale = 1 / np.sqrt(degree)
    normal = np.eye(count) - scale[:, None] * weights * scale
    vector = np.linalg.eigh(normal)[1][:, 1] * scale
    order = np.argsort(vector)
    sorted_weights = weights[np.ix_(order, order)]
    inside = np.cumsum(degree[order])
    below = np.array([sorted_weights[:k, k:].sum() for k in range(1, count)])
    conductance = below / np.minimum(inside[:-1], inside[-1] - inside[:-1])
    sizes = np.arange(1, count)
    conductance[(sizes < smallest) | (count - sizes < smallest)] = np.inf
    best = int(np.argmin(conductance))
    if not conductance[best] < loose:
        return None
    cut = np.zeros(count, bool)
    cut[order[: best + 1]] = True
    return cut


def _without_short_runs(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels (R,) along a chain with every run of fewer than six residues given to the longer run beside it, the shortest first."""
    labels = labels.copy()
    while True:
        starts = np.flatnonzero(np.diff(labels, prepend=labels[0] - 1))
        lengths = np.diff(starts, append=len(labels))
        if len(starts) == 1 or lengths.min() >= _SHORT_RUN:
            return labels
        run = int(np.argmin(lengths))
        beside = [other for other in (run - 1, run + 1) if 0 <= other < len(starts)]
        longer = max(beside, key=lambda other: int(lengths[other]))
        labels[starts[run] : starts[run] + lengths[run]] = labels[starts[longer]]


def places_of(model: AtomicModel, residues: Residues) -> Array:
    """One atom (R, 3) for each residue: CA, P, or the middle of what there is."""
    coordinates, names = model.fit_coordinates, model.atom_names[model.in_fit]
    places = np.column_stack([residues.mean(coordinates[:, axis]) for axis in range(3)])
    for name in ("P", "CA"):
        atoms = np.flatnonzero(names == name)
        places[residues.of_atom[atoms]] = coordinates[atoms]
    return places


def _parts(model: AtomicModel, residues: Residues, labels: NDArray[np.signedinteger], smallest: int, why: str) -> list[Part]:
    """A part for each label from 0 or 1 up that is large enough, in order of their first residues."""
    numbers, first, counts = np.unique(labels, return_index=True, return_counts=True)
    chosen = [(at, number) for number, at, size in zip(numbers, first, counts, strict=True) if number >= 0 and size >= smallest]
    if not chosen:
        raise UserError(f"{model.path or model.name}: a split must leave at least one part, but {why}")
    parts = []
    for place, (_, number) in enumerate(sorted(chosen), start=1):
        name = f"{model.name} D{place}"
        parts.append(Part(name, model.select_residues(residues.index[labels == number].tolist(), name)))
    return parts


def links_between(parts: Sequence[AtomicModel]) -> list[Link]:
    """The linkers between parts of the same chains: wherever a chain, by the order of its residue numbers, goes on in another part.

    From one CA to the next are 3.8 Å, from one P to the next at most 7 Å: a linker of n residues spans no more than n + 1 such steps.
    """
    ends = []
    for number, part in enumerate(parts):
        residues = Residues.of(part)
        places = places_of(part, residues)
        nucleic = residues.of_atom[part.atom_names[part.in_fit] == "C4'"]
        for i in range(len(residues)):
            ends.append((str(residues.chains[i]), int(residues.numbers[i]), number, places[i], _NUCLEOTIDE if i in nucleic else _STEP))
    ends.sort(key=lambda one: one[:3])
    links = []
    for (chain, at, first, end, step), (other, after, second, start, _) in pairwise(ends):
        if chain == other and first != second:
            links.append(Link(first, second, end, start, step * max(after - at, 1), step, chain, at, after))
    return links
