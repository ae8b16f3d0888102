"""Where a score along a chain stays at the level of noise."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array

SHORTEST = 8
"""Residues; shorter stretches belong to what is beside them."""
LONGEST_BRIDGE = 12
"""Residues; a shorter piece that fits by chance of where it lies, between two stretches each no shorter than half of it, goes with them."""
_USUAL_LENGTH = 100.0
_CLEAR = 2.0
_WORSE = 1.5
_GOES_ON_FITTING = 3.0
_LONGEST_EDGE = 10


@dataclass(frozen=True)
class Levels:
    """What a score is where a model fits and where it does not.

    Attributes
    ----------
    noise, noise_spread : mean and standard deviation at wrong places
    fitting, fitting_spread : the same of the residues that fit
    independent : share of a chain's residues that count as independent, since neighbours see much the same density
    """

    noise: float
    noise_spread: float
    fitting: float
    fitting_spread: float
    independent: float

    @property
    def are_clear(self) -> bool:
        """Whether a residue can be told to be one or the other."""
        return self.fitting - self.noise > _CLEAR * self.noise_spread

    def evidence(self, values: Array) -> Array:
        """For each value (n,), the logarithm of how much likelier it is as noise, if both spread alike."""
        spread = max(self.noise_spread, self.fitting_spread, 1e-6)
        middle = (self.noise + self.fitting) / 2
        return (middle - values) * (self.fitting - self.noise) / spread**2 * self.independent


def levels_of(values: Array, wrong: Array) -> Levels:
    """The levels of a score (n,) with the same at wrong places (k, n).

    Those that fit are told from noise by the middle between the two means, beginning with the best tenth as what fits.
    """
    told = wrong[wrong != 0]
    known = told if len(told) >= SHORTEST else wrong.ravel()
    noise, spread = float(known.mean()), float(known.std())
    about = wrong - noise
    scatter = float((about**2).mean())
    alike = float((about[:, 1:] * about[:, :-1]).mean()) / scatter if scatter > 0 and wrong.shape[1] > 1 else 0.0
    fitting = float(np.percentile(values, 90))
    fits = values > (noise + fitting) / 2
    for _ in range(50):
        before, fits = fits, values > (noise + fitting) / 2
        fitting = float(values[fits].mean()) if fits.any() else fitting
        if (fits == before).all():
            break
    return Levels(noise, spread, fitting, float(values[fits].std()) if fits.any() else 0.0, (1 - alike) / (1 + max(alike, 0.0)))


def at_noise(values: Array, levels: Levels) -> list[tuple[int, int]]:
    """Stretches, as first and beyond the last index, of a score (n,) along one chain that are at the level of noise.

    The likeliest course of two states of which one in a hundred residues begins another (Viterbi), so that one residue is no stretch and
    many a little too low are one. A stretch then takes in what is beside it and fits worse than nearly all of the rest: about a hinge a
    model leaves its density little by little.
    """
    if len(values) < SHORTEST:
        return []
    found = [(a, b) for a, b in _runs(_likeliest(levels.evidence(values), float(np.log(_USUAL_LENGTH)))) if b - a >= SHORTEST]
    worse = levels.fitting - _WORSE * levels.fitting_spread - values
    stop = _GOES_ON_FITTING * levels.fitting_spread
    grown = [(a - _reach(worse[:a][::-1], stop), b + _reach(worse[b:], stop)) for a, b in found]
    return _bridged(grown)


def _likeliest(evidence: Array, switch: float) -> NDArray[np.bool_]:
    """Which of the residues (n,) are noise in the likeliest course, where each change of state costs ``switch``."""
    fits, noise = 0.0, float(evidence[0])
    begun: list[tuple[bool, bool]] = []
    for one in evidence[1:].tolist():
        to_fits, to_noise = noise - switch > fits, noise >= fits - switch
        begun.append((to_fits, to_noise))
        fits, noise = (noise - switch if to_fits else fits), (noise if to_noise else fits - switch) + one
    state = noise > fits
    course = [state]
    for to_fits, to_noise in reversed(begun):
        state = to_noise if state else to_fits
        course.append(state)
    return np.array(course[::-1])


def _runs(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    ends = np.flatnonzero(np.diff(where.astype(np.int8), prepend=0, append=0))
    return list(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True))


def _reach(worse: Array, stop: float) -> int:
    """How many of the next residues, of which ``worse`` (n,) says by how much each is worse than it should be, are worse on the whole."""
    total = best = 0.0
    reach = 0
    for count, one in enumerate(worse[:_LONGEST_EDGE].tolist(), start=1):
        total += one
        if total > best:
            best, reach = total, count
        if total < best - stop:
            break
    return reach


def _bridged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those joined that overlap, or have little between them."""
    if not stretches:
        return []
    joined = [stretches[0]]
    for (_, end), (first, last) in pairwise([stretches[0], *stretches[1:]]):
        gap = first - end
        around = joined[-1][1] - joined[-1][0] + last - first
        if gap < SHORTEST or (gap <= LONGEST_BRIDGE and 2 * gap <= around):
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined
