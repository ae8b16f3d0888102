"""The symmetry of a map for what is to go by it: fits, composites, assemblies."""

from dataclasses import replace

from difffit_core.align.symmetry import find_symmetry
from difffit_core.errors import UserError
from difffit_core.fit.request import CancelFlag, FitRequest, OnProgress
from difffit_core.groups.asked import group_of
from difffit_core.groups.group import Group
from difffit_core.groups.standing import OfMap
from difffit_core.target import Target


def symmetry_of(
    target: Target,
    wanted: Group | None,
    seed: int,
    device: str,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
    threads: int | None = None,
) -> OfMap:
    """Find the symmetry of a map; a ``wanted`` group is looked for in it.

    Raises
    ------
    FitCancelled
        If it was cancelled.
    """
    found = find_symmetry(target, seed, device, threads, on_progress, cancel)
    standing = found.standing
    if standing is None:
        return OfMap(None, f"the map has no symmetry of its own ({found.next_best:.2f} like itself at best)")
    part = standing if wanted is None else standing.within(wanted)
    alike = f"the map itself has the symmetry {standing} ({found.weakest:.2f} like itself under its weakest move, p = {found.p_value:.1g})"
    return OfMap(part, alike if part is not None else f"{alike}, which holds no {wanted}")


def in_symmetry(request: FitRequest, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None) -> FitRequest:
    """A fit with the symmetry of its map, where that is asked for; the same fit where it is not.

    Raises
    ------
    UserError
        If a group is asked for by name that the map does not have.
    FitCancelled
        If it was cancelled.
    """
    if not request.wants_of_map:
        return request
    wanted = group_of(request.symmetry)
    found = symmetry_of(request.target, wanted, request.seed, request.device, on_progress, cancel, request.threads)
    if wanted is not None and found.standing is None:
        name = request.density_map.path or request.density_map.name
        raise UserError(f"{name}: symmetry must be one that the map has, got {wanted}: {found.say}")
    return replace(request, of_map=found)
