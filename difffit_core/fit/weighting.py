"""How frequencies are weighed where half maps tell signal from noise.

Of a known template in noise and among other density, no linear score tells its place better than the matched filter: at each frequency
the map times the template as the map would show it, over the power of all that is not the template. That is noise, and the density of the
rest, which is as strong inside the molecule as its share of the box says. With N the noise's power, S the signal's, f the share of the box
that is molecule, and a the amplitude of the map beside that of a simulated one, the map is filtered by 1/√(N + S/f) and the template by
a/√(N + S/f). In a map without noise this flattens the spectrum, as sharpening does; where noise rules, it does not sharpen at all.

S falls as that of a simulated map times a B factor; scale and B are fitted to what the halves share.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.half_evidence import HalfEvidence
from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION
from difffit_core.ops.spectrum import filtered

Values = NDArray[np.float32]

_TYPICAL, _SPREAD = 12.0, 6.0
"""B factor, in squares of the stated resolution, by which maps fall below a simulated one of that resolution, and how it scatters.

Measured on eight maps of 1.75 to 6.6 Å: 11 to 13, but for one of 0.7. It is what a map is taken to have where its halves share too little.
"""
_FITTED = (30.0, 0.9)
"""From how many Å to which share of the resolution the fall is fitted."""
_EDGE = 0.15
_SMOOTH = 5
_SURE = 3.0


@lru_cache(maxsize=8)
def weighting_by(evidence: HalfEvidence, resolution: float) -> "Weighting":
    """`Weighting.of`, once."""
    return Weighting.of(evidence, resolution)


@dataclass(frozen=True, eq=False)
class Weighting:
    """Factors (S,) at ``frequency`` (S,) in 1/Å: of the map, of the template, and ``matched`` of the map to be sampled at atoms.

    ``information`` (S,) is the share of what the map tells of a template's place that comes from each shell.
    """

    frequency: Array
    of_map: Array
    of_template: Array
    matched: Array
    information: Array

    @classmethod
    def of(cls, evidence: HalfEvidence, resolution: float) -> "Weighting":
        """By the halves of a map of a ``resolution`` in Å."""
        f, noise = evidence.frequency, _smoothed(evidence.noise)
        simulated = np.exp(-4 * np.pi**2 * (SIGMA_PER_RESOLUTION * resolution) ** 2 * f**2)
        scale, b = _fall(evidence, noise, simulated, resolution)
        amplitude = np.exp(-b * f**2 / 4)
        signal = np.maximum(scale * simulated * amplitude**2, _shared(evidence, noise))
        beside = np.maximum(noise + signal / evidence.occupied, 1e-30)
        kept = 0.5 * (1 + np.cos(np.pi * np.clip((f * resolution * _FITTED[1] - 1 + _EDGE) / (2 * _EDGE), 0, 1)))
        middle = float(np.interp(0.5 / resolution, f, beside)), float(np.interp(0.5 / resolution, f, amplitude))
        of_map = kept / np.sqrt(beside / middle[0])
        of_template = of_map * amplitude / middle[1]
        matched = of_map * of_template * np.sqrt(simulated)
        information = kept * amplitude**2 * simulated / beside * evidence.coefficients
        information = np.where(f > 0, information, 0)
        return cls(f, of_map, of_template, matched, information / max(float(information.sum()), 1e-30))

    def map(self, values: Values, voxel_size: Array) -> Values:
        """A map [z, y, x] of voxels (x, y, z) in Å, weighed."""
        return filtered(values, voxel_size, lambda x: np.interp(x, self.frequency, self.of_map))

    def template(self, values: Values, voxel_size: Array) -> Values:
        """A simulated map, weighed."""
        return filtered(values, voxel_size, lambda x: np.interp(x, self.frequency, self.of_template))

    def finest(self, share: float) -> float:
        """Å down to which that share of the information lies."""
        upto = np.flatnonzero(np.cumsum(self.information) >= share)
        return float(1 / self.frequency[upto[0] if len(upto) else -1])


def _fall(evidence: HalfEvidence, noise: Array, simulated: Array, resolution: float) -> tuple[float, float]:
    """Scale and B factor, Å², of the signal beside the power of a simulated map, by least squares in what the halves share."""
    f, shared = evidence.frequency, evidence.signal
    error = (2 * noise) ** 2 / np.maximum(evidence.coefficients, 1) + (0.3 * np.maximum(shared, 0)) ** 2
    use = (f > 1 / _FITTED[0]) & (f < 1 / (_FITTED[1] * resolution))
    best = (np.inf, 0.0, _TYPICAL * resolution**2)
    for b in np.linspace(0, 30, 121) * resolution**2:
        shape = simulated * np.exp(-b * f**2 / 2)
        scale = max(float((shared * shape / error)[use].sum()) / max(float((shape**2 / error)[use].sum()), 1e-30), 0.0)
        off = float(((shared - scale * shape) ** 2 / error)[use].sum()) + ((b / resolution**2 - _TYPICAL) / _SPREAD) ** 2
        best = min(best, (off, scale, float(b)))
    return best[1], best[2]


def _shared(evidence: HalfEvidence, noise: Array) -> Array:
    """What the halves share (S,), smoothed, at the low frequencies at which that is beyond doubt; 0 beyond."""
    smooth = np.convolve(np.pad(evidence.signal, _SMOOTH // 2, mode="edge"), np.ones(_SMOOTH) / _SMOOTH, "valid")
    error = 2 * noise / np.sqrt(np.maximum(evidence.coefficients, 1) * _SMOOTH)
    doubtful = np.flatnonzero(smooth < _SURE * error)
    sure = np.arange(len(smooth)) < (doubtful[0] if len(doubtful) else len(smooth))
    return np.where(sure, np.maximum(smooth, evidence.signal), 0.0)


def _smoothed(power: Array) -> Array:
    half = _SMOOTH // 2
    logs = np.log(np.maximum(power, max(1e-9 * float(power.max()), 1e-30)))
    return np.asarray(np.exp(np.convolve(np.pad(logs, half, mode="edge"), np.ones(_SMOOTH) / _SMOOTH, "valid")))
