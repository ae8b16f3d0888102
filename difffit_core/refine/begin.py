"""Where a model stands before it is bent: where its file has it, if that is in its density, or where a fit puts it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.errors import UserError
from difffit_core.fit.request import CancelFlag, FitResult, OnProgress
from difffit_core.fit.run import run_fit
from difffit_core.fit_warning import FitWarning
from difffit_core.periodic import around
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.refine.bending.pull import ROOM, cut_round
from difffit_core.refine.evidence import TOLD_APART, covered_volume, lead_in
from difffit_core.refine.request import RefineRequest
from difffit_core.refine.support import density_at
from difffit_core.residues import Residues
from difffit_core.split.limits import SMALLEST
from difffit_core.split.parts import Part, by_compactness, by_pae


@dataclass(frozen=True, eq=False)
class Begun:
    """The pose of the whole model, how it was found, its placement, and whether it, or a part of it, is no chance."""

    pose: Pose
    how: str
    placement: Placement | None
    certain: bool
    warnings: tuple[FitWarning, ...] = ()
    settled: bool = False
    """Whether each chain is where it belongs as a whole."""


def begin(request: RefineRequest, on_progress: OnProgress | None, cancel: CancelFlag | None) -> Begun:
    """Place the model as one rigid body.

    Raises
    ------
    UserError
        If no pose can be found.
    FitCancelled
        If it was cancelled before one was.
    """
    settings = request.settings
    here = None
    if settings.start != "fit":
        here = _in_place(request, on_progress, cancel)
        if here.certain or settings.start == "here":
            return here
    found = run_fit(request.fit_request(), on_progress, cancel)
    best = found.placements[0]
    if not best.verdict.is_chance or found.broken:
        return Begun(best.pose, "placed by a fit", best, True, found.warnings)
    part = _by_a_part(request, on_progress, cancel)
    if part is not None:
        return part
    if here is not None and _lies_in_density(request):
        return here
    return Begun(best.pose, "placed by a fit", best, False, found.warnings)


def _lies_in_density(request: RefineRequest) -> bool:
    """Whether the atoms of the model, where it stands, mostly lie where the map has more than it mostly has."""
    density, points = request.density_map, _stands(request).apply(request.model.fit_coordinates)
    return float(np.median(density_at(density, points))) > float(np.median(density.values))


def _in_place(request: RefineRequest, on_progress: OnProgress | None, cancel: CancelFlag | None) -> Begun:
    stands, how = _stands(request), "where its file has it" if request.pose is None else "where it was placed"
    try:
        found = run_fit(request.fit_request(stands), on_progress, cancel)
    except UserError as error:
        return Begun(stands, how, None, False, (FitWarning("start", f"{error}"),))
    best = found.placements[0]
    certain = not best.verdict.is_chance or bool(found.broken)
    moved = best.pose if _is_better(request, best.pose) else stands
    if moved is not stands:
        how += ", moved as one body to the nearest optimum"
    return Begun(moved, how, best, certain, found.warnings)


def _stands(request: RefineRequest) -> Pose:
    return request.pose or Pose.identity()


def _is_better(request: RefineRequest, pose: Pose) -> bool:
    """Whether the whole model correlates better there than where it stands, beyond chance."""
    model, stands = request.model, _stands(request)
    own, weights = model.fit_coordinates, model.fit_atomic_numbers.astype(np.float64)
    points = stands.apply(own)
    part = cut_round(around(request.density_map, points, ROOM), points)
    volume = covered_volume(part, points, weights, request.resolution)
    return lead_in(part, pose.apply(own), points, weights, request.resolution, volume) > TOLD_APART


def _by_a_part(request: RefineRequest, on_progress: OnProgress | None, cancel: CancelFlag | None) -> Begun | None:
    """The pose of the whole model that puts its most certain domain where that belongs; None where none is certain."""
    best: tuple[FitResult, Part] | None = None
    for part in domains(request):
        found = run_fit(replace(request.fit_request(), model=part.model), on_progress, cancel, thorough=False)
        if cancel is not None and cancel.is_set():
            break
        if best is None or found.placements[0].p_value < best[0].placements[0].p_value:
            best = found, part
    if best is None or best[0].placements[0].verdict.is_chance:
        return None
    placement, part = best[0].placements[0], best[1]
    said = FitWarning(
        "start", f"The whole model is not found in the map as one body; it was placed by a part of it, {part.ranges()}, which is."
    )
    return Begun(placement.pose, f"placed by a fit of {part.ranges()}", placement, True, (said,))


def domains(request: RefineRequest) -> list[Part]:
    """Parts that may move against one another; none where there is but one."""
    try:
        if request.pae is not None:
            parts = by_pae(request.model, request.pae)
        else:
            parts = by_compactness(request.model)
    except UserError:
        return []
    return parts if len(parts) > 1 or any(part.model.residue_count < request.model.residue_count - SMALLEST for part in parts) else []


def domain_labels(request: RefineRequest) -> NDArray[np.int64]:
    """The number of the part that may move against others of each residue (n,), -1 for none."""
    residues = Residues.of(request.model)
    labels = np.full(len(residues), -1, np.int64)
    for number, part in enumerate(domains(request)):
        labels[np.isin(residues.index, np.unique(part.model.residue_index))] = number
    return labels
