"""Which stretches of a placed model do not fit, beside what the same residues get at wrong places."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.broken import BrokenStretch, stretch_in_words
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.stretches import Levels, at_noise, levels_of
from difffit_core.ops.residue_correlation import residue_correlations, sphere_radius
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.periodic import around
from difffit_core.pose import Pose
from difffit_core.residues import Residues
from difffit_core.target import Target

_WRONG_RESIDUES = 250
_HALF_TURNS = ((1, 2), (0, 2), (0, 1))
_ACROSS = 2.5
_DRAWN = 20_000
_CLEARLY_LONG, _CLEARLY = 40, 3.0
"""Residues in one stretch, and by how many standard deviations of noise they fit better than that, of a part that is in its place."""


@dataclass(frozen=True)
class Breaks:
    """Where a placed model breaks.

    Attributes
    ----------
    stretches : that do not fit, in order of the model
    fitting : the rest: chain, first and last residue of each stretch that does
    share : of the residues of proteins and nucleic acids, in the stretches that fit, 0 to 1
    levels : of the local correlation where the model fits and where it does not
    longest : residues of the longest stretch that fits
    """

    stretches: tuple[BrokenStretch, ...]
    fitting: tuple[str, ...]
    share: float
    levels: Levels
    longest: int = 0

    @property
    def part_is_clear(self) -> bool:
        """Whether so many residues in one stretch fit so much better than at wrong places that this is no chance."""
        spread = max(self.levels.noise_spread, 1e-6)
        return self.longest >= _CLEARLY_LONG and self.levels.fitting - self.levels.noise > _CLEARLY * spread

    def sentence(self) -> str:
        """What does not fit, what does, and by which numbers; empty where everything fits."""
        if not self.stretches:
            return ""
        named = ", ".join(map(str, self.stretches))
        count = sum(one.residues for one in self.stretches)
        mean = sum(one.residues * one.local_correlation for one in self.stretches) / count
        levels = self.levels
        return (
            f"{named} {'does' if len(self.stretches) == 1 else 'do'} not fit: local correlation {mean:.2f}, where the rest has "
            f"{levels.fitting:.2f} and wrong places {levels.noise:.2f} ± {levels.noise_spread:.2f}. "
            f"Only {', '.join(self.fitting)} ({self.share:.0%} of the residues) {'supports' if len(self.fitting) == 1 else 'support'} "
            "the best placement; split the model there, and fit the parts."
        )


def find_breaks(target: Target, model: AtomicModel, pose: Pose, seed: int = 0) -> Breaks:
    """Look for stretches at noise level in a placement, of proteins and nucleic acids; ligands are no stretches.

    What noise is, the model itself tells at a few random places in the density, where chance alone makes it fit.

    Parameters
    ----------
    target, model, pose : the map and how it is read, and what is placed in it
    seed : of the wrong places
    """
    residues = Residues.of(model)
    polymer = np.flatnonzero(_of_polymers(model, residues))
    if len(polymer) == 0:
        return Breaks((), (), 1.0, Levels(0.0, 0.0, 0.0, 0.0, 1.0))
    resolution = target.resolution
    whole = around(target.density_map, pose.apply(model.fit_coordinates), 3 * resolution)
    placed = _Placed.of(_thinned(whole, resolution), model, pose, resolution, residues)
    values = placed.correlations(slice(0, len(residues)))
    return _named(residues, polymer, values[polymer], levels_of(values[polymer], placed.at_wrong_places(target.level, seed)))


@dataclass(frozen=True, eq=False)
class _Placed:
    """A map, and the simulated map of a model in it; ``local`` (M, 3) are the atoms' fractional voxels (x, y, z) in the latter."""

    density_map: DensityMap
    simulated: NDArray[np.float32]
    corner: NDArray[np.int64]
    local: Array
    starts: NDArray[np.int64]
    radius: float

    @classmethod
    def of(cls, density_map: DensityMap, model: AtomicModel, pose: Pose, resolution: float, residues: Residues) -> "_Placed":
        points, weights = pose.apply(model.fit_coordinates), model.fit_atomic_numbers.astype(np.float64)
        simulated = simulate_on_grid(points, weights, resolution, density_map.voxel_size, density_map.origin, density_map.values.shape)
        corner = np.array([part.start for part in simulated.box], np.int64)
        local = position_to_index(points, density_map.voxel_size, density_map.origin) - corner[::-1]
        return cls(density_map, simulated.values, corner, local, residues.starts, sphere_radius(resolution))

    def correlations(self, part: slice) -> Array:
        """Of the residues of that part, where they are."""
        return self._at(self.simulated, self.local, self.corner, part)

    def _at(self, simulated: NDArray[np.float32], local: Array, corner: NDArray[np.int64], part: slice) -> Array:
        starts = self.starts[part.start : part.stop + 1]
        size, index = self.density_map.voxel_size, local + corner[::-1]
        return np.asarray(residue_correlations(self.density_map.values, simulated, corner, index, starts, size, self.radius))

    def at_wrong_places(self, level: float, seed: int) -> Array:
        """Correlations (k, w) of w residues at k wrong places: turned by 180° about each axis, into random voxels above the level.

        So turned, a simulated map stays on its grid and need not be made anew.
        """
        rng = np.random.default_rng([seed, 0xB12EA])
        count = len(self.starts) - 1
        width = min(count, _WRONG_RESIDUES)
        shape = np.array(self.simulated.shape)
        found = []
        for turned, to in zip(_HALF_TURNS, self._dense(level, len(_HALF_TURNS), rng), strict=False):
            flipped = np.ascontiguousarray(np.flip(self.simulated, turned))
            local = self.local.copy()
            for axis in turned:
                local[:, 2 - axis] = shape[axis] - 1 - local[:, 2 - axis]
            corner = to - np.round(local.mean(axis=0)[::-1]).astype(np.int64)
            first = int(rng.integers(count - width + 1))
            found.append(self._at(flipped, local, corner, slice(first, first + width)))
        return np.array(found)

    def _dense(self, level: float, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Random voxels (count, 3) as (z, y, x) above the level."""
        values = self.density_map.values.reshape(-1)
        drawn = rng.integers(values.size, size=_DRAWN)
        dense = drawn[values[drawn] > level]
        if len(dense) < count:
            dense = rng.permutation(np.flatnonzero(values > level))
        return np.stack(np.unravel_index(dense[:count], self.density_map.values.shape), axis=1)


def _named(residues: Residues, polymer: NDArray[np.int64], values: Array, levels: Levels) -> Breaks:
    stretches: list[BrokenStretch] = []
    fitting: list[str] = []
    fits = longest = 0
    of_residue = np.zeros(len(residues))
    of_residue[polymer] = values
    for chain in dict.fromkeys(residues.chains[polymer].tolist()):
        members = polymer[residues.chains[polymer] == chain]
        numbers, at = residues.numbers[members], 0
        found = at_noise(of_residue[members], levels) if levels.are_clear else []
        for first, end in [*found, (len(members), len(members))]:
            if first > at:
                fitting.append(stretch_in_words(chain, int(numbers[at]), int(numbers[first - 1])))
                fits += first - at
                longest = max(longest, first - at)
            if end > first:
                mean = float(of_residue[members[first:end]].mean())
                stretches.append(BrokenStretch(chain, int(numbers[first]), int(numbers[end - 1]), end - first, mean))
            at = end
    return Breaks(tuple(stretches), tuple(fitting), fits / len(polymer), levels, longest)


def _thinned(density_map: DensityMap, resolution: float) -> DensityMap:
    """The map with as few voxels as its resolution needs, so that a fine grid takes no longer."""
    every = max(1, int(sphere_radius(resolution) / _ACROSS / float(density_map.voxel_size.max())))
    if every == 1:
        return density_map
    return replace(density_map, values=density_map.values[::every, ::every, ::every], voxel_size=density_map.voxel_size * every)


def _of_polymers(model: AtomicModel, residues: Residues) -> NDArray[np.bool_]:
    """Which residues (n,) have the atom that carries a chain of amino acids or nucleotides."""
    carbon = model.fit_atomic_numbers == 6
    carries = carbon & np.isin(model.atom_names[model.in_fit], ("CA", "C4'", "C4*"))
    found = np.zeros(len(residues), bool)
    found[residues.of_atom[carries]] = True
    return found
