"""How well each residue of a bent model is supported by the map, beside the rigid model."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.breaks import find_breaks
from difffit_core.pose import Pose
from difffit_core.quality.local import local_correlation
from difffit_core.refine.request import RefineRequest
from difffit_core.refine.trace import Trace
from difffit_core.residues import Residues
from difffit_core.target import Target

_STRETCH = 3
"""Residues in a row without density that are told."""
_EMPTY = 0.3
"""Share of the contour level below which the mean density at a residue's atoms is none."""


@dataclass(frozen=True, eq=False)
class Support:
    """Local correlation of the n residues ``before`` and ``after``, which are ``supported``, and a sentence on those that are not."""

    before: Array
    after: Array
    supported: NDArray[np.bool_]
    sentence: str


def judged(density: DensityMap, model: AtomicModel, pose: Pose, coordinates: Array, request: RefineRequest, residues: Residues) -> Support:
    """Compare the model at its rigid ``pose`` with the one bent to ``coordinates`` (N, 3) in Å, in a map that reaches round both."""
    plain = replace(model, structure=None)
    bent = replace(plain, coordinates=coordinates)
    resolution, here = request.resolution, Pose.identity()
    before = local_correlation(density, plain, pose, resolution, residues)
    after = local_correlation(density, bent, here, resolution, residues)
    breaks = find_breaks(Target(density, resolution, request.level), bent, here, request.seed)
    if not breaks.levels.are_clear:
        return Support(before, after, np.ones(len(residues), bool), "The map does not tell residues that fit from those that do not.")
    empty = residues.mean(density_at(density, coordinates[model.in_fit])) < _EMPTY * request.level
    supported = np.ones(len(residues), bool)
    for first, end in Trace.of(plain).runs(empty):
        supported[first:end] = end - first < _STRETCH
    for one in breaks.stretches:
        supported &= ~((residues.chains == one.chain) & (residues.numbers >= one.first) & (residues.numbers <= one.last))
    return Support(before, after, supported, _said(residues, supported))


def density_at(density: DensityMap, points: Array) -> Array:
    """The nearest voxel's value (M,) at points (M, 3) in Å; 0 outside."""
    at = np.round((points - density.origin) / density.voxel_size).astype(np.int64)[:, ::-1]
    inside = ((at >= 0) & (at < density.values.shape)).all(axis=1)
    values = np.zeros(len(points))
    values[inside] = density.values[tuple(at[inside].T)]
    return values


def _said(residues: Residues, supported: NDArray[np.bool_]) -> str:
    if supported.all():
        return ""
    edges = np.flatnonzero(np.diff((~supported).astype(np.int8), prepend=0, append=0))
    runs = []
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        chain = np.flatnonzero(residues.chains[first + 1 : end] != residues.chains[first : end - 1]) + first + 1
        bounds = [first, *chain.tolist(), end]
        for a, b in pairwise(bounds):
            numbers = residues.numbers[a], residues.numbers[b - 1]
            runs.append(f"{residues.chains[a]} {numbers[0]}" + (f"–{numbers[1]}" if b - a > 1 else ""))
    more = f" and {len(runs) - 12} more stretches" if len(runs) > 12 else ""
    count = int((~supported).sum())
    return (
        f"No density supports {count} residue{'' if count == 1 else 's'}, which are where the model has them: {', '.join(runs[:12])}{more}."
    )
