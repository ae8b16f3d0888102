"""The contour level: a suggestion with its evidence, and the removal of islands above it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError

VOLUME_PER_DALTON = 1.21
"""Å³ a dalton of protein (partial specific volume 0.73 cm³/g)."""

_SAMPLE_VOXELS = 1 << 21
_BINS = 4096
_OUTSIDE = 1e-3
_MASKED_SHARE = 0.2
_SYMMETRIC = 0.7
_LEAST_SHARE_OF_MASS = 0.15


def mass(model: AtomicModel) -> float:
    """Mass in dalton of the atoms that take part in a fit."""
    import gemmi

    numbers, counts = np.unique(model.fit_atomic_numbers, return_counts=True)
    return float(sum(gemmi.Element(int(number)).weight * count for number, count in zip(numbers, counts, strict=True)))


@dataclass(frozen=True)
class ContourSuggestion:
    """A contour level and what speaks for it; levels in the map's own units.

    Attributes
    ----------
    level : the suggestion
    reason : how it was found, one sentence
    enclosed_volume : of the voxels at or above `level`, Å³
    noise_sigma, noise_level : standard deviation of the noise and three of them above its mean; None where the map shows no noise (a mask
        has removed the solvent)
    top_percent_level : 1 % of all voxels lie above it (where ChimeraX starts)
    mass_level : encloses 1.21 Å³ for every dalton of the model; None without a model or if that exceeds the box. Where the map holds
        more than the model (other chains, copies) the right level is lower; in a sharp map, where atoms stand out singly, it is higher.
    """

    level: float
    reason: str
    enclosed_volume: float
    noise_sigma: float | None
    noise_level: float | None
    top_percent_level: float
    mass_level: float | None

    def lines(self) -> tuple[str, ...]:
        """The evidence, readable."""
        noise = (
            "no noise to measure: solvent is masked or flattened"
            if self.noise_sigma is None
            else f"noise σ {self.noise_sigma:.4g}; 3 σ above its mean is {self.noise_level:.4g}"
        )
        mass = (
            "no model to compare with, or larger than the box"
            if self.mass_level is None
            else f"{self.mass_level:.4g} encloses the model's mass"
        )
        return (
            f"level {self.level:.4g} encloses {self.enclosed_volume:.4g} Å³: {self.reason}",
            noise,
            f"{self.top_percent_level:.4g} is exceeded by 1 % of all voxels",
            f"{mass} (at {VOLUME_PER_DALTON} Å³/Da)",
        )


def suggest_level(density_map: DensityMap, model_mass_da: float | None = None) -> ContourSuggestion:
    """Suggest where molecule ends and solvent begins.

    Minimum cross-entropy (Li and Lee 1993, with Li and Tam's 1998 iteration) parts the positive density in two. It is taken twice: once
    of all positive voxels, which errs low where ripples and noise are mistaken for molecule, and once of the excess of positive over
    equally negative voxels, which cancels noise and padding but errs high in sharpened maps, whose ripples are no noise. Neither counts
    below three noise σ. The suggestion is their geometric mean. Exact zeros (masks, padding) do not count. The noise is that of the
    solvent, or, where the map has half maps, what those say.

    A map that carries its archive's entry has the level that this recommends.

    Parameters
    ----------
    density_map : the map
    model_mass_da : mass of the model to fit, in dalton; keeps the level from enclosing less than 15 % of its volume

    Raises
    ------
    UserError
        If the map is constant.
    """
    values = _sample(density_map.values)
    low, high = float(values.min()), float(values.max())
    if low == high:
        raise UserError(f"{density_map.path or density_map.name}: a contour level needs density that varies, got {low:g} in every voxel")
    centre, sigma, inside = _background(values)
    if density_map.evidence is not None:
        sigma = density_map.evidence.sigma
    above, below = inside[inside > centre] - centre, centre - inside[inside < centre]
    top = float(np.quantile(above, 0.9999))
    edges = np.linspace(0, top, _BINS + 1)
    positive = np.histogram(np.minimum(above, top), edges)[0].astype(np.float64)
    excess = np.maximum(positive - np.histogram(below, edges)[0], 0)
    middles = (edges[1:] + edges[:-1]) / 2
    lower = max(_minimum_cross_entropy(middles, positive), 3 * sigma)
    upper = max(_minimum_cross_entropy(middles, excess), 3 * sigma)
    level = centre + float(np.sqrt(lower * upper))
    reason = "it parts molecule from solvent by minimum cross-entropy"
    if sigma:
        reason += f", {(level - centre) / sigma:.1f} σ above the noise's mean"

    mass_level = None
    if model_mass_da is not None:
        voxels = model_mass_da * VOLUME_PER_DALTON / density_map.voxel_volume
        mass_level = _level_of_share(values, voxels / density_map.values.size)
        bound = _level_of_share(values, _LEAST_SHARE_OF_MASS * voxels / density_map.values.size)
        if bound is not None and centre < bound < level:
            level = bound
            reason = f"a higher one would enclose less than {_LEAST_SHARE_OF_MASS:.0%} of the model's volume"
    level = min(level, float(np.nextafter(np.float32(high), np.float32(low))))
    level, reason = _of_entry(density_map, level, reason, high)
    top_percent = _level_of_share(values, 0.01)
    return ContourSuggestion(
        level=level,
        reason=reason,
        enclosed_volume=float(np.count_nonzero(density_map.values >= level) * density_map.voxel_volume),
        noise_sigma=sigma or None,
        noise_level=centre + 3 * sigma if sigma else None,
        top_percent_level=high if top_percent is None else top_percent,
        mass_level=mass_level,
    )


def noise_of(density_map: DensityMap) -> tuple[float, float]:
    """Mean of the solvent and standard deviation of its noise, in the map's units; 0 where the map shows none. Half maps tell it best."""
    mean, sigma, _ = _background(_sample(density_map.values))
    return mean, density_map.evidence.sigma if density_map.evidence else sigma


def _of_entry(density_map: DensityMap, level: float, reason: str, high: float) -> tuple[float, str]:
    """The level that the map's entry recommends, if it can be one, instead of that which was found; and why."""
    entry = density_map.entry
    if entry is None or entry.level is None:
        return level, reason
    if not 0 < entry.level < high:
        return level, f"{reason} (the entry {entry.accession} recommends {entry.level:g}, which this map cannot have)"
    return entry.level, f"it is recommended by the entry {entry.accession}; the map alone suggests {level:.4g}"


def _sample(values: NDArray[np.float32]) -> Array:
    """Evenly spread values (n,), few enough to sort quickly."""
    flat = values.reshape(-1)
    step = max(1, flat.size // _SAMPLE_VOXELS)
    step += step > 1 and any(n % step == 0 for n in values.shape)  # not always the same columns
    return flat[::step].astype(np.float64)


def _background(values: Array) -> tuple[float, float, Array]:
    """Where solvent lies: its mean, its noise σ (0 if the map shows none), and the values (n,) that are not exactly outside."""
    scale = float(np.quantile(np.abs(values), 0.9995)) or float(np.abs(values).max())
    outside = np.abs(values) < _OUTSIDE * scale
    masked = outside.mean() > _MASKED_SHARE
    inside = values[~outside] if masked else values
    if values.max() <= 0 or inside.max() <= 0:
        return float(values.min()), 0.0, values
    centre = 0.0 if masked else _mode(inside)
    if centre >= inside.max():
        centre = float(inside.min())
    above, below = inside > centre, inside < centre
    if np.count_nonzero(below) < _SYMMETRIC * np.count_nonzero(above):
        return (centre if centre <= 0 or below.any() else 0.0), 0.0, inside
    return centre, float(1.4826 * np.median(centre - inside[below])), inside


def _mode(values: Array) -> float:
    """The peak of the most frequent values: from a coarse histogram, then the mean within one σ of it until that stands still."""
    counts, edges = np.histogram(values, 500, tuple(np.quantile(values, [0.005, 0.995])))
    best = int(np.argmax(ndimage.uniform_filter1d(counts.astype(np.float64), 9, mode="constant")))
    mode = float(edges[best] + edges[best + 1]) / 2
    for _ in range(20):
        below = values[values < mode]
        near = values[np.abs(values - mode) < 1.4826 * np.median(mode - below)] if below.size else below
        if near.size == 0:
            break
        previous, mode = mode, float(near.mean())
        if abs(mode - previous) < 1e-3 * (edges[-1] - edges[0]):
            break
    return mode


def _minimum_cross_entropy(middles: Array, counts: Array) -> float:
    """Threshold of a histogram of positive values (bins,) at ``middles`` (bins,); their mean where there is but one class."""
    total = counts.sum()
    if total == 0:
        return 0.0
    threshold = float((counts * middles).sum() / total)
    for _ in range(200):
        bright = middles > threshold
        n_bright, n_dark = counts[bright].sum(), counts[~bright].sum()
        if n_bright == 0 or n_dark == 0:
            break
        mean_bright = (counts * middles)[bright].sum() / n_bright
        mean_dark = (counts * middles)[~bright].sum() / n_dark
        following = float((mean_bright - mean_dark) / (np.log(mean_bright) - np.log(mean_dark)))
        if abs(following - threshold) < 1e-6 * threshold:
            break
        threshold = following
    return threshold


def _level_of_share(values: Array, share: float) -> float | None:
    """The level that ``share`` of the values reach; None if the share is all of them or more."""
    if share >= 1:
        return None
    rank = min(max(round(share * values.size), 1), values.size)
    return float(np.partition(values, values.size - rank)[values.size - rank])


def remove_islands(values: NDArray[np.float32], level: float, smallest_voxels: int, fill: float = 0.0) -> NDArray[np.float32]:
    """Values (nz, ny, nx) in which connected islands at or above the level, of fewer than ``smallest_voxels`` voxels, are set to ``fill``.

    Voxels that touch by a face, an edge or a corner belong together. Voxels below the level stay as they are.
    """
    if smallest_voxels <= 1:
        return values
    above = values >= level
    box = ndimage.find_objects(above.astype(np.uint8))
    if not box or box[0] is None:
        return values
    labels, _ = ndimage.label(above[box[0]], structure=np.ones((3, 3, 3), bool))
    small = np.bincount(labels.ravel()) < smallest_voxels
    small[0] = False
    if not small.any():
        return values
    result = values.copy()
    result[box[0]][small[labels]] = fill
    return result
