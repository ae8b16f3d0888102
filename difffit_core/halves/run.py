"""The one entry to what half maps say: `run_halves`."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.halves.agree import CHANCE, agreement
from difffit_core.halves.curves import THRESHOLD, Curves, correlate, draw_mask, ends
from difffit_core.halves.local import THRESHOLD as LOCAL_THRESHOLD
from difffit_core.halves.local import local_resolution
from difffit_core.halves.noise import Noise
from difffit_core.halves.pair import HalfMaps

DISAGREES = 1.25
"""How many times coarser or finer than the stated resolution the measured one may be before that is said."""
_TAKEN = 3.0
_ASSUMED = 4.0
"""Voxels of the resolution that windows and masks are made for where none is known yet."""


@dataclass(frozen=True, eq=False)
class HalvesResult:
    """What a pair of half maps says.

    Attributes
    ----------
    halves : the pair
    curves : shell correlations
    resolution : in Å, at 0.143 of the curve with the mask, corrected for it; None where that never falls so low
    stated : in Å, or None
    mask : [z, y, x], 0 to 1
    local : resolution by place, or None where there is nothing under the mask
    noise : of their mean
    warnings : what a user should know
    timing : seconds
    """

    halves: HalfMaps
    curves: Curves
    resolution: float | None
    stated: float | None
    mask: Array
    local: DensityMap | None
    noise: Noise
    warnings: tuple[str, ...]
    timing: Mapping[str, float]

    def __repr__(self) -> str:
        return f"<HalvesResult {self.name}: {self.lines()[0].partition(' (')[0]}>"

    @property
    def name(self) -> str:
        return self.halves.mean.name

    def local_spread(self) -> dict[str, float] | None:
        """Resolution by place in Å: the best twentieth, the median, and the worst twentieth of what the mask holds."""
        if self.local is None:
            return None
        values = self.local.values[self.local.values > 0]
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        return {"best": float(low), "median": float(middle), "worst": float(high)}

    def lines(self) -> tuple[str, ...]:
        """What there is to say, one sentence each."""
        curves, noise = self.curves, self.noise
        told = [
            f"resolution {_angstrom(self.resolution)} at {THRESHOLD} of the FSC with a mask, corrected for it "
            f"({_angstrom(ends(curves.masked))} before that, {_angstrom(ends(curves.unmasked))} without a mask, "
            f"{_angstrom(ends(curves.corrected, 0.5))} at 0.5)",
        ]
        if self.stated is not None:
            told.append(f"stated resolution {self.stated:g} Å")
        spread = self.local_spread()
        if spread is not None:
            told.append(
                f"by place, in windows at {LOCAL_THRESHOLD}: {spread['median']:.3g} Å in the middle, {spread['best']:.3g} to "
                f"{spread['worst']:.3g} Å from the best twentieth to the worst"
            )
        within, beyond = self.mask > 0.5, self.mask < 0.01
        told.append(
            f"noise σ {noise.sigma:.4g} over the box, {noise.inside(within):.4g} where there is density, "
            f"{noise.inside(beyond):.4g} beside it"
        )
        return tuple(told)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, as `halves.json` holds them."""
        curves, spectra = self.curves, self.noise.spectra
        return {
            "resolution": self.resolution,
            "stated_resolution": self.stated,
            "resolutions": {
                "unmasked_0.143": ends(curves.unmasked),
                "masked_0.143": ends(curves.masked),
                "corrected_0.143": ends(curves.corrected),
                "corrected_0.5": ends(curves.corrected, 0.5),
            },
            "local_resolution": self.local_spread(),
            "fsc": {
                "frequency": curves.unmasked.frequency.tolist(),
                "unmasked": curves.unmasked.correlation.tolist(),
                "masked": curves.masked.correlation.tolist(),
                "randomised": curves.randomised.correlation.tolist(),
                "corrected": curves.corrected.correlation.tolist(),
                "random_from": curves.random_from if np.isfinite(curves.random_from) else None,
            },
            "noise": {
                "sigma": self.noise.sigma,
                "sigma_inside": self.noise.inside(self.mask > 0.5),
                "sigma_outside": self.noise.inside(self.mask < 0.01),
                "frequency": spectra.frequency.tolist(),
                "signal_power": spectra.signal.tolist(),
                "noise_power": spectra.noise.tolist(),
            },
            "warnings": list(self.warnings),
            "notes": [*self.halves.first.notes, *self.halves.second.notes, *self.halves.notes],
            "timing": {name: round(seconds, 4) for name, seconds in self.timing.items()},
        }


