"""What the half maps of a map say of it, as a value that goes with the map."""

from dataclasses import dataclass, replace

from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class HalfEvidence:
    """Signal and noise of a map, in its own units, as its half maps tell them apart.

    Attributes
    ----------
    files : the half maps, by name
    frequency : (S,) in 1/Å, of shells
    signal, noise : (S,), mean power of a coefficient of the map's `rfftn` that is signal, and that is noise; signal scatters about nothing
        where there is none
    coefficients : (S,), independent ones of each shell
    occupied : share of the box in which there is density, 0 to 1
    sigma : standard deviation of the noise
    resolution : in Å, of the halves; None where the voxels end it
    stated : the resolution in Å that the map is said to have, by which they were read
    facts, warnings : what there is to say, and what a user should know, one sentence each
    """

    files: tuple[str, str]
    frequency: Array
    signal: Array
    noise: Array
    coefficients: Array
    occupied: float
    sigma: float
    resolution: float | None
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stated: float | None = None

    def rescaled(self, factor: float) -> "HalfEvidence":
        """The same of voxels ``factor`` times as wide."""
        resolution, stated = (None if one is None else one * factor for one in (self.resolution, self.stated))
        return replace(self, frequency=self.frequency / factor, resolution=resolution, stated=stated)
