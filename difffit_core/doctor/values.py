"""What a map's values show: sign, contrast, contour, and edges that cut the density."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.doctor.finding import Finding
from difffit_core.io.map_sign import inverted

_CUT_SHARE = 0.1
_FACE_SHARE = 0.02
_FULL_BOX = 0.5


def examine_values(density: DensityMap, level: float | None, model_mass_da: float | None, findings: list[Finding]) -> float | None:
    """Add what the values give reason to say; return the contour level used, or None where there is no density to contour."""
    values = density.values
    low, high = float(values.min()), float(values.max())
    if low == high:
        findings.append(Finding("error", "density", f"Every voxel is {low:g}: the map is constant and holds nothing to fit into."))
        return None
    findings += _sign(values, low, high)
    contour = _level(density, level, model_mass_da, low, high, findings)
    if contour is not None:
        findings += _edges(values, contour, density.lattice is not None)
    return contour


def _sign(values: NDArray[np.float32], low: float, high: float) -> list[Finding]:
    if high <= 0:
        return [Finding("error", "sign", f"No voxel is positive (maximum {high:.4g}): the contrast is inverted; multiply the map by -1.")]
    found = []
    if low >= 0:
        found.append(
            Finding(
                "note", "sign", f"No voxel is negative (minimum {low:.4g}): the map was clamped or masked, so its noise cannot be measured."
            )
        )
    else:
        found.append(Finding("ok", "sign", f"Values run from {low:.4g} to {high:.4g}."))
    sentence = inverted(values)
    if sentence is not None:
        found.append(Finding("warning", "contrast", sentence))
    return found


def _level(
    density: DensityMap, level: float | None, model_mass_da: float | None, low: float, high: float, findings: list[Finding]
) -> float | None:
    suggestion = suggest_level(density, model_mass_da)
    findings += [Finding("note", "contour level", f"Suggested {line}.") for line in suggestion.lines()[:1]]
    findings += [Finding("note", "contour level", f"For comparison: {line}.") for line in suggestion.lines()[1:]]
    if level is None:
        return suggestion.level
    if not low < level < high:
        findings.append(
            Finding("error", "contour level", f"The level must lie between {low:.4g} and {high:.4g}, the map's extremes, got {level:g}.")
        )
        return None
    share = float(np.count_nonzero(density.values >= level)) / density.values.size
    if share > _FULL_BOX:
        findings.append(
            Finding("warning", "contour level", f"Level {level:g} encloses {share:.0%} of the box, most of it solvent; raise it.")
        )
    else:
        findings.append(Finding("ok", "contour level", f"Level {level:g} encloses {share:.1%} of the box."))
    return level


def _edges(values: NDArray[np.float32], level: float, repeats: bool) -> list[Finding]:
    above = values >= level
    surface = above & ~ndimage.binary_erosion(above, border_value=1)
    beside_zero = ndimage.binary_dilation(values == 0)
    cut = int(np.count_nonzero(surface & beside_zero)) / max(1, int(np.count_nonzero(surface)))
    found = []
    if cut > _CUT_SHARE:
        sentence = f"{cut:.0%} of the contour's surface drops straight to 0: a mask cuts the density; use an unmasked or wider one."
        found.append(Finding("warning", "mask edge", sentence))
    else:
        found.append(Finding("ok", "mask edge", "No mask cuts the density at the contour level."))
    if repeats:
        sentence = "The density goes on across the faces of the box, the whole cell of a crystal: a fit wraps it, so nothing is missing."
        return [*found, Finding("note", "box edge", sentence)]
    faces = np.zeros(3)
    for axis in range(3):
        ends = np.take(above, [0, -1], axis=axis)
        faces[axis] = np.count_nonzero(ends) / ends.size
    if faces.max() > _FACE_SHARE:
        along = "zyx"[int(np.argmax(faces))]
        sentence = (
            f"The density reaches the box: {faces.max():.0%} of its faces across {along} are above the level; what lies beyond is missing."
        )
        found.append(Finding("warning", "box edge", sentence))
    else:
        found.append(Finding("ok", "box edge", "The density ends inside the box."))
    return found