def run_halves(
    halves: HalfMaps,
    stated: float | None = None,
    mask: DensityMap | None = None,
    level: float | None = None,
    seed: int = 0,
    go_on: Callable[[str, float], bool] | None = None,
    by_place: bool = True,
) -> HalvesResult:
    """Measure resolution and noise, as a whole, by frequency and by place.

    Parameters
    ----------
    halves : a pair that has been found to be one
    stated : the resolution in Å that the map is said to have
    mask : 0 to 1 on the same grid; drawn round the density if None
    level : contour of the smoothed mean by which that is drawn; suggested if None
    seed : of the random phases
    go_on : told what is done and the share of it; where it says False, it ends
    by_place : whether to look at each place's resolution, too, which takes longest

    Raises
    ------
    UserError
        If the mask does not go with the halves.
    FitCancelled
        If it was ended.
    """
    start = time.perf_counter()
    voxel = halves.first.voxel_size
    about = stated or _ASSUMED * float(voxel.max())
    weight = draw_mask(halves, about, level) if mask is None else checked_mask(mask, halves)
    curves = correlate(halves, weight, seed)
    noise = Noise.of(halves, about)
    correlated = time.perf_counter()
    resolution = curves.resolution
    local = None
    if by_place:
        finest = 2 * float(voxel.max())
        local = local_resolution(halves, weight, resolution or finest, lambda share: go_on is None or go_on("resolution by place", share))
        if local is None and (weight > 0.5).any():
            raise FitCancelled("cancelled before the resolution by place was known")
    end = time.perf_counter()
    timing = {"correlate_s": correlated - start, "local_s": end - correlated, "total_s": end - start}
    said = tuple(resolution_warnings(halves, curves, stated))
    return HalvesResult(halves, curves, resolution, stated, weight, local, noise, said, timing)


def resolution_warnings(halves: HalfMaps, curves: Curves, stated: float | None) -> list[str]:
    """What is to be said of the resolution that the halves show beside the stated one (Å)."""
    found, said = curves.resolution, []
    if agreement(halves.first, halves.second) < CHANCE:
        return ["The half maps share nothing beyond chance at any frequency: as far as they tell, the map is noise."]
    if found is None:
        finest = 2 * float(halves.first.voxel_size.max())
        said.append(
            f"The FSC of the half maps does not fall below {THRESHOLD} before the voxels' limit of {finest:.3g} Å: the voxels are too "
            "large for the data, or both halves were treated alike (one mask, one filter), so that their noise is no longer independent."
        )
        return said
    if stated is not None and found > DISAGREES * stated:
        advice = f" --resolution {found:.2g} takes them at their word." if found < _TAKEN * stated else ""
        said.append(
            f"The half maps show a resolution of {found:.3g} Å, the stated one is {stated:g} Å: what is finer is mostly noise.{advice}"
        )
    elif stated is not None and found < stated / DISAGREES:
        said.append(
            f"The half maps show a resolution of {found:.3g} Å, finer than the stated {stated:g} Å: detail that the map holds goes unused."
        )
    return said


def checked_mask(mask: DensityMap, halves: HalfMaps) -> Array:
    """A mask as weights [z, y, x].

    Raises
    ------
    UserError
        If it lies on another grid, holds other values than 0 to 1, or nothing.
    """
    name = mask.path or mask.name
    grid = halves.first
    if mask.values.shape != grid.values.shape or not np.allclose(mask.voxel_size, grid.voxel_size, rtol=1e-3):
        raise UserError(f"{name}: a mask must have the half maps' box and voxels, {grid!r}, got {mask!r}")
    low, high = float(mask.values.min()), float(mask.values.max())
    if low < -1e-3 or high > 1 + 1e-3 or high < 0.5:
        raise UserError(f"{name}: a mask must hold values from 0 to 1, some of them above a half, got {low:.4g} to {high:.4g}")
    return np.clip(mask.values.astype(np.float64), 0, 1)


def _angstrom(value: float | None) -> str:
    return "finer than the voxels" if value is None else f"{value:.3g} Å"
