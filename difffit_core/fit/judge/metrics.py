"""Scores of poses (paper, section 4.3), each from the map and the model's simulated map at all fitted atoms of that very pose."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.search.optimise import Volume
from difffit_core.ops.grid import Array32, PointSet
from difffit_core.placement import FitMetrics

_CHUNK_SAMPLES = 8_000_000


def fit_metrics(
    raw: Volume,
    unit: float,
    level: float,
    atoms: PointSet,
    simulated: Array32,
    local_correlation: Array32,
    quaternions: Array,
    translations: Array,
) -> list[FitMetrics]:
    """Metrics of each pose.

    Parameters
    ----------
    raw : the map divided by ``unit``
    level : contour level in the map's own units
    atoms : the N fitted atoms about their centre, Å
    simulated : (N,), the simulated map at the atoms
    local_correlation : (P,), already known
    quaternions, translations : (P, 4), (P, 3) in Å
    """
    found: list[FitMetrics] = []
    for block in _chunks(len(quaternions), max(1, _CHUNK_SAMPLES // len(atoms))):
        at_atoms = raw.samples(atoms, quaternions[block], translations[block]).astype(np.float64) * unit
        found += atom_metrics(at_atoms, simulated.astype(np.float64), level, local_correlation[block])
    return found


def atom_metrics(at_atoms: Array, simulated: Array, level: float, local_correlation: NDArray[np.floating]) -> list[FitMetrics]:
    """Metrics from D (P, N), the map at the atoms, and W (N,), the simulated map at them.

    Mean overlap D·W/N, correlation D·W/(|D||W|), the same about the mean, and the share of atoms above the level; all atoms count, so
    that a wrong pose with a few atoms in density cannot look perfect.
    """
    count = at_atoms.shape[1]
    mean = at_atoms.mean(axis=1)
    product = at_atoms @ simulated
    lengths = np.linalg.norm(at_atoms, axis=1) * np.linalg.norm(simulated)
    centred, simulated_centred = at_atoms - mean[:, None], simulated - simulated.mean()
    centred_lengths = np.linalg.norm(centred, axis=1) * np.linalg.norm(simulated_centred)
    columns = (
        mean,
        product / count,
        _ratio(product, lengths),
        _ratio(centred @ simulated_centred, centred_lengths),
        (at_atoms > level).mean(axis=1),
        local_correlation,
    )
    return [FitMetrics(*(float(value) for value in row)) for row in zip(*columns, strict=True)]


def _ratio(product: Array, lengths: Array) -> Array:
    return np.divide(product, lengths, out=np.zeros_like(product), where=lengths > 1e-12)


def _chunks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
