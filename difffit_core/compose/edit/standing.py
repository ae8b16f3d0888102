"""A composite as it stands, made by hand or computed, examined as one that was just computed."""

from collections.abc import Mapping

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.assembly import PlacedCopy
from difffit_core.compose.candidates.evidence import p_of_assembly
from difffit_core.compose.candidates.overlap import clashes
from difffit_core.compose.edit.accepted import placed_models
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.residual import residual
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.settings import ComposeSettings
from difffit_core.compose.symmetry.find import Symmetry, find_symmetry
from difffit_core.compose.workshop import near_enough
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.project.composites import CompositeRecord
from difffit_core.target import Target


def examine(
    composite: CompositeRecord,
    round_id: str | None,
    target: Target,
    models: Mapping[str, AtomicModel],
) -> tuple[ComposeRequest, ComposeResult]:
    """What was accepted down to a round, as request and result of a composite: its symmetries, clashes and what it leaves are found.

    Parameters
    ----------
    target : the composite's map and how it is read
    models : by id, as they were read from their files

    Raises
    ------
    UserError
        If nothing is accepted there, or a model has not the recorded chains.
    """
    copies = accepted_copies(composite, round_id)
    if not copies:
        raise UserError(f"{composite.name} has no accepted placement in this round")
    bodies, placed = placed_models(copies, models)
    counts = [sum(body == index for body, _ in placed) for index in range(len(bodies))]
    shares = clashes([pose.apply(bodies[body].coordinates) for body, pose in placed])
    numbers = [sum(other == body for other, _ in placed[: place + 1]) for place, (body, _) in enumerate(placed)]
    found = tuple(
        PlacedCopy(body, number, pose, dict(copy.chains), copy.local_correlation, copy.z_score, copy.p_value, float(share), copy.source)
        for copy, (body, pose), number, share in zip(copies, placed, numbers, shares, strict=True)
    )
    symmetries: dict[int, Symmetry] = {}
    for index, body in enumerate(bodies):
        poses = [pose for which, pose in placed if which == index]
        symmetry = find_symmetry(body, poses, near_enough(target.resolution)) if len(poses) > 1 else None
        if symmetry is not None:
            symmetries[index] = symmetry
    solve = composite.solve
    wanted = tuple(Wanted(body.model, count) for body, count in zip(bodies, counts, strict=True))
    request = ComposeRequest(target, wanted, ComposeSettings(), FitSettings(), solve.recipe.seed if solve else 0)
    result = ComposeResult(
        copies=found,
        p_value=p_of_assembly([(copy.body, copy.p_value) for copy in found], len(bodies)),
        score=(solve.score or 0.0) if solve else 0.0,
        proven=False,
        symmetries=symmetries,
        residual=residual(target, bodies, placed, [copy.chains for copy in copies]),
        alternative=None,
        fits=(),
        rounds=(),
        dropped=(),
        notes=solve.notes if solve else (),
        device=solve.recipe.device if solve else "cpu",
        timing=dict(solve.timing) if solve else {},
        cancelled=solve.cancelled if solve else False,
    )
    return request, result
