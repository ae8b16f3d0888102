"""How a model compares with the density it shall be fitted into."""

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import VOLUME_PER_DALTON, mass
from difffit_core.conventions import Array, position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.doctor.finding import Finding

_TOO_SMALL_SHARE = 0.1
_TOO_LONG = 1.3


def examine_model(model: AtomicModel, density: DensityMap, level: float | None, findings: list[Finding]) -> None:
    """Add what there is to say about the model's content, size and place; ``level`` None where no density can be contoured."""
    left_out = len(model) - int(np.count_nonzero(model.in_fit))
    sentence = f"{model.residue_count} residues with {len(model) - left_out} atoms take part in a fit"
    if left_out:
        sentence += f"; {left_out} hydrogens, waters, buffer ions and alternate locations do not, and are kept in what is written"
    findings.append(Finding("ok", "model", f"{sentence}."))
    for note in model.notes:
        findings.append(Finding("warning" if note in model.doubts else "note", "model", f"{note[:1].upper()}{note[1:]}."))
    if level is not None:
        findings.append(_size(model, density, level))
    findings.append(_place(model, density))


def _size(model: AtomicModel, density: DensityMap, level: float) -> Finding:
    above = np.argwhere(density.values >= level)
    molecule = mass(model) * VOLUME_PER_DALTON
    enclosed = len(above) * density.voxel_volume
    box = float(np.prod(density.box))
    ratio = enclosed / molecule
    comparison = f"The contour encloses {enclosed:.4g} Å³, {ratio:.2g} times the {molecule:.4g} Å³ of the model's mass"
    if molecule > box:
        return Finding(
            "error", "size", f"The model needs {molecule:.4g} Å³ but the whole box has {box:.4g} Å³; check model, chains and voxel size."
        )
    lengths, room = _extents(model.fit_coordinates), _extents(density.positions(above))
    if lengths[0] > float(np.linalg.norm(density.box)):
        return Finding(
            "error", "size", f"The model is {lengths[0]:.0f} Å long and does not fit in the box; check model, chains and voxel size."
        )
    if ratio < _TOO_SMALL_SHARE:
        return Finding(
            "warning", "size", f"{comparison}: the model is larger than the density; lower the level, or fit a part of the model."
        )
    if lengths[0] > _TOO_LONG * room[0]:
        sentence = (
            f"The model is {lengths[0]:.0f} Å long and the density {room[0]:.0f} Å: a part will have none; check voxel size and chains."
        )
        return Finding("warning", "size", sentence)
    return Finding("ok", "size", f"{comparison}.")


def _extents(points: Array) -> Array:
    """Lengths (3,) in Å along the principal axes of points (n, 3), longest first."""
    centred = points - points.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    lengths = np.ptp(centred @ axes, axis=0)
    return np.sort(lengths)[::-1]


def _place(model: AtomicModel, density: DensityMap) -> Finding:
    points = model.fit_coordinates if density.lattice is None else density.lattice.home(model.fit_coordinates)
    index = position_to_index(points, density.voxel_size, density.origin)
    inside = np.all((index >= -0.5) & (index <= density.shape_xyz - 0.5), axis=1)
    share = float(inside.mean())
    centre = ", ".join(f"{x:.1f}" for x in model.fit_coordinates.mean(0))
    if share == 1:
        where = np.round(index).astype(int).clip(0, density.shape_xyz - 1)
        z, y, x = np.array(reverse_axes(where)).T
        dense = float(np.mean(density.values[z, y, x] > 0))
        return Finding("ok", "position", f"As it stands the model lies in the box, {dense:.0%} of its atoms in positive density.")
    middle = ", ".join(f"{x:.1f}" for x in density.origin + density.box / 2)
    outside = f"{np.count_nonzero(~inside)} of the {len(inside)} atoms"
    sentence = f"As it stands {outside} are outside the box (model centre {centre} Å, box centre {middle} Å)"
    advice = "a fit moves it anyway, but if it was placed in this map before, the map's origin is wrong"
    return Finding("warning" if share < 0.5 else "note", "position", f"{sentence}; {advice}.")
