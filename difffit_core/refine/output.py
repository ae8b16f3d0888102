"""The files of a bent model: the model itself, a table of its residues, and the data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.escaping.tables import TableWriter
from difffit_core.io.files import atomic_write
from difffit_core.io.models import beyond_pdb, moved_structure, write_structure
from difffit_core.io.tables import write_json_atomic
from difffit_core.output import Place, write_together
from difffit_core.pose import Pose
from difffit_core.refine.request import RefineRequest, RefineResult

if TYPE_CHECKING:
    import gemmi

    from difffit_core.project.refinements import BentArrays, RefinementRecord

SCHEMA = 1
COLUMNS = ("chain", "residue", "name", "local_correlation_before", "local_correlation_after", "moved", "supported")
NAMES = r"refined\.(cif|pdb|csv|json)|report\.html"
"""Names of the files of a bent model."""


def write_refined(
    place: Place,
    request: RefineRequest,
    result: RefineResult,
    *,
    details: Mapping[str, Any],
    timing: Mapping[str, float],
    command: str,
    b_factors: str = "kept",
    notes: Sequence[str] = (),
    provenance: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write ``refined.cif`` (and ``refined.pdb`` where that holds it), ``refined.csv`` with a line a residue, and ``refined.json``.

    Parameters
    ----------
    place : a folder, made if it is not there; all of the files appear, or none
    details : what was asked for, beside the settings
    timing : seconds by stage
    command : the command line that repeats it
    notes : what to say beside what the readers of map and model said
    provenance : as `difffit_core.provenance.provenance` tells it
    b_factors : "kept" as the model has them, or "correlation": 100 times the local correlation of each residue

    Raises
    ------
    UserError
        If the place is in use, or something cannot be written.
    """
    structure = refined_structure(request.model, result, b_factors)
    writers: dict[str, Any] = {"refined.cif": partial(write_structure, structure=structure)}
    if not beyond_pdb(structure):
        writers["refined.pdb"] = partial(write_structure, structure=structure)
    writers["refined.csv"] = partial(write_residues, result=result)
    document = refined_document(
        request, result, details=details, timing=timing, command=command, b_factors=b_factors, notes=notes, provenance=provenance
    )
    if provenance is not None:
        from difffit_core.refine.report import write_refined_report

        writers["report.html"] = partial(write_refined_report, request=request, result=result, provenance=provenance)
    writers["refined.json"] = partial(write_json_atomic, data=document)
    return write_together(place, writers, command="refine", names=NAMES)


def refined_document(
    request: RefineRequest,
    result: RefineResult,
    *,
    details: Mapping[str, Any],
    timing: Mapping[str, float],
    command: str,
    b_factors: str = "kept",
    notes: Sequence[str] = (),
    provenance: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What `refined.json` holds; parameters as for `write_refined`."""
    placement = result.placement
    return {
        "schema": SCHEMA,
        "map": str(request.density_map.path or request.density_map.name),
        "model": str(request.model.path or request.model.name),
        "settings": {**details, **request.settings.model_dump(mode="json"), "b_factors": b_factors},
        "timing": {name: round(seconds, 4) for name, seconds in timing.items()},
        "command": command,
        "began": result.began,
        "pose": {"rotation": result.pose.rotation.tolist(), "translation": result.pose.translation.tolist()},
        "p_value": None if placement is None else placement.p_value,
        "verdict": None if placement is None else str(placement.verdict),
        "rmsd_moved": round(result.rmsd_moved, 4),
        "local_correlation": {"before": _mean(result.before), "after": _mean(result.after)},
        "hinges": [one.to_dict() for one in result.hinges],
        "steps": [asdict(one) for one in result.steps],
        "geometry": result.geometry.to_dict(),
        "unsupported": unsupported(result),
        "cancelled": result.cancelled,
        "warnings": [asdict(one) for one in result.warnings],
        "notes": [*request.density_map.notes, *request.model.notes, *notes],
        **({} if provenance is None else {"provenance": dict(provenance)}),
    }


def unsupported(result: RefineResult) -> list[dict[str, Any]]:
    """Stretches of residues without density."""
    residues = result.residues
    found: list[dict[str, Any]] = []
    for i in np.flatnonzero(~result.supported).tolist():
        chain, number = str(residues.chains[i]), int(residues.numbers[i])
        if found and found[-1]["index"] == i - 1 and found[-1]["chain"] == chain:
            found[-1] |= {"to": number, "index": i}
        else:
            found.append({"chain": chain, "from": number, "to": number, "index": i})
    return [{name: value for name, value in one.items() if name != "index"} for one in found]


def refined_structure(model: AtomicModel, result: RefineResult, b_factors: str = "kept") -> "gemmi.Structure":
    """Everything that was read of the model, bent; where atoms left their rigid place, anisotropic displacements no longer hold and go."""
    values = _b_factors(model, result.residues.index, result.after) if b_factors == "correlation" else None
    return _bent(model, result.pose, result.coordinates, values)


def bent_structure(model: AtomicModel, record: "RefinementRecord", arrays: "BentArrays") -> "gemmi.Structure":
    """The same of a refinement that a project holds; ``model`` is all that was read of the file."""
    subject = model.select_chains(record.recipe.chains)
    values = _b_factors(subject, arrays.index, arrays.after) if record.recipe.b_factors == "correlation" else None
    return _bent(subject, record.pose.pose(), arrays.coordinates, values)


def _bent(model: AtomicModel, pose: Pose, coordinates: Array, values: Array | None) -> "gemmi.Structure":
    import gemmi

    structure = moved_structure(model, pose)
    off = np.linalg.norm(coordinates - pose.apply(model.coordinates), axis=1) > 0.01
    for number, atom in enumerate(atom for chain in structure[0] for residue in chain for atom in residue):
        atom.pos = gemmi.Position(*coordinates[number].tolist())
        if off[number]:
            atom.aniso = gemmi.SMat33f(0, 0, 0, 0, 0, 0)
        if values is not None:
            atom.b_iso = float(values[number])
    return structure


def write_residues(path: Path, result: RefineResult) -> None:
    """Write one line a residue under a header of `COLUMNS`; correlations, the distance moved in Å, and whether density supports it."""
    residues = result.residues
    with atomic_write(Path(path)) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = TableWriter(stream)
        writer.writerow(COLUMNS)
        for i in range(len(residues)):
            numbers = (round(float(column[i]), 4) for column in (result.before, result.after, result.moved))
            writer.writerow([residues.chains[i], residues.numbers[i], residues.names[i], *numbers, bool(result.supported[i])])


def _b_factors(model: AtomicModel, index: NDArray[np.integer], after: Array) -> Array:
    """100 times the local correlation of each atom's residue (N,), at least 0; that of atoms without one is kept."""
    values = model.b_factors.astype(np.float64)
    at = np.searchsorted(index, model.residue_index)
    at = np.minimum(at, len(index) - 1)
    known = index[at] == model.residue_index
    values[known] = 100 * np.maximum(after[at[known]], 0)
    return values


def _mean(values: Array) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
