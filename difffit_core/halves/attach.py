"""A map with what its half maps say of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.half_evidence import HalfEvidence
from difffit_core.halves.noise import spectra_of
from difffit_core.halves.pair import HalfMaps, check_two
from difffit_core.halves.run import run_halves
from difffit_core.ops.spectrum import Shells, masked

_LEAST, _MOST = 0.03, 0.5
_EMPTY = 1e-4
"""Values nearer to nothing than this share of the highest are what a mask left, where they are many."""
_MANY = 0.2


def with_half_maps(density_map: DensityMap, first: Path, second: Path, resolution: float) -> DensityMap:
    """The map, with the evidence of its two half maps, that lie in files; ``resolution`` in Å is the stated one.

    Raises
    ------
    UserError
        If one cannot be read, or they are no half maps of this map, with the reason.
    """
    from difffit_core.io.maps import read_map

    check_two(first, second)
    return with_pair(density_map, read_map(first), read_map(second), resolution)


def with_pair(density_map: DensityMap, first: DensityMap, second: DensityMap, resolution: float) -> DensityMap:
    """The same of half maps that were read."""
    pair = HalfMaps.of(first, second, density_map)
    found = run_halves(pair, resolution, by_place=False)
    spectra, ratio = spectra_of(pair), _power_ratio(density_map, pair)
    counts = spectra.coefficients * 2
    noise = spectra.noise * ratio
    strength = (noise * counts)[1:].sum() / max(float((spectra.noise * counts)[1:].sum()), 1e-30)
    sigma = float(pair.noise.std(dtype=np.float64) * np.sqrt(strength))
    files = _file_of(first), _file_of(second)
    facts = (f"half maps: {found.lines()[0]}", f"half maps: noise σ {sigma:.4g} in the map's units", *pair.notes)
    evidence = HalfEvidence(
        files, spectra.frequency, spectra.signal * ratio, noise, spectra.coefficients,
        float(np.clip((found.mask > 0.5).mean(), _LEAST, _MOST)), sigma, found.resolution, facts, found.warnings, resolution,
    )  # fmt: skip
    return replace(density_map, evidence=evidence, notes=(*density_map.notes, *facts))


def _file_of(one: DensityMap) -> str:
    return str(one.path.absolute()) if one.path else one.name


def _power_ratio(density_map: DensityMap, pair: HalfMaps) -> Array:
    """By how much (S,) the map's power is above that of the halves' mean, shell by shell: it may have been sharpened, filtered or scaled.

    Where it was masked, both are looked at inside the mask.
    """
    mean = pair.mean.values
    if np.array_equal(density_map.values, mean):
        return np.ones(len(spectra_of(pair).frequency))
    scale = float(np.abs(density_map.values).max())
    kept = np.abs(density_map.values) > _EMPTY * scale
    mask: NDArray[np.float64] | None = kept.astype(np.float64) if 1 - kept.mean() > _MANY else None
    shells = Shells.make(mean.shape, density_map.voxel_size)
    power = [shells.total(np.abs(fft.rfftn(masked(values, mask))) ** 2) for values in (density_map.values, mean)]
    return np.asarray(power[0] / np.maximum(power[1], 1e-9 * float(power[1].max())))
