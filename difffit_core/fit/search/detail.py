"""Detail finer than a map's stated resolution: how much there is, and the map without it.

A map that was sharpened and not low-passed afterwards holds noise there that outweighs all else: of eight such maps (B of -100 Å²) two were
lost, at -150 Å² seven. Maps that were not hold next to nothing there, and are left as they are.
"""

from dataclasses import replace

import numpy as np

from difffit_core.conventions import Array
from difffit_core.correction import Correction
from difffit_core.density_map import DensityMap
from difffit_core.fit.search.field import Density, Values
from difffit_core.fit.search.template import finest_told
from difffit_core.fit_warning import FitWarning
from difffit_core.low_pass import Spectrum
from difffit_core.target import Target

TOO_MUCH = 0.25
"""Share of a map's variance in finer detail, above which that is taken out."""
_LARGE = 4_000_000
"""Voxels of a map beyond which a block in its middle tells whether there is anything to take out."""
_BLOCK = 64
_FEWEST = 1000
"""Of so many voxels one at least stays above the level."""


def as_resolved(density: Density, resolution: float, finest: float) -> Density:
    """The density without detail finer than ``finest`` times its resolution (Å), if there is much of it; 0 keeps all.

    What is above the level then are as many voxels as before: those of the highest values, since the level was meant for the map as it was.
    """
    if finest == 0:
        return density
    values, finer = without_finer(density.values, density.voxel_size, finest * resolution)
    if values is density.values:
        return density
    count = max(int(np.count_nonzero(density.inside)), values.size // _FEWEST, 1)
    level = float(np.partition(values, values.size - count - 1, axis=None)[values.size - count - 1]) if count < values.size else -np.inf
    return replace(density, values=values, inside=values > level, level=level * density.unit, finer=finer, finest=finest * resolution)


def warning_of(density: Density, resolution: float) -> tuple[FitWarning, ...]:
    """What a user should know where detail was taken out by `as_resolved`."""
    if density.finer < TOO_MUCH:
        return ()
    message = (
        f"{density.finer:.0%} of the map's variance is detail finer than the stated {resolution:g} Å, which was left out of the fit: "
        "noise that sharpening has raised, or a map that is better resolved than stated. If it is, state the finer resolution."
    )
    return (FitWarning("resolution", message, Correction(low_pass=density.finest)),)


def voxel_warnings(target: Target) -> tuple[FitWarning, ...]:
    """What a user should know of a stated resolution that the map's voxels cannot hold by far."""
    voxel, finest = float(target.density_map.voxel_size.mean()), finest_told(target.density_map.voxel_size)
    if target.resolution >= finest:
        return ()
    message = (
        f"The map's voxels of {voxel:.4g} Å hold no detail finer than {2 * voxel:.4g} Å, but the stated resolution is "
        f"{target.resolution:g} Å; the model was simulated at {finest:.2g} Å. State the resolution that the map has."
    )
    return (FitWarning("resolution", message),)


def halves_warnings(density_map: DensityMap) -> tuple[FitWarning, ...]:
    """What a user should know of the map's half maps, if it has any."""
    return tuple(FitWarning("resolution", said) for said in (density_map.evidence.warnings if density_map.evidence else ()))


def without_finer(values: Values, voxel_size: Array, finest: float) -> tuple[Values, float]:
    """The map without detail finer than ``finest`` Å, or as it is where there is little; and the share of its variance that is finer.

    Parameters
    ----------
    values : [z, y, x]
    voxel_size : (x, y, z) in Å
    finest : in Å
    """
    cut = 1 / finest
    if cut * 2 * float(voxel_size.max()) > 1:
        return values, 0.0
    if values.size > _LARGE:
        block = tuple(slice(max(n // 2 - _BLOCK, 0), n // 2 + _BLOCK) for n in values.shape)
        inner = np.ascontiguousarray(values[block])
        if inner.size < values.size and without_finer(inner, voxel_size, finest)[0] is inner:
            return values, 0.0
    spectrum = Spectrum.of(values, voxel_size)
    finer = spectrum.finer_than(finest)
    return (spectrum.without(finest), finer) if finer >= TOO_MUCH else (values, finer)
