"""What a map's header says, contradicts or leaves open."""

import numpy as np

from difffit_core.doctor.finding import Finding, Severity
from difffit_core.io.map_geometry import MapGeometry, orthogonalisation
from difffit_core.io.map_header import MapHeader

_ISOTROPY = 0.01
_VOXEL_AGREEMENT = 1e-3


def examine_header(header: MapHeader, geometry: MapGeometry, resolution: float | None, findings: list[Finding]) -> None:
    """Add what the header gives reason to say about byte order, axes, cell, voxel size and position."""
    findings.append(_machine_stamp(header))
    findings.append(_axes(header))
    findings += _cell(header, geometry)
    findings.append(_origin(header, geometry))
    if resolution is not None:
        findings.append(_sampling(float(geometry.step.max()), resolution))
    excess = header.file_size - header.data_offset - header.data_bytes
    if not header.gzipped and excess > 0:
        findings.append(Finding("note", "file size", f"The file holds {excess} bytes more than its header explains; they are ignored."))


def _machine_stamp(header: MapHeader) -> Finding:
    order = "little-endian" if header.byte_order == "<" else "big-endian"
    stamp = header.machine_stamp.hex(" ")
    if header.stamp_agrees:
        return Finding("ok", "machine stamp", f"The machine stamp {stamp} names the byte order that the file has, {order}.")
    sentence = f"The machine stamp {stamp} does not name the byte order of the file, {order}, which is used; other programs may refuse it."
    return Finding("warning", "machine stamp", sentence)


def _axes(header: MapHeader) -> Finding:
    if header.axes == (1, 2, 3):
        return Finding("ok", "axis order", "Columns, rows and sections run along x, y, z.")
    if header.axes == (0, 0, 0):
        return Finding(
            "warning", "axis order", "The header gives no axis order and x, y, z is assumed; compare the map with a model placed in it."
        )
    names = ", ".join(" xyz"[axis] for axis in header.axes)
    sentence = f"Columns, rows and sections run along {names}; they are turned here, but a program that ignores that shows the map askew."
    return Finding("warning", "axis order", sentence)


def _cell(header: MapHeader, geometry: MapGeometry) -> list[Finding]:
    if not (np.isfinite(header.cell).all() and min(header.cell) > 0):
        sentence = "The header gives no cell, so voxels of 1 Å are assumed; set the voxel size from the paper or the database entry."
        return [Finding("warning", "cell", sentence)]
    found = []
    shape, sampling = np.array(header.shape_xyz), np.array(header.sampling)
    step = ", ".join(f"{length:.4g}" for length in geometry.step)
    if (sampling <= 0).any():
        found.append(
            Finding(
                "warning",
                "cell",
                f"The header gives no sampling (mx, my, mz), so the cell is taken for the box, {step} Å a voxel; check that.",
            )
        )
    elif (shape == sampling).all():
        found.append(Finding("ok", "cell", f"The cell is the box: {step} Å a voxel."))
    else:
        by_shape = ", ".join(f"{length:.4g}" for length in np.array(header.cell) / shape)
        part = (shape < sampling - 2).any()
        sentence = (
            f"The cell spans {sampling.tolist()} voxels but the box {shape.tolist()}; voxels are cell / sampling = {step} Å "
            f"(a program that divides by the box gets {by_shape} Å)"
        )
        found.append(
            Finding("note" if part else "warning", "cell", f"{sentence}{', as in a part of a crystal.' if part else '; check the scale.'}")
        )
    if not geometry.orthogonal:
        angles = ", ".join(f"{angle:g}" for angle in geometry.angles)
        found.append(Finding("note", "cell angles", f"The cell angles are {angles}°; a fit uses the map resampled to an orthogonal grid."))
    elif np.ptp(geometry.step) > _ISOTROPY * geometry.step.max():
        found.append(Finding("warning", "voxel size", f"Voxels are not cubes ({step} Å); if the map is from cryo-EM, check its cell."))
    return found


def _origin(header: MapHeader, geometry: MapGeometry) -> Finding:
    origin, start = np.array(header.origin), np.array(header.start_xyz, np.float64)
    from_start = orthogonalisation(geometry.step, geometry.angles) @ start
    used = ", ".join(f"{x:.2f}" for x in geometry.origin)
    if not np.isfinite(origin).all() or (origin.any() and not np.allclose(origin, geometry.origin)):
        return Finding(
            "warning",
            "origin",
            f"The header's origin cannot be a position, so {used} Å from nstart is used; check it against a placed model.",
        )
    if not origin.any() and not start.any():
        return Finding(
            "note",
            "origin",
            "Origin and nstart are both 0: the first voxel is at 0, 0, 0; if the map was cut from a larger one, its place is lost.",
        )
    if origin.any() and start.any() and np.abs(origin - from_start).max() > 0.5 * geometry.step.max():
        other = ", ".join(f"{x:.2f}" for x in from_start)
        sentence = (
            f"Origin ({used} Å) and nstart ({other} Å) disagree; the origin is used, others may use nstart: compare with a placed model."
        )
        return Finding("warning", "origin", sentence)
    if not origin.any():
        return Finding(
            "note",
            "origin",
            f"The position is in nstart only: the first voxel is at {used} Å; a program that knows only the origin puts it at 0.",
        )
    return Finding("ok", "origin", f"The first voxel is at {used} Å.")


def _sampling(voxel: float, resolution: float) -> Finding:
    severity: Severity = "ok"
    if voxel > resolution:
        severity, what = "error", "the map cannot show this resolution at all: check the cell and the resolution"
    elif voxel > resolution / 2 * 1.001:
        severity, what = (
            "warning",
            f"no detail finer than {2 * voxel:.2f} Å can be in the map: give that as its resolution, or get a finer map",
        )
    else:
        what = "fine enough"
    return Finding(severity, "sampling", f"Voxels are {voxel:.3g} Å at a resolution of {resolution:g} Å; {what}.")
