"""What a map's header says, contradicts or leaves open."""

import numpy as np

from difffit_core.doctor.finding import Finding, Severity
from difffit_core.io.map_geometry import MapGeometry
from difffit_core.io.map_header import MapHeader

_ISOTROPY = 0.01


def examine_header(header: MapHeader, geometry: MapGeometry, resolution: float | None, findings: list[Finding]) -> None:
    """Add all that the reader had to decide, and what else the header gives reason to say about axes, cell, voxel size and position."""
    decided = [Finding(note.severity, note.topic, note.sentence) for note in (*header.notes, *geometry.notes)]
    topics = {finding.topic for finding in decided}
    findings += decided
    if topics.isdisjoint({"machine stamp", "old file"}):
        order, stamp = ("little" if header.byte_order == "<" else "big"), header.machine_stamp.hex(" ")
        sentence = f"The machine stamp {stamp} names the byte order that the file has, {order}-endian."
        findings.append(Finding("ok", "machine stamp", sentence))
    if "axis order" not in topics:
        findings.append(Finding("ok", "axis order", "Columns, rows and sections run along x, y, z."))
    if "cell" not in topics:
        findings.append(_cell(header, geometry))
    if geometry.is_orthogonal and np.ptp(geometry.step) > _ISOTROPY * geometry.step.max():
        sentence = f"Voxels are not cubes ({_numbers(geometry.step)} Å); if the map is from cryo-EM, check its cell."
        findings.append(Finding("warning", "voxel size", sentence))
    if topics.isdisjoint({"origin", "skew"}):
        findings.append(_origin(header, geometry))
    if resolution is not None:
        findings.append(_sampling(float(geometry.step.max()), resolution))


def _cell(header: MapHeader, geometry: MapGeometry) -> Finding:
    shape, sampling = np.array(header.shape_xyz), np.array(header.sampling)
    step = _numbers(geometry.step)
    if (shape == sampling).all():
        return Finding("ok", "cell", f"The cell is the box: {step} Å a voxel.")
    by_shape = _numbers(np.array(header.cell) / shape)
    part = (shape < sampling - 2).any()
    sentence = (
        f"The cell spans {sampling.tolist()} voxels but the box {shape.tolist()}; voxels are cell / sampling = {step} Å "
        f"(a program that divides by the box gets {by_shape} Å)"
    )
    return Finding("note" if part else "warning", "cell", f"{sentence}{', as in a part of a crystal.' if part else '; check the scale.'}")


def _origin(header: MapHeader, geometry: MapGeometry) -> Finding:
    used = ", ".join(f"{x:.2f}" for x in geometry.origin)
    if not geometry.origin.any():
        return Finding(
            "note",
            "origin",
            "Origin and nstart are both 0: the first voxel is at 0, 0, 0; if the map was cut from a larger one, its place is lost.",
        )
    if header.is_old or not np.any(header.origin):
        return Finding(
            "note",
            "origin",
            f"The position is in nstart only: the first voxel is at {used} Å; a program that knows only the origin puts it at 0.",
        )
    return Finding("ok", "origin", f"The first voxel is at {used} Å.")


def _numbers(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


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
