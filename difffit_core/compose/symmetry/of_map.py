"""The symmetry of the map itself, where a composite is to go by it: found once, and the copies that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.align.symmetry import find_symmetry
from difffit_core.compose.body import Body
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.groups.group import Group
from difffit_core.groups.standing import Standing
from difffit_core.pose import Pose, PoseBatch
from difffit_core.target import Target


@dataclass(frozen=True, eq=False)
class OfMap:
    """What symmetry a map has: ``standing``, None for none that is of use, and what there is to ``say``, one sentence."""

    standing: Standing | None
    say: str


def symmetry_of(
    target: Target,
    wanted: Group | None,
    seed: int,
    device: str,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
) -> OfMap:
    """Find the symmetry of a map; a ``wanted`` group is looked for in it.

    Raises
    ------
    FitCancelled
        If it was cancelled.
    """
    found = find_symmetry(target, seed, device, None, on_progress, cancel)
    standing = found.standing
    if standing is None:
        return OfMap(None, f"the map has no symmetry of its own ({found.next_best:.2f} like itself at best): copies are found one by one")
    part = standing if wanted is None else standing.within(wanted)
    alike = f"the map itself has the symmetry {standing} ({found.weakest:.2f} like itself under its weakest move, p = {found.p_value:.1g})"
    return OfMap(part, alike if part is not None else f"{alike}, which holds no {wanted}")


def images(body: Body, poses: Sequence[Pose], standing: Standing, density_map: DensityMap, apart: float) -> list[Pose]:
    """Where the symmetry takes copies of a model: each place once, none that is taken, and none with its middle outside the map's box.

    Two poses whose RMSD is below ``apart`` (Å) are one place.
    """
    moves = standing.moves(float(np.linalg.norm(density_map.box)))
    low, high = density_map.origin, density_map.origin + density_map.box
    there: list[Pose] = []
    for pose in poses:
        moved = moves.compose(PoseBatch.of([pose]))
        centres = body.centres(moved)
        for i in np.flatnonzero(((centres >= low) & (centres <= high)).all(axis=1)):
            one = PoseBatch.of([moved[int(i)]])
            if body.rmsd(one, PoseBatch.of([*poses, *there])).min() >= apart:
                there.append(moved[int(i)])
    return there
